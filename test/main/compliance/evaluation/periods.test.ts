import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countPeriods,
  dueAfter,
  frequencyAt,
  missedPeriods,
  type PeriodFacts,
  periodEnd,
  periodsOf,
} from '#main/compliance/evaluation/periods.ts';

const at = (day: string) => Date.parse(day.length === 10 ? `${day}T00:00:00.000Z` : day);
const window = (from: string, to: string) => ({ from: at(from), to: at(to) });

function facts(times: readonly string[], more: Partial<PeriodFacts> = {}): PeriodFacts {
  const instants = times.map(at);
  return {
    frequency: 'monthly',
    cadence: [],
    inForceSince: at('2020-01-01'),
    lastTime: at('2030-01-01'),
    count: (from, to) => instants.filter((time) => time >= from && time < to).length,
    ...more,
  };
}

const short = (one: PeriodFacts, span: { from: number; to: number }) =>
  periodsOf(one, span).map(({ from, to, count, state }) => `${from.slice(0, 10)} ${to.slice(0, 10)} ${count} ${state}`);

describe('periods', () => {
  test('a month that has no such day ends on its last, and the next one goes on from the day it began with', () => {
    expect(short(facts([]), window('2024-01-31', '2024-05-31'))).toEqual([
      '2024-01-31 2024-02-29 0 missed',
      '2024-02-29 2024-03-31 0 missed',
      '2024-03-31 2024-04-30 0 missed',
      '2024-04-30 2024-05-31 0 missed',
    ]);
    expect(short(facts([], { frequency: 'annual' }), window('2024-02-29', '2026-02-28'))).toEqual([
      '2024-02-29 2025-02-28 0 missed',
      '2025-02-28 2026-02-28 0 missed',
    ]);
  });

  test('the time of day is kept', () => {
    expect(new Date(periodEnd(at('2025-11-30T22:15:00.500Z'), 'quarterly', 1)).toISOString()).toBe(
      '2026-02-28T22:15:00.500Z',
    );
  });

  test('a year of days has each of them, also the leap day', () => {
    const days = periodsOf(facts([], { frequency: 'daily' }), window('2024-01-01', '2025-01-01'));
    expect(days.length).toBe(366);
    expect(days.some(({ from }) => from.startsWith('2024-02-29'))).toBe(true);
    expect(periodsOf(facts([], { frequency: 'weekly' }), window('2025-01-01', '2026-01-01')).length).toBe(53);
  });

  test('a period is met by one occurrence; its end belongs to the next', () => {
    const times = ['2025-01-01', '2025-02-28T23:59:59.999Z', '2025-03-01'];
    expect(short(facts(times), window('2025-01-01', '2025-04-01'))).toEqual([
      '2025-01-01 2025-02-01 1 met',
      '2025-02-01 2025-03-01 1 met',
      '2025-03-01 2025-04-01 1 met',
    ]);
  });

  test('a period the window cuts, or the newest record, is not due; what lies beyond the window does not count', () => {
    const after = facts(['2025-03-20']);
    expect(short(after, window('2025-01-15', '2025-03-18'))).toEqual([
      '2025-01-15 2025-02-15 0 missed',
      '2025-02-15 2025-03-15 0 missed',
      '2025-03-15 2025-04-15 0 not-due',
    ]);
    const grown = facts([], { lastTime: at('2025-02-14') });
    expect(short(grown, window('2025-01-15', '2025-03-15')).map((line) => line.split(' ')[3])).toEqual([
      'not-due',
      'not-due',
    ]);
  });

  test('before the control was in force nothing could be missed', () => {
    const states = (since: number | null, times: string[] = []) =>
      periodsOf(facts(times, { inForceSince: since }), window('2025-01-01', '2025-04-01')).map(({ state }) => state);
    expect(states(at('2025-01-10'))).toEqual(['no-data', 'missed', 'missed']);
    expect(states(at('2025-02-01'))).toEqual(['no-data', 'missed', 'missed']);
    expect(states(null)).toEqual(['no-data', 'no-data', 'no-data']);
    expect(states(null, ['2025-02-03'])).toEqual(['no-data', 'met', 'no-data']);
  });

  test('the cadence in force when a period begins counts, not the one of today', () => {
    const cadence = [
      { time: at('2025-02-10'), frequency: 'quarterly' as const },
      { time: at('2025-06-05'), frequency: 'event' as const },
      { time: at('2025-10-07'), frequency: 'weekly' as const },
    ];
    expect(short(facts([], { cadence }), window('2025-01-01', '2025-10-20'))).toEqual([
      '2025-01-01 2025-02-01 0 missed',
      '2025-02-01 2025-03-01 0 missed',
      '2025-03-01 2025-06-01 0 missed',
      '2025-06-01 2025-09-01 0 missed',
      '2025-10-07 2025-10-14 0 missed',
      '2025-10-14 2025-10-21 0 not-due',
    ]);
    expect(frequencyAt({ frequency: 'monthly', cadence }, at('2025-07-01'))).toBe('event');
  });

  describe('a cadence that changes', () => {
    const to = (day: string, frequency: 'weekly' | 'monthly' | 'annual') => ({ time: at(day), frequency });

    test('to a more frequent one ends the running period and begins the next at once', () => {
      const annual = facts([], { frequency: 'annual', cadence: [to('2025-01-02', 'monthly')] });
      expect(short(annual, window('2025-01-01', '2025-04-01'))).toEqual([
        '2025-01-01 2025-01-02 0 not-due',
        '2025-01-02 2025-02-02 0 missed',
        '2025-02-02 2025-03-02 0 missed',
        '2025-03-02 2025-04-02 0 not-due',
      ]);
    });

    test('to a less frequent one makes no running period longer, and hides nothing for a moment', () => {
      const moment = [to('2024-12-31T23:59:00Z', 'annual'), to('2025-01-01T00:01:00Z', 'weekly')];
      const weekly = facts([], { frequency: 'weekly', cadence: moment });
      const periods = periodsOf(weekly, window('2025-01-01', '2025-03-01'));
      expect(periods.filter(({ state }) => state === 'missed')).toHaveLength(8);
      const later = facts([], { frequency: 'weekly', cadence: [to('2025-01-03', 'annual')] });
      expect(short(later, window('2025-01-01', '2025-03-01'))).toEqual([
        '2025-01-01 2025-01-08 0 missed',
        '2025-01-08 2026-01-08 0 not-due',
      ]);
    });

    test('is what the next occurrence is due by', () => {
      const due = (cadence: ReturnType<typeof to>[], frequency: 'weekly' | 'annual' = 'weekly') =>
        new Date(dueAfter({ frequency, cadence }, at('2025-01-01')) ?? 0).toISOString().slice(0, 10);
      expect(due([])).toBe('2025-01-08');
      expect(due([to('2025-01-03', 'annual')])).toBe('2025-01-08'); // looser, after it had begun
      expect(due([to('2024-12-03', 'annual')])).toBe('2026-01-01');
      expect(due([to('2025-03-01', 'monthly'), to('2025-03-03', 'weekly')], 'annual')).toBe('2025-03-10');
      expect(dueAfter({ frequency: 'event', cadence: [] }, at('2025-01-01'))).toBeNull();
    });

    test('leaves no missed period open that the newest occurrence is not overdue by', () => {
      const change = fc.record({
        time: fc.integer({ min: 0, max: 800 }).map((days) => at('2024-01-01') + days * 86_400_000),
        frequency: fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly', 'annual' as const),
      });
      fc.assert(
        fc.property(
          fc.array(change, { maxLength: 6 }),
          fc.integer({ min: 0, max: 700 }),
          fc.integer({ min: 0, max: 700 }),
          (changes, seen, begin) => {
            const cadence = changes.toSorted((a, b) => a.time - b.time) as PeriodFacts['cadence'];
            const last = at('2024-01-01') + seen * 86_400_000;
            const end = at('2026-06-01');
            const made = facts([], {
              cadence,
              lastTime: end,
              count: (from, to) => (last >= from && last < to ? 1 : 0),
            });
            const span = { from: at('2024-01-01') + begin * 86_400_000, to: end };
            const open = periodsOf(made, span).filter((one) => one.state === 'missed' && last < Date.parse(one.to));
            if (open.length > 0) expect(dueAfter(made, last)).toBeLessThan(end);
          },
        ),
      );
    });
  });

  test('a year of the first century is one', () => {
    expect(new Date(periodEnd(Date.parse('0050-01-31T00:00:00.000Z'), 'monthly', 1)).toISOString()).toBe(
      '0050-02-28T00:00:00.000Z',
    );
  });

  test('a window that lies in the future has nothing that is due', () => {
    const periods = periodsOf(facts([], { lastTime: at('2025-01-01') }), window('2026-01-01', '2026-04-01'));
    expect(countPeriods(periods)).toEqual({ expected: 0, actual: 0 });
    expect(periods.every(({ state }) => state === 'not-due')).toBe(true);
  });

  test('each missed one is an exception, put right by the first occurrence after it', () => {
    const periods = periodsOf(facts(['2025-02-03']), window('2025-01-01', '2025-04-01'));
    const missed = missedPeriods('OR-03', periods, (instant) => (instant <= at('2025-02-03') ? 41 : null));
    expect(missed.map(({ id, state, fixedBy, time, seq }) => [id, state, fixedBy, time, seq])).toEqual([
      ['OR-03:missed-period:2025-01-01', 'fixed', 41, '2025-02-01T00:00:00.000Z', null],
      ['OR-03:missed-period:2025-03-01', 'open', null, '2025-04-01T00:00:00.000Z', null],
    ]);
  });

  test('they follow each other without gap or overlap and cover the window', () => {
    const frequency = fc.constantFrom('daily', 'weekly', 'monthly', 'quarterly', 'semiannual', 'annual' as const);
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 400 }),
        frequency,
        (start, days, each) => {
          const span = { from: start.getTime(), to: start.getTime() + days * 86_400_000 };
          const periods = periodsOf(facts([], { frequency: each as 'daily' }), span);
          expect(Date.parse(periods[0]?.from ?? '')).toBe(span.from);
          expect(Date.parse(periods.at(-1)?.to ?? '')).toBeGreaterThanOrEqual(span.to);
          expect(Date.parse(periods.at(-1)?.from ?? '')).toBeLessThan(span.to);
          for (let index = 1; index < periods.length; index++) {
            expect(periods[index]?.from).toBe(periods[index - 1]?.to);
          }
        },
      ),
    );
  });
});
