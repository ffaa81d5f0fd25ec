import type { TrailQuery } from '#shared/ipc/views.ts';
import { formatLocal } from '../../format/times.ts';
import { OUTCOME_WORDS } from '../../format/words.ts';
import type { TimePreset, TrailFilter } from '../../navigation/route.ts';

const HOUR = 3_600_000;
const SPANS: Readonly<Record<TimePreset, number>> = { hour: HOUR, day: 24 * HOUR, week: 168 * HOUR, month: 720 * HOUR };

export const PRESET_NAMES: Readonly<Record<TimePreset, string>> = {
  hour: 'last hour',
  day: 'last 24 hours',
  week: 'last 7 days',
  month: 'last 30 days',
};

/** The query of a filter, its time range counted back from `now`. */
export function queryOf(filter: TrailFilter, now: number): Omit<TrailQuery, 'limit' | 'before'> {
  const { range, ...rest } = filter;
  return range === undefined ? rest : { ...rest, from: new Date(now - SPANS[range]).toISOString() };
}

export type FilterChange = Partial<Record<keyof TrailFilter, string>>;

/**
 * A filter with some members set, or taken out when they are empty. An action of another category goes with its category,
 * and a range counted back from now with a range by the clock.
 */
export function setFilter(filter: TrailFilter, change: FilterChange): TrailFilter {
  const merged: Partial<Record<keyof TrailFilter, string | undefined>> = { ...filter, ...change };
  if (merged.category !== undefined && merged.category !== '' && !merged.action?.startsWith(`${merged.category}.`)) {
    merged.action = undefined;
  }
  if (change.range) [merged.from, merged.to] = [undefined, undefined];
  else if (change.from || change.to) merged.range = undefined;
  const kept = Object.entries(merged).filter(([, value]) => value !== undefined && value.trim() !== '');
  return Object.fromEntries(kept) as TrailFilter;
}

export function isFiltered(filter: TrailFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

export interface FilterChip {
  readonly member: keyof TrailFilter;
  readonly name: string;
  readonly value: string;
}

/** What is narrowed, each to be taken out by itself, in the order of the bar. */
export function chipsOf(filter: TrailFilter): readonly FilterChip[] {
  const chips: FilterChip[] = [];
  const add = (member: keyof TrailFilter, name: string, show = (value: string) => value) => {
    const value = filter[member];
    if (value !== undefined) chips.push({ member, name, value: show(value) });
  };
  add('text', 'Text');
  add('range', 'Time', () => PRESET_NAMES[filter.range ?? 'hour']);
  add('from', 'From', (value) => formatLocal(new Date(value)));
  add('to', 'To', (value) => formatLocal(new Date(value)));
  add('category', 'Category');
  add('action', 'Action');
  add('outcome', 'Outcome', () => OUTCOME_WORDS[filter.outcome ?? 'success'].word.toLowerCase());
  add('actor', 'Actor');
  add('target', 'Target');
  add('incident', 'Incident');
  return chips;
}

/** "#1234" in the search field is the number of a record to go to. */
export function recordNumber(text: string): number | null {
  const digits = /^#\s?([1-9]\d{0,14})$/.exec(text.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

/** A moment as a field for local date and time has it ("2026-11-20T10:09:31"); '' for none. */
export function toLocalField(iso: string | undefined): string {
  return iso === undefined ? '' : formatLocal(new Date(iso)).replace(' ', 'T');
}

/** The other way; '' for what is no date. `end`: to the last millisecond of that second. */
export function fromLocalField(value: string, end = false): string {
  const time = Date.parse(value); // without a zone it is local time (ECMA-262)
  return Number.isNaN(time) ? '' : new Date(time + (end ? 999 : 0)).toISOString();
}
