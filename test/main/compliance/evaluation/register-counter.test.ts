import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RegisterCounter, SavedRegister } from '#main/compliance/evaluation/register-counter.ts';
import { TEST_RULES } from '../../../support/evidence-rules.ts';
import {
  changed,
  created,
  MADE_CHAIN,
  makeRecords,
  noted,
  role,
  setting,
  type Wanted,
} from '../../../support/made-records.ts';

const DAY = 86_400_000;
const day = (text: string) => `${text}T12:00:00.000Z`;

function counter(records: ReturnType<typeof makeRecords>, saved: SavedRegister | null = null): RegisterCounter {
  const bytesOf = (seq: number) => records[seq - 1]?.bytes ?? null;
  const made = new RegisterCounter({ rules: TEST_RULES, chain: MADE_CHAIN, tenant: 'acme', bytesOf }, saved);
  return made;
}

function count(wanted: readonly Wanted[]): RegisterCounter {
  const records = makeRecords(wanted);
  const made = counter(records);
  for (const { seq, bytes } of records) made.take(seq ?? 0, bytes);
  return made;
}

describe('the register', () => {
  test('is counted by day, with its newest occurrences and what is open', () => {
    const { controls, actions, asOf, begins, unreadable } = count([
      created(day('2026-01-01')),
      role(day('2026-01-02'), 'u-2', 'owner'),
      role(day('2026-01-02'), 'u-3', 'admin'),
      changed(day('2026-01-03'), 'TE-02', { kind: 'owner', previous: null }),
      changed(day('2026-01-04'), 'TE-01', { kind: 'cadence', previous: 'monthly', next: 'weekly' }),
      setting(day('2026-01-05'), 'boom'),
      role(day('2026-01-06'), 'u-2', 'viewer'),
    ]).snapshot();
    expect(controls['TE-01']).toMatchObject({
      days: { '2026-01-02': 2, '2026-01-06': 1 },
      total: 3,
      last: { seq: 7, time: day('2026-01-06') },
      newest: [{ seq: 7 }, { seq: 3 }, { seq: 2 }],
      exceptions: [
        { id: 'TE-01:owner-made:2', state: 'fixed', fixedBy: 7 },
        { id: 'TE-01:admin-open:3', state: 'open' },
      ],
      cadence: [{ time: Date.parse(day('2026-01-04')), frequency: 'weekly' }],
      inForceSince: Date.parse(day('2026-01-01')),
    });
    expect(controls['TE-02']?.inForceSince).toBe(Date.parse(day('2026-01-03')));
    expect(actions['tenant.user_role_changed']).toEqual({ year: 3, all: 3, lastSeq: 7 });
    expect([asOf.seq, begins, unreadable]).toEqual([7, day('2026-01-01'), 1]);
  });

  test('gone on with anywhere comes to the same as from the beginning', () => {
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('u-2', 'u-3', 'u-4'), fc.constantFrom('owner', 'admin', 'viewer')).map(
        ([user, next]) =>
          (time: string) =>
            role(time, user, next),
      ),
      fc.constant((time: string) => noted(time)),
      fc.constantFrom('boom', 'mild').map((name) => (time: string) => setting(time, name)),
      fc
        .constantFrom('daily', 'event', 'quarterly')
        .map((next) => (time: string) => changed(time, 'TE-01', { kind: 'cadence', previous: 'monthly', next })),
      fc.constant((time: string) => changed(time, 'TE-02', { kind: 'owner', previous: null })),
      fc.constant((time: string) => ({ ...noted(time), data: { note: 'in clear' } })),
      fc.constant((time: string) => ({
        action: 'tenant.report_generated',
        time,
        data: { framework: 'soc2', from: time, to: time, format: 'html', digest: 'a'.repeat(64) },
      })),
    );
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), step), { maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(40), { maxLength: 4 }), (list, cuts) => {
        let time = Date.UTC(2025, 0, 1);
        const wanted = [created(new Date(time).toISOString())];
        for (const [days, make] of list) {
          time += days * DAY;
          wanted.push(make(new Date(time).toISOString()));
        }
        const records = makeRecords(wanted);
        const whole = counter(records);
        let parted = counter(records);
        for (const { seq, bytes } of records) {
          whole.take(seq ?? 0, bytes);
          parted.take(seq ?? 0, bytes);
          if (!cuts.includes(seq ?? 0)) continue;
          parted = counter(records, SavedRegister.parse(JSON.parse(JSON.stringify(parted.save()))));
        }
        expect(JSON.stringify(parted.snapshot())).toBe(JSON.stringify(whole.snapshot()));
        expect(JSON.stringify(parted.save())).toBe(JSON.stringify(whole.save()));
      }),
      { numRuns: 60 },
    );
  });

  test('days older than thirteen months are forgotten, the total is not', () => {
    const { controls, actions } = count([
      created(day('2024-01-01')),
      role(day('2024-02-01'), 'u-2', 'viewer'),
      role(day('2025-12-01'), 'u-2', 'viewer'),
    ]).snapshot();
    expect(controls['TE-01']?.days).toEqual({ '2025-12-01': 1 });
    expect(controls['TE-01']?.total).toBe(2);
    expect(actions['tenant.user_role_changed']).toEqual({ year: 1, all: 2, lastSeq: 3 });
  });

  test('beyond two thousand exceptions those put right give way, and none that is open', () => {
    const wanted = [created(day('2026-01-01'))];
    for (let index = 0; index < 2010; index++) wanted.push(role(day('2026-01-02'), `u-${index}`, 'owner'));
    wanted.push(role(day('2026-01-03'), 'u-5', 'viewer'), role(day('2026-01-03'), 'u-6', 'viewer'));
    const { exceptions = [] } = count(wanted).snapshot().controls['TE-01'] ?? {};
    expect(exceptions.length).toBe(2008);
    expect(exceptions.every(({ state }) => state === 'open')).toBe(true);
  });

  test('is judged by the latest time on record, and says how many clocks were put back', () => {
    const wanted = [
      created(day('2026-01-01')),
      setting(day('2026-05-01'), 'a'),
      role(day('2026-01-12'), 'u-2', 'owner'),
    ];
    const snapshot = count(wanted).snapshot();
    expect(snapshot).toMatchObject({ latest: day('2026-05-01'), timeProblems: 1 });
    expect(snapshot.controls['TE-01']).toMatchObject({ days: {}, total: 1, last: null });
  });

  test('takes back what a clock that ran ahead made of it, wherever counting was put away', () => {
    const ahead = '2099-01-01T00:00:00.000Z';
    const records = makeRecords([
      created(day('2026-01-01')),
      role(day('2026-01-02'), 'u-2', 'owner'),
      role(ahead, 'u-3', 'viewer'),
      changed(ahead, 'TE-01', { kind: 'cadence', previous: 'monthly', next: 'weekly' }),
      changed(ahead, 'TE-02', { kind: 'owner', previous: null }),
      role(day('2026-01-03'), 'u-2', 'viewer'),
      noted(day('2026-01-03')),
      role(day('2026-01-04'), 'u-3', 'viewer'),
      role(day('2026-01-05'), 'u-2', 'viewer'),
    ]);
    const whole = counter(records);
    for (const { seq, bytes } of records) whole.take(seq ?? 0, bytes);
    const found = whole.snapshot();
    expect(found).toMatchObject({ latest: day('2026-01-05'), timeProblems: 5 });
    expect(found.controls['TE-01']).toMatchObject({
      days: { '2026-01-02': 1, '2026-01-04': 1, '2026-01-05': 1 },
      total: 5,
      last: { seq: 9, time: day('2026-01-05') },
      cadence: [{ time: Date.parse(day('2026-01-02')), frequency: 'weekly' }],
    });
    expect(found.controls['TE-02']?.inForceSince).toBe(Date.parse(day('2026-01-02')));
    for (let cut = 1; cut < records.length; cut++) {
      const first = counter(records);
      for (const { seq, bytes } of records.slice(0, cut)) first.take(seq ?? 0, bytes);
      const second = counter(records, SavedRegister.parse(JSON.parse(JSON.stringify(first.save()))));
      for (const { seq, bytes } of records.slice(cut)) second.take(seq ?? 0, bytes);
      expect(second.snapshot()).toEqual(found);
    }
  });
});
