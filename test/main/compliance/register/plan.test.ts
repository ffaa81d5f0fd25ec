import { describe, expect, it } from 'vitest';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { findingsOf } from '#main/compliance/register/findings.ts';
import { isPlaceholder } from '#main/compliance/register/placeholder.ts';
import { readinessOf, schedule, weightOf } from '#main/compliance/register/plan.ts';
import type { RegisterEntry } from '#main/compliance/register/register-state.ts';
import { PreflightFinding, ReadinessPlan } from '#shared/ipc/compliance-views.ts';
import { ago, CONTEXT, DAY, NOW, occurred, snapshotOf } from '../../../support/register-snapshot.ts';

type Snapshot = ReturnType<typeof snapshotOf>;
const plan = (snapshot: Snapshot | null) => ReadinessPlan.parse(readinessOf(snapshot, CONTEXT));
const itemsOf = (one: ReadinessPlan) => one.tracks.flatMap(({ items }) => items);
const place = { sealed: 's', seq: 3, path: '/data/change/note' };
const holds: Partial<RegisterEntry> = {
  check: { result: 'holds', detail: 'refused', seq: 800, time: ago(1), digest: 'b'.repeat(64) },
};
const since = (days: number): Partial<RegisterEntry> => ({
  ...holds,
  history: [{ seq: 5, time: ago(days), by: 'causeway', kind: 'status', detail: 'gap to in-place' }],
});

describe('the schedule', () => {
  it('begins at most three at once, each as early as it can be', () => {
    expect(schedule(['S', 'M', 'L', 'S', 'M'], 12)).toEqual([
      { fromWeek: 1, toWeek: 1 },
      { fromWeek: 1, toWeek: 3 },
      { fromWeek: 1, toWeek: 6 },
      { fromWeek: 2, toWeek: 2 },
      { fromWeek: 3, toWeek: 5 },
    ]);
    expect(schedule(['L', 'M', 'S'], 8).map(({ toWeek }) => toWeek)).toEqual([4, 2, 1]);
    expect(schedule([], 8)).toEqual([]);
  });

  it('takes as little as it can when it does not fit otherwise', () => {
    const twelve = Array.from({ length: 13 }, () => 'M' as const);
    expect(Math.max(...schedule(twelve, 12).map(({ toWeek }) => toWeek))).toBe(10);
  });

  it('never has more than three at once', () => {
    const spans = schedule(['M', 'S', 'L', 'M', 'M', 'S', 'S', 'L', 'M', 'S'], 10);
    for (let week = 1; week <= 30; week++) {
      expect(spans.filter(({ fromWeek, toWeek }) => fromWeek <= week && week <= toWeek).length).toBeLessThanOrEqual(3);
    }
  });
});

describe('the readiness plan', () => {
  it('is proposed from today on as long as nobody chose', () => {
    const one = plan(null);
    expect(one).toMatchObject({ proposed: true, weeks: 12, start: '2026-07-01T00:00:00.000Z', done: 0 });
    expect(one.total).toBe(CONTROLS.length);
    expect(new Set(one.tracks.flatMap(({ items }) => items.map(({ state }) => state)))).toEqual(new Set(['to-come']));
    expect(one.tracks.map(({ track }) => track)).toEqual(['technical', 'organizational']);
  });

  it('begins with what weighs most, and of equals with what takes least', () => {
    for (const { items } of plan(null).tracks) {
      const weights = items.map(({ criteria }) => weightOf(criteria));
      expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    }
    expect(
      weightOf([
        { framework: 'soc2', id: 'CC6.1' },
        { framework: 'soc2', id: 'A1.2' },
        { framework: 'gdpr', id: '32' },
      ]),
    ).toBe(6);
  });

  it('leaves out what is in place, unless it came to be since the plan began, and what does not apply', () => {
    const counts = occurred([1]);
    const snapshot = snapshotOf(
      { 'AC-01': counts, 'IA-04': counts, 'AU-01': counts },
      {
        'AC-01': since(5),
        'IA-04': since(60),
        'AU-01': holds,
        'PE-01': { notApplicable: { justification: place, by: 'u-1', time: ago(3) } },
      },
      { plan: { start: ago(30), weeks: 10, seq: 9 } },
    );
    const items = itemsOf(plan(snapshot));
    const ids = items.map(({ control }) => control);
    expect(ids).toContain('AC-01');
    for (const id of ['IA-04', 'AU-01', 'PE-01']) expect(ids).not.toContain(id);
    expect(items.find(({ control }) => control === 'AC-01')).toMatchObject({ state: 'done', status: 'in-place' });
    expect(plan(snapshot)).toMatchObject({ proposed: false, weeks: 10, start: ago(30), done: 1, total: ids.length });
  });

  it('tells what is under way, late and to come by the weeks that have passed', () => {
    const at = (days: number) => {
      const snapshot = snapshotOf({}, {}, { plan: { start: ago(days), weeks: 12, seq: 9 } });
      return itemsOf(plan(snapshot)).map(({ state, fromWeek, toWeek }) => ({ state, fromWeek, toWeek }));
    };
    expect(at(-7).every(({ state }) => state === 'to-come')).toBe(true);
    for (const { state, fromWeek, toWeek } of at(15)) {
      // two weeks and a day: the third week
      expect(state).toBe(toWeek < 3 ? 'late' : fromWeek <= 3 ? 'under-way' : 'to-come');
    }
    expect(at(400).every(({ state }) => state === 'late')).toBe(true);
  });

  it('counts what is partial and owned as under way before its time', () => {
    const snapshot = snapshotOf({}, { 'PT-05': { owner: 'u-1' } }, { plan: { start: ago(0), weeks: 12, seq: 9 } });
    const item = itemsOf(plan(snapshot)).find(({ control }) => control === 'PT-05');
    expect(item).toMatchObject({ state: 'under-way', status: 'partial', owner: { name: 'Name of u-1' } });
  });

  it('says when it does not fit the weeks there are', () => {
    expect(plan(null).findings.find(({ id }) => id === 'plan-too-long')?.text).toMatch(/takes \d+ weeks, not 12/);
  });
});

describe('what an auditor would send back', () => {
  const find = (snapshot: Snapshot, disclosed = CONTEXT.disclosed) =>
    findingsOf(snapshot, { now: NOW, disclosed }).map((one) => PreflightFinding.parse(one));
  const levelOf = (snapshot: Snapshot, id: string, disclosed = CONTEXT.disclosed) =>
    find(snapshot, disclosed).find((one) => one.id === id)?.level ?? null;
  const performed = (on: number, recorded: number, attachments = 0): RegisterEntry['performed'] => [
    {
      seq: 3,
      time: ago(recorded),
      on: ago(on),
      by: 'u-1',
      note: place,
      attachments: Array.from({ length: attachments }, () => ({ digest: 'a', mediaType: 'b', bytes: 1, name: place })),
    },
  ];

  it('is nothing of what is owned, done, shown and in time', () => {
    const snapshot = snapshotOf(
      { 'RA-01': occurred([20], { inForceSince: NOW - 300 * DAY }) },
      { 'RA-01': { owner: 'u-1', performed: performed(21, 20, 1) } },
    );
    expect(find(snapshot).filter(({ control }) => control === 'RA-01')).toEqual([]);
  });

  it('is an owner, evidence or a cadence that is not there', () => {
    const snapshot = snapshotOf(
      { 'AT-01': occurred([], { cadence: [{ time: NOW - 9 * DAY, frequency: 'event' }] }) },
      { 'AT-01': { frequency: 'event', due: ago(3) } },
    );
    expect(levelOf(snapshot, 'no-owner:AT-01')).toBe('sent-back');
    expect(levelOf(snapshot, 'never:AT-01')).toBe('sent-back');
    expect(levelOf(snapshot, 'no-cadence:AT-01')).toBe('asked-about');
    expect(levelOf(snapshot, 'overdue:AT-01')).toBe('asked-about');
    expect(levelOf(snapshot, 'no-owner:AC-01')).toBeNull();
  });

  it('is stale evidence, missing periods, and evidence that is all new', () => {
    const old = snapshotOf(
      { 'RA-01': occurred([370], { inForceSince: NOW - 390 * DAY }) },
      { 'RA-01': { owner: 'u-1' } },
    );
    expect(levelOf(old, 'stale:RA-01')).toBe('sent-back');
    const recent = snapshotOf({ 'AU-03': occurred([1, 2, 3], { inForceSince: NOW - 200 * DAY }) }, { 'AU-03': holds });
    expect(levelOf(recent, 'missed:AU-03')).toBe('sent-back');
    expect(levelOf(recent, 'recent-only:AU-03')).toBe('sent-back');
    const spread = snapshotOf({ 'IA-04': occurred([1, 40], { inForceSince: NOW - 200 * DAY }) }, { 'IA-04': holds });
    expect(levelOf(spread, 'recent-only:IA-04')).toBeNull();
    const young = snapshotOf({ 'IA-04': occurred([1], { inForceSince: NOW - 20 * DAY }) }, { 'IA-04': holds });
    expect(levelOf(young, 'recent-only:IA-04')).toBeNull();
  });

  it('is own work reviewed, placeholder text, nothing attached, and what was recorded late', () => {
    const own = {
      id: 'x',
      control: 'AR-01',
      kind: 'self-review',
      text: 'w',
      seq: 1,
      time: ago(3),
      state: 'open',
      fixedBy: null,
    } as const;
    const snapshot = snapshotOf(
      { 'AR-01': occurred([1], { exceptions: [own] }), 'RA-01': occurred([1]) },
      { 'RA-01': { owner: 'u-1', performed: performed(60, 1) } },
    );
    expect(levelOf(snapshot, 'own-work:AR-01')).toBe('sent-back');
    expect(levelOf(snapshot, 'no-attachment:RA-01')).toBe('asked-about');
    expect(levelOf(snapshot, 'recorded-late:RA-01')).toBe('asked-about');
    expect(levelOf(snapshot, 'placeholder:RA-01')).toBeNull();
    expect(levelOf(snapshot, 'placeholder:RA-01', () => 'lorem ipsum dolor')).toBe('sent-back');
  });

  it('is a control said not to apply without a reason to read', () => {
    const said = snapshotOf({}, { 'SC-04': { notApplicable: { justification: place, by: 'u-1', time: ago(3) } } });
    expect(levelOf(said, 'not-justified:SC-04')).toBeNull();
    expect(levelOf(said, 'not-justified:SC-04', () => null)).toBe('sent-back');
    expect(levelOf(said, 'not-justified:SC-04', () => 'TBD')).toBe('sent-back');
  });

  it('is an access review that is overdue; what is sent back comes first', () => {
    const campaign = {
      id: 'review-1',
      openedBy: 'u-1',
      opened: ago(30),
      seq: 1,
      due: ago(2),
      root: 'a'.repeat(64),
      subjects: [{ id: 'u-2', role: 'viewer', decision: null }],
      closed: null,
    };
    const all = find(snapshotOf({}, { 'AT-01': { due: ago(3) } }, { campaigns: [campaign] }));
    expect(all.find(({ id }) => id === 'review-overdue:review-1')?.text).toContain('1 of 1');
    const levels = all.map(({ level }) => level);
    expect(levels.lastIndexOf('sent-back')).toBeLessThan(levels.indexOf('asked-about'));
  });

  it('is told from text people write', () => {
    for (const text of [
      'We reviewed the vendors; none of them was new this year.',
      'Done together with operations, minutes attached.',
      'The name of the company changed, so policies were signed anew.',
      'Test of the restore took 12 minutes and succeeded.',
      'Nothing was found that has to be mended.',
    ]) {
      expect(isPlaceholder(text), text).toBe(false);
    }
  });
});
