import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evaluation, EvaluationRequest } from '#main/compliance/evaluation/evaluation.ts';
import type { SourceRecord } from '#main/compliance/evaluation/evaluator.ts';
import { CausewayError } from '#shared/errors.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
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

const IDENTITY = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
const YEAR = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
const day = (text: string) => `${text}T12:00:00.000Z`;

function request(last: number, more: Partial<EvaluationRequest> = {}): EvaluationRequest {
  return {
    window: YEAR,
    actions: ['tenant.user_role_changed', 'incident.note_added'],
    controls: ['TE-01', 'TE-02', 'TE-03'],
    actors: null,
    sample: null,
    last,
    collectors: [],
    ...more,
  };
}

function count(wanted: readonly Wanted[], more: Partial<EvaluationRequest> = {}): Evaluation {
  return evaluateEntries(TEST_RULES, IDENTITY, request(wanted.length, more), makeRecords(wanted));
}

const control = (evaluation: Evaluation, id: string) => {
  const found = evaluation.controls.find((one) => one.control === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

const STORY: readonly Wanted[] = [
  created(day('2025-12-01')),
  role(day('2025-12-10'), 'u-9', 'operator'), // before the window
  role(day('2026-01-05'), 'u-2', 'owner'),
  noted(day('2026-01-06'), 'u-3'),
  setting(day('2026-01-07'), 'theme'),
  role(day('2026-01-20'), 'u-2', 'operator', 'u-3'), // puts the third right
  role(day('2026-03-02'), 'u-4', 'owner', 'u-3'),
  role(day('2026-03-03'), 'u-5', 'admin'),
  role(day('2027-01-02'), 'u-6', 'owner'), // after the window
];

describe('counting', () => {
  test('what is in scope and what is not add up to the records', () => {
    const found = count(STORY);
    expect([found.records, found.inScope, found.seqs]).toEqual([9, 5, '3-4,6-8']);
    expect(found.excluded).toEqual([
      { reason: 'before the window', count: 2 },
      { reason: 'after the window', count: 1 },
      { reason: 'of no action these criteria rest on', count: 1 },
    ]);
    expect(found.actions['tenant.user_role_changed']).toEqual({ window: 4, all: 6, lastSeq: 9 });
    expect(found.begins).toBe(day('2025-12-01'));
    expect(found.integrity).toMatchObject({ state: 'holds', checked: 9, problems: [] });
  });

  test('the root is that of RFC 6962 over the record hashes', () => {
    const records = makeRecords(STORY);
    const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const leaves = [3, 4, 6, 7, 8].map((seq) =>
      sha(Buffer.from([0]), Buffer.from(records[seq - 1]?.hash ?? '', 'hex')),
    );
    const tree = (list: Buffer[]): Buffer => {
      if (list.length === 1) return list[0] as Buffer;
      const split = 2 ** Math.floor(Math.log2(list.length - 1));
      return sha(Buffer.from([1]), tree(list.slice(0, split)), tree(list.slice(split)));
    };
    expect(count(STORY).root).toBe(tree(leaves).toString('hex'));
  });

  test('exceptions stay listed when they were put right; those about records outside of the window when they are open', () => {
    const { exceptions, periods, expected, actual, status } = control(count(STORY), 'TE-01');
    expect(exceptions.filter(({ kind }) => kind !== 'missed-period')).toMatchObject([
      { id: 'TE-01:owner-made:3', state: 'fixed', fixedBy: 6, seq: 3, time: day('2026-01-05') },
      { id: 'TE-01:owner-made:7', state: 'open', fixedBy: null, seq: 7 },
      { id: 'TE-01:owner-made:9', state: 'open', seq: 9, text: 'u-6 was made an owner (After the window, and open.)' },
      { id: 'TE-01:admin-open:8', state: 'open', seq: 8 },
    ]);
    expect(periods.map(({ state }) => state)).toEqual(['met', 'missed', 'met', ...new Array<string>(9).fill('missed')]);
    expect([expected, actual, status]).toEqual([12, 2, 'partial']);
    const missed = exceptions.filter(({ kind }) => kind === 'missed-period');
    expect(missed.map(({ fixedBy }) => fixedBy)).toEqual([7, ...new Array<number>(9).fill(9)]);
  });

  test('an organizational control is in force when somebody takes it up', () => {
    const wanted = [
      created(day('2026-01-01')),
      changed(day('2026-04-02'), 'TE-02', { kind: 'owner', previous: null }),
      noted(day('2026-05-01')),
      setting(day('2026-12-30'), 'theme'),
    ];
    expect(control(count(wanted), 'TE-02').periods.map(({ state }) => state)).toEqual([
      'no-data',
      'met',
      'missed',
      'not-due',
    ]);
    expect(control(count(wanted.filter((_, index) => index !== 1)), 'TE-02').periods.map(({ state }) => state)).toEqual(
      ['no-data', 'met', 'no-data', 'no-data'],
    );
  });

  test('a control that is seen each time has no periods: what should not have been is expected beside what was', () => {
    const wanted = [created(day('2026-01-01')), setting(day('2026-02-01'), 'a'), setting(day('2026-02-02'), 'b')];
    expect(control(count(wanted), 'TE-03')).toMatchObject({ periods: [], expected: 2, actual: 2, frequency: 'event' });
  });

  test('a filter narrows populations, counts what it would have hidden, and hides no exception', () => {
    const all = control(count(STORY), 'TE-01');
    const filtered = count(STORY, { actors: ['u-3'] });
    const found = control(filtered, 'TE-01');
    expect(filtered.seqs).toBe('4,6-7');
    expect(filtered.excluded[3]?.count).toBe(2);
    expect(found.population.seqs).toBe('6-7');
    expect(found.exceptions).toEqual(all.exceptions);
    expect(found.periods).toEqual(all.periods);
    expect(found.hidden).toBe(3); // 3, 8 and 9 are by u-1
    expect(all.hidden).toBe(0);
  });

  test('no filter changes exceptions or cadence', () => {
    const times = fc.integer({ min: 0, max: 420 }).map((days) => Date.UTC(2025, 11, 1) + days * 86_400_000);
    const step = fc.record({
      user: fc.constantFrom('u-2', 'u-3', 'u-4'),
      role: fc.constantFrom('owner', 'admin', 'viewer'),
      actor: fc.constantFrom('u-1', 'u-2', 'u-3'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(times, step), { maxLength: 30 }),
        fc.subarray(['u-1', 'u-2', 'u-9']),
        (list, actors) => {
          const steps = list
            .toSorted(([a], [b]) => a - b)
            .map(([time, one]) => role(new Date(time).toISOString(), one.user, one.role, one.actor));
          const wanted = [created(day('2025-12-01')), ...steps];
          const all = count(wanted);
          const filtered = count(wanted, { actors });
          expect(filtered.controls.map((one) => one.exceptions)).toEqual(all.controls.map((one) => one.exceptions));
          expect(filtered.controls.map((one) => one.periods)).toEqual(all.controls.map((one) => one.periods));
          for (const found of [all, filtered]) {
            expect(found.inScope + found.excluded.reduce((sum, one) => sum + one.count, 0)).toBe(found.records);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('an empty population has no root, no sample, and is told', () => {
    const sample = { number: '7', profile: HOUSE_PROFILE };
    const found = count([created(day('2026-01-01'))], { sample });
    expect([found.inScope, found.root, found.seqs]).toEqual([0, null, '']);
    const { population, sample: drawn } = control(found, 'TE-01');
    expect([population, drawn]).toEqual([{ count: 0, root: null, seqs: '' }, []]);
    expect(found.seed).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a sample larger than the population is all of it', () => {
    const sample = { number: '7', profile: { name: 'all', sizes: { ...HOUSE_PROFILE.sizes, monthly: 500 } } };
    const drawn = control(count(STORY, { sample }), 'TE-01').sample;
    expect(drawn.toSorted()).toEqual([3, 6, 7, 8]);
    expect(control(count(STORY, { sample: { number: '7', profile: HOUSE_PROFILE } }), 'TE-01').sample).toEqual(
      drawn.slice(0, 2),
    );
  });

  test('a window that lies in the future holds nothing, and nothing is due', () => {
    const window = { from: '2030-01-01T00:00:00.000Z', to: '2030-07-01T00:00:00.000Z' };
    const found = count(STORY, { window });
    expect(found.inScope).toBe(0);
    const { periods, expected, actual, exceptions } = control(found, 'TE-01');
    expect(new Set(periods.map(({ state }) => state))).toEqual(new Set(['not-due']));
    expect([expected, actual, exceptions.map(({ seq }) => seq)]).toEqual([0, 0, [7, 9, 8]]);
  });

  describe('what is open', () => {
    const chain = [
      created(day('2025-11-01')),
      role(day('2025-11-10'), 'u-7', 'owner'), // put right before the window
      role(day('2025-11-20'), 'u-7', 'viewer'),
      role(day('2025-12-01'), 'u-8', 'owner'), // put right in it
      role(day('2025-12-10'), 'u-9', 'owner'), // never
      role(day('2026-02-01'), 'u-8', 'viewer'),
      setting(day('2026-12-30'), 'theme'),
    ];

    test('is carried into every later window, with its own time, and decides the status there', () => {
      const found = control(count(chain), 'TE-01');
      expect(found.exceptions.filter(({ kind }) => kind === 'owner-made')).toMatchObject([
        { seq: 4, time: day('2025-12-01'), state: 'fixed', text: expect.stringContaining('(Carried over from before') },
        { seq: 5, time: day('2025-12-10'), state: 'open', text: expect.stringContaining('(Carried over from before') },
      ]);
      expect([found.status, found.reasons]).toEqual(['partial', ['TE-01:owner-made:5']]);
      // what was put right before the window is none of it
      const june = { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' };
      const later = control(count(chain, { window: june }), 'TE-01');
      expect(later.exceptions.map(({ seq }) => seq)).toEqual([5]);
      expect([later.status, later.reasons]).toEqual(['partial', ['TE-01:owner-made:5']]);
    });
  });

  describe('a clock that was put back', () => {
    const late = [
      created(day('2026-01-01')),
      role(day('2026-01-05'), 'u-2', 'viewer'),
      setting(day('2026-07-01'), 'theme'),
      role(day('2026-02-10'), 'u-2', 'operator'),
      role(day('2026-03-10'), 'u-2', 'viewer'),
      role(day('2026-07-02'), 'u-2', 'operator'),
      role('2026-07-02T11:56:00.000Z', 'u-2', 'viewer'), // four minutes
    ];

    test('is told, and meets no period', () => {
      const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-07-15T00:00:00.000Z' };
      const found = count(late, { window });
      expect(found.timeProblems).toEqual({ count: 2, seqs: [4, 5] });
      const { periods, population, last } = control(found, 'TE-01');
      expect(periods.map(({ state }) => state)).toEqual(['met', ...new Array<string>(5).fill('missed'), 'met']);
      expect(population.seqs).toBe('2,4-7');
      expect(last).toEqual({ seq: 6, time: day('2026-07-02') });
    });

    test('does not make what is due wait', () => {
      const back = [...late.slice(0, 3), setting(day('2026-01-20'), 'a')];
      expect(control(count(back), 'TE-01').periods.filter(({ state }) => state === 'missed')).toHaveLength(5);
    });

    test('changes no cadence of a time that is over', () => {
      const change = { kind: 'cadence', previous: 'monthly', next: 'annual' };
      const back = [...late.slice(0, 3), changed(day('2026-01-01'), 'TE-01', change)];
      const { cadenceChanges, periods } = control(count(back), 'TE-01');
      expect(cadenceChanges).toEqual([
        { seq: 4, time: day('2026-07-01'), before: 'monthly', next: 'annual', loosened: true },
      ]);
      expect(periods.filter(({ state }) => state === 'missed')).toHaveLength(5);
    });
  });

  test('a control with a cadence does not become one that is seen each time, nor the other way round', () => {
    const change = { kind: 'cadence', previous: 'monthly', next: 'event' };
    const chain = [created(day('2026-01-01')), changed(day('2026-01-02'), 'TE-01', change)];
    expect(control(count(chain), 'TE-01')).toMatchObject({ frequency: 'monthly', cadenceChanges: [] });
    expect(control(count(chain), 'TE-01').periods).toHaveLength(12);
  });

  test('the cadence in force at the beginning of a period counts', () => {
    const wanted = [
      created(day('2026-01-01')),
      changed(day('2026-03-15'), 'TE-01', { kind: 'cadence', previous: 'monthly', next: 'quarterly' }),
      role(day('2026-12-31'), 'u-1', 'viewer'),
    ];
    const { periods, frequency } = control(count(wanted), 'TE-01');
    expect(frequency).toBe('quarterly');
    expect(periods.map(({ from }) => from.slice(0, 7))).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-07',
      '2026-10',
    ]);
  });

  test('a collector gathers in the same reading, the register comes with it', () => {
    const found = count(STORY, { collectors: [{ name: 'actors', parameters: null }] });
    expect(found.collected).toEqual({ actors: { seen: { 'u-3': 1 }, last: 9 } });
    expect(() => count(STORY, { collectors: [{ name: 'constructor', parameters: null }] })).toThrow(CausewayError);
    expect(() => count(STORY, { controls: ['XX-01'] })).toThrow(/no control XX-01/);
  });

  test('a break that was acknowledged is told', () => {
    const data = {
      change: 'break-acknowledgement',
      changeDigest: 'a'.repeat(64),
      justification: { sealed: 'A'.repeat(43) },
    };
    const wanted = [
      created(day('2026-01-01')),
      { action: 'tenant.protection_change_approved', time: day('2026-01-02'), data },
    ];
    expect(count(wanted).integrity.acknowledged).toEqual([{ seq: 2, time: day('2026-01-02') }]);
  });
});

describe('records that do not hold together', () => {
  const problems = (records: readonly SourceRecord[], last: number, more: Partial<EvaluationRequest> = {}) => {
    const found = evaluateEntries(TEST_RULES, IDENTITY, request(last, more), records);
    expect(found.inScope + found.excluded.reduce((sum, one) => sum + one.count, 0)).toBe(found.records);
    return found.integrity;
  };
  const inFile = (records: readonly SourceRecord[]) => records.map((record) => ({ ...record, seq: null }));

  test('one that was altered is named, with the link that leads to it', () => {
    const records = makeRecords(STORY);
    const [third] = records.splice(3, 1);
    const bytes = Buffer.from(
      Buffer.from(third?.bytes ?? [])
        .toString('utf8')
        .replace('u-3', 'u-8'),
    );
    records.splice(3, 0, { seq: 4, bytes, hash: third?.hash ?? '' });
    for (const list of [records, inFile(records)]) {
      const { state, problems: named } = problems(list, 9);
      expect(state).toBe('broken');
      expect(named).toEqual([
        { seq: 4, text: expect.stringContaining('altered') },
        { seq: 5, text: expect.stringContaining('not linked') },
      ]);
    }
  });

  test('one that was altered and hashed again shows by the link of the next', () => {
    const records = makeRecords(STORY);
    const bytes = Buffer.from(
      Buffer.from(records[3]?.bytes ?? [])
        .toString('utf8')
        .replace('u-3', 'u-8'),
    );
    records[3] = { seq: 4, bytes, hash: createHash('sha256').update(bytes).digest('hex') };
    expect(problems(records, 9).problems).toEqual([{ seq: 5, text: expect.stringContaining('not linked') }]);
  });

  test('one that is missing is named, in a store and in a file', () => {
    const records = makeRecords(STORY).filter(({ seq }) => seq !== 5 && seq !== 6);
    for (const list of [records, inFile(records)]) {
      expect(problems(list, 9).problems).toEqual([{ seq: 5, text: 'Records 5 to 6 are missing.' }]);
    }
    expect(problems(makeRecords(STORY).slice(0, 7), 9).problems).toEqual([
      { seq: 8, text: 'Records 8 to 9 are missing.' },
    ]);
  });

  test('ones in another order are named, and each is counted once at most', () => {
    const records = inFile(makeRecords(STORY));
    const [moved] = records.splice(4, 1);
    if (moved !== undefined) records.splice(6, 0, moved);
    const { problems: named } = problems(records, 9);
    expect(named[0]).toEqual({ seq: 5, text: 'Record 5 is missing.' });
    expect(named.some(({ text }) => text.includes('out of place'))).toBe(true);
  });

  test('one that claims to be far ahead costs nothing, and is named', () => {
    const wild = { ...noted(day('2026-02-01')), wrong: { seq: 4_000_000_000 } };
    const records = inFile(makeRecords([...STORY.slice(0, 3), wild, noted(day('2026-02-02'))]));
    expect(problems(records, 5).problems).toEqual([{ seq: 4, text: 'Record 4 says another number of itself.' }]);
    const reached = problems(records.slice(0, 4), 4_000_000_000).problems;
    expect(reached).toEqual([{ seq: 4, text: 'Records 4 to 3999999999 are missing.' }]);
  });

  test('one of another chain is no record of this one', () => {
    const records = makeRecords([
      ...STORY.slice(0, 8),
      { ...role(day('2026-06-01'), 'u-2', 'owner'), wrong: { chain: '00000000-0000-4000-8000-000000000000' } },
    ]);
    const found = evaluateEntries(TEST_RULES, IDENTITY, request(9), records);
    expect(found.integrity.problems).toEqual([{ seq: 9, text: expect.stringContaining('another chain') }]);
    expect(found.inScope).toBe(5);
    expect(found.excluded.at(-1)).toEqual({ reason: 'unreadable or out of place', count: 1 });
  });

  test('one that is no JSON, has no time, or not the form of a record, is named and passed over', () => {
    const plain = makeRecords([
      ...STORY.slice(0, 3),
      { ...noted(day('2026-02-01')), wrong: { actor: { type: 'user', id: 'x'.repeat(200) } } },
      { ...noted(day('2026-02-01')), wrong: { time: '2026-02-30T00:00:00.000Z' } },
      { ...noted(day('2026-02-01')), action: 'incident.invented' },
      noted(day('2026-02-02')),
    ]);
    const broken = { seq: 8, bytes: Buffer.from('{"action":"incident.note_added"'), hash: 'x' };
    const { problems: named } = problems([...plain, broken], 8);
    expect(named.map(({ seq }) => seq)).toEqual([4, 5, 6, 8, 8]);
  });

  test('one that a test cannot read is named, and the others are counted', () => {
    const found = count([...STORY.slice(0, 3), setting(day('2026-02-01'), 'boom'), setting(day('2026-02-02'), 'mild')]);
    expect(found.integrity.problems).toEqual([{ seq: 4, text: expect.stringContaining('cannot be counted') }]);
    expect(control(found, 'TE-03').population).toMatchObject({ count: 1, seqs: '5' });
  });

  test('the tree is held against a checkpoint', () => {
    const records = makeRecords(STORY);
    const leaf = (bytes: Uint8Array) =>
      createHash('sha256')
        .update(Buffer.from([0]))
        .update(bytes)
        .digest();
    const [one, two] = records.slice(0, 2).map(({ bytes }) => leaf(bytes));
    const root = createHash('sha256')
      .update(Buffer.from([1]))
      .update(one ?? '')
      .update(two ?? '')
      .digest('base64');
    const at = day('2026-01-01');
    expect(problems(records, 9, { checkpoint: { size: 2, root, at } }).problems).toEqual([]);
    expect(problems(records, 9, { checkpoint: { size: 3, root, at } }).problems).toEqual([
      { seq: 0, text: 'The first 3 records are not those of the checkpoint.' },
    ]);
    expect(problems(records.slice(0, 1), 1, { checkpoint: { size: 2, root, at } }).state).toBe('broken');
    expect(problems(records, 9, { checkpoint: { size: 2, root: '', at } }).state).toBe('broken');
  });

  test('only the first hundred are named, all are counted', () => {
    const wanted = Array.from({ length: 300 }, () => setting(day('2026-02-01'), 'boom'));
    const { problems: named, problemCount } = count([created(day('2026-01-01')), ...wanted]).integrity;
    expect([named.length, problemCount]).toEqual([100, 300]);
  });

  test('without a record there is nothing to report', () => {
    expect(() => problems([], 1)).toThrow(expect.objectContaining({ code: 'audit-broken' }));
  });
});
