import type { TrailQuery } from '#shared/ipc/views.ts';
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

/** A filter with one member set, or taken out when it is empty. An action of another category goes with its category. */
export function setFilter(filter: TrailFilter, change: Partial<Record<keyof TrailFilter, string>>): TrailFilter {
  const merged: Partial<Record<keyof TrailFilter, string | undefined>> = { ...filter, ...change };
  if (merged.category !== undefined && merged.category !== '' && !merged.action?.startsWith(`${merged.category}.`)) {
    merged.action = undefined;
  }
  const kept = Object.entries(merged).filter(([, value]) => value !== undefined && value.trim() !== '');
  return Object.fromEntries(kept) as TrailFilter;
}

export function isFiltered(filter: TrailFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
