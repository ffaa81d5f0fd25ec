import { addMonths } from '#shared/calendar.ts';
import type { ControlId, Frequency } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import type { EvaluatedPeriod } from './evaluation.ts';

/**
 * From when on a control has to be seen how often. Milliseconds, UTC; in the order of the records that said so, which is
 * that of their times.
 */
export interface CadenceChange {
  readonly time: number;
  readonly frequency: Frequency;
}

/** What is known of a control that its periods come out of. */
export interface PeriodFacts {
  /** As it is defined, before anybody changed it. */
  readonly frequency: Frequency;
  readonly cadence: readonly CadenceChange[];
  /** Milliseconds; null when it never was. */
  readonly inForceSince: number | null;
  /** The latest time of any record counted. */
  readonly lastTime: number;
  /** Occurrences from `from`, included, to `to`, not. */
  count(from: number, to: number): number;
}

/** Milliseconds: from included, to not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 60 * 60 * 1000;
const MONTHS = { monthly: 1, quarterly: 3, semiannual: 6, annual: 12 } as const;
/** More are not made: 27 years of days. */
const MOST_PERIODS = 10_000;

/** The end of the `number`th period (from 1) after an anchor, UTC; a month without that day ends on its last. */
export function periodEnd(anchor: number, frequency: Exclude<Frequency, 'event'>, number: number): number {
  switch (frequency) {
    case 'daily':
      return anchor + number * DAY;
    case 'weekly':
      return anchor + number * 7 * DAY;
    case 'monthly':
    case 'quarterly':
    case 'semiannual':
    case 'annual':
      return addMonths(anchor, number * MONTHS[frequency]);
  }
}

/** The cadence in force at an instant: by the newest change up to then. */
export function frequencyAt(facts: Pick<PeriodFacts, 'frequency' | 'cadence'>, instant: number): Frequency {
  let found = facts.frequency;
  let since = Number.NEGATIVE_INFINITY;
  for (const { time, frequency } of facts.cadence) {
    if (time > instant || time < since) continue;
    found = frequency;
    since = time;
  }
  return found;
}

/**
 * The periods of a window, one after the other from its beginning, each of the cadence in force when it begins; those of
 * months are counted from where that cadence began to be followed, so that the 31st stays the 31st. A change to a more
 * frequent one ends the running period and begins the next at once; one to a less frequent begins with the next period, so
 * that no period that runs is made longer. None while it is each time. The last one may end after the window: it is then
 * not due.
 */
export function periodsOf(facts: PeriodFacts, window: Span): EvaluatedPeriod[] {
  const periods: EvaluatedPeriod[] = [];
  let anchor = window.from;
  let followed: Frequency | null = null;
  let number = 0;
  for (let from = window.from; from < window.to && periods.length < MOST_PERIODS; ) {
    const frequency = frequencyAt(facts, from);
    if (frequency === 'event') {
      followed = null;
      from = nextChange(facts, from, window.to);
      continue;
    }
    if (frequency !== followed) {
      anchor = from;
      followed = frequency;
      number = 0;
    }
    const end = periodEnd(anchor, frequency, ++number);
    const cut = tightened(facts, frequency, { from, to: Math.min(end, window.to) });
    const to = cut ?? end;
    const count = facts.count(from, Math.min(to, window.to));
    const state = stateOf(facts, { from, to }, count, cut === null ? window.to : null);
    periods.push({ from: iso(from), to: iso(to), count, state });
    from = to;
  }
  return periods;
}

/** When the next occurrence has to have been after one at `last`; null while it is each time. Milliseconds. */
export function dueAfter(facts: Pick<PeriodFacts, 'frequency' | 'cadence'>, last: number): number | null {
  let from = last;
  for (;;) {
    const frequency = frequencyAt(facts, from);
    if (frequency === 'event') return null;
    const to = periodEnd(from, frequency, 1);
    const cut = tightened(facts, frequency, { from, to });
    if (cut === null) return to;
    from = cut;
  }
}

const RARITY: Readonly<Record<Frequency, number>> = {
  daily: 0,
  weekly: 1,
  monthly: 2,
  quarterly: 3,
  semiannual: 4,
  annual: 5,
  event: 6,
};

/** Whether a cadence asks for a control to be seen less often than another one. */
export function isLooser(next: Frequency, before: Frequency): boolean {
  return RARITY[next] > RARITY[before];
}

/** When in a running period, after its beginning, a more frequent cadence came into force. */
function tightened(facts: Pick<PeriodFacts, 'cadence'>, running: Frequency, { from, to }: Span): number | null {
  const { cadence } = facts;
  for (const [index, { time, frequency }] of cadence.entries()) {
    if (time <= from || time >= to || cadence[index + 1]?.time === time) continue;
    if (isLooser(running, frequency)) return time;
  }
  return null;
}

function nextChange({ cadence }: Pick<PeriodFacts, 'cadence'>, after: number, end: number): number {
  return cadence.reduce((next, { time }) => (time > after && time < next ? time : next), end);
}

/** `end` null: the period was ended by another cadence before it was due. */
function stateOf(facts: PeriodFacts, { from, to }: Span, count: number, end: number | null): EvaluatedPeriod['state'] {
  if (count > 0) return 'met';
  if (facts.inForceSince === null || from < facts.inForceSince) return 'no-data';
  return end === null || to > Math.min(end, facts.lastTime) ? 'not-due' : 'missed';
}

export function iso(instant: number): string {
  return new Date(instant).toISOString();
}

/** What a cadence asked for, and what there was of it. */
export function countPeriods(periods: readonly EvaluatedPeriod[]): { expected: number; actual: number } {
  const actual = periods.filter(({ state }) => state === 'met').length;
  return { expected: actual + periods.filter(({ state }) => state === 'missed').length, actual };
}

/**
 * Each missed period is an exception by itself. It stays one although it was caught up later: `fixed` by the first
 * occurrence at or after its end.
 */
export function missedPeriods(
  control: ControlId,
  periods: readonly EvaluatedPeriod[],
  firstFrom: (instant: number) => number | null,
): ReportException[] {
  return periods
    .filter(({ state }) => state === 'missed')
    .map(({ from, to }) => {
      const fixedBy = firstFrom(Date.parse(to));
      const text = `It was not seen operating between ${from} and ${to}, as its cadence asks.`;
      const kind = 'missed-period';
      const id = `${control}:${kind}:${from.slice(0, 10)}`;
      return { id, control, kind, text, seq: null, time: to, state: fixedBy === null ? 'open' : 'fixed', fixedBy };
    });
}
