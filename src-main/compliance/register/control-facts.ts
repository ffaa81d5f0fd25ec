import { startOfDay } from '#shared/calendar.ts';
import type { PeriodCell } from '#shared/ipc/compliance-views.ts';
import type { ControlId, ControlStatus, Frequency } from '#shared/model/control.ts';
import type { ReportException, Window } from '#shared/model/report.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { CONTROLS } from '../controls/controls.ts';
import { DAY } from '../controls/record-values.ts';
import type { EvaluatedPeriod } from '../evaluation/evaluation.ts';
import {
  countPeriods,
  dueAfter,
  frequencyAt,
  iso,
  missedPeriods,
  type PeriodFacts,
  periodEnd,
  periodsOf,
  type Span,
} from '../evaluation/periods.ts';
import type { ControlCounts, RegisterSnapshot } from '../evaluation/register-snapshot.ts';
import type { RegisterEntry } from './register-state.ts';
import { judgeStatus } from './status.ts';
import { heedUnsound, integrityExceptions } from './unsound.ts';

const NOTHING: ControlCounts = {
  days: {},
  total: 0,
  last: null,
  newest: [],
  exceptions: [],
  cadence: [],
  inForceSince: null,
};

/** What a control did in the last twelve months, and what follows from it. */
export interface ControlFacts {
  readonly control: ControlDefinition;
  readonly entry: RegisterEntry | null;
  readonly counts: ControlCounts;
  readonly frequency: Frequency;
  readonly status: ControlStatus;
  readonly reasons: readonly string[];
  readonly periods: readonly EvaluatedPeriod[];
  readonly weeks: readonly PeriodCell[];
  readonly occurrences: { readonly expected: number; readonly actual: number };
  /** When the next occurrence had to be after the newest one, milliseconds; null: nothing yet, or no cadence. */
  readonly due: number | null;
  /** Of the window, missed periods among them, and all that are open, whatever the window; these first, then the newest. */
  readonly exceptions: readonly ReportException[];
  /** Days of the window with something on them, ascending. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

/** The last twelve months up to the end of today, whole days of UTC: what is counted by day is then counted exactly. */
export function windowAt(now: number): Window {
  const end = startOfDay(now) + DAY;
  const year = new Date(end);
  year.setUTCFullYear(year.getUTCFullYear() - 1);
  return { from: year.toISOString(), to: new Date(end).toISOString() };
}

/** Of every control, in the order of the register. `snapshot` null: nothing was counted yet. */
export function factsOf(snapshot: RegisterSnapshot | null, now: number): readonly ControlFacts[] {
  return CONTROLS.map((control) => factsOfControl(control, snapshot, now));
}

export function factsOfControl(
  control: ControlDefinition,
  snapshot: RegisterSnapshot | null,
  now: number,
): ControlFacts {
  const window = windowAt(now);
  const span: Span = { from: Date.parse(window.from), to: Date.parse(window.to) };
  const counts = ofControl(snapshot?.controls, control.id) ?? NOTHING;
  const entry = ofControl(snapshot?.state.controls, control.id) ?? null;
  const at = snapshot === null ? now : latestOf(snapshot);
  const all = Object.entries(counts.days).map(([day, count]) => ({ day, count, from: Date.parse(day) }));
  const within = all.filter(({ from }) => from >= span.from && from < span.to);
  const facts: PeriodFacts = {
    frequency: control.frequency,
    cadence: counts.cadence,
    inForceSince: counts.inForceSince,
    lastTime: at,
    count: (from, to) => sum(within.filter((one) => one.from >= from && one.from < to)),
  };
  const frequency = frequencyAt(facts, at);
  const periods = periodsOf(facts, span);
  const missed = missedPeriods(control.id, periods, () => null).map((one) => caughtUp(one, counts, all));
  const open = counts.exceptions.filter(({ state }) => state === 'open');
  const isWithin = ({ time }: ReportException) => time === null || (time >= window.from && time < window.to);
  const found = counts.exceptions.filter((one) => one.state === 'open' || isWithin(one));
  const unsound = snapshot?.unsound ?? null;
  const exceptions = [...integrityExceptions(control.id, unsound), ...found, ...missed].sort(openFirst);
  const due = counts.last === null ? null : dueAfter(facts, Date.parse(counts.last.time));
  const judged =
    snapshot === null
      ? { status: 'gap' as const, reasons: ['No record has been counted yet.'] }
      : judgeStatus({ control: control.id, entry, frequency, last: counts.last, due, open, at });
  const actual = sum(within);
  const wrong = counts.exceptions.filter(isWithin).length;
  return {
    control,
    entry,
    counts,
    frequency,
    ...heedUnsound(control.id, judged, unsound),
    periods,
    weeks: weeksOf(facts, span, periods),
    occurrences: periods.length === 0 ? { expected: actual + wrong, actual } : countPeriods(periods),
    due,
    exceptions,
    days: within.map(({ day, count }) => ({ day, count })),
  };
}

/** As of when what is open is judged: the latest time on record, milliseconds. */
export function latestOf({ asOf, latest = asOf.time }: RegisterSnapshot): number {
  return Date.parse(latest);
}

function ofControl<T>(table: Readonly<Record<ControlId, T>> | undefined, id: ControlId): T | undefined {
  return table !== undefined && Object.hasOwn(table, id) ? table[id] : undefined;
}

function sum(days: readonly { readonly count: number }[]): number {
  return days.reduce((total, { count }) => total + count, 0);
}

/**
 * A missed period is put right by the first occurrence after it. By which record is known when it is among the newest;
 * a report, which reads them all, always says.
 */
function caughtUp(
  missed: ReportException,
  { newest }: ControlCounts,
  days: readonly { readonly day: string; readonly from: number }[],
): ReportException {
  const end = missed.time;
  if (end === null || !days.some(({ from }) => from >= Date.parse(end))) return missed;
  const before = newest.some(({ time, counted = time }) => counted < end);
  const first = newest.findLast(({ time, counted = time }) => counted >= end);
  return { ...missed, state: 'fixed', fixedBy: before && first !== undefined ? first.seq : null };
}

/** The window week by week, whatever the cadence: where something was, and where something should have been. */
function weeksOf(facts: PeriodFacts, { from, to }: Span, periods: readonly EvaluatedPeriod[]): readonly PeriodCell[] {
  const missed = periods
    .filter(({ state }) => state === 'missed')
    .map((period) => ({ from: Date.parse(period.from), to: Date.parse(period.to) }));
  const cells: PeriodCell[] = [];
  for (let start = from, number = 1; start < to; number++) {
    const end = periodEnd(from, 'weekly', number);
    const count = facts.count(start, Math.min(end, to));
    const isMissed = missed.some((period) => start < period.to && period.from < end);
    const isAhead = end > Math.min(to, facts.lastTime);
    const state = count > 0 ? 'met' : isMissed ? 'missed' : isAhead ? 'not-due' : 'no-data';
    cells.push({ from: iso(start), to: iso(end), count, state });
    start = end;
  }
  return cells;
}

function openFirst(a: ReportException, b: ReportException): number {
  if (a.state !== b.state) return a.state === 'open' ? -1 : 1;
  const [left, right] = [a.time ?? '', b.time ?? ''];
  if (left !== right) return left > right ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
