import { renameSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTerms, parseText } from '#main/audit/search/words.ts';
import { AUDIT_MIGRATIONS } from '#main/audit/sqlite-schema.ts';
import type { StoredRecord } from '#main/audit/store.ts';
import { TrailReader } from '#main/audit/trail-query.ts';
import { type Database, openDatabase, schemaDigest } from '#main/platform/sqlite.ts';
import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import { AUDIT_ACTIONS, AUDIT_CATEGORIES } from '#shared/model/audit-actions.ts';
import { sampleInputs } from '../../bench/sample-records.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';

const RECORDS = 420;
let test: TestStore;
let all: StoredRecord[];

beforeAll(async () => {
  test = await openTestStore();
  const inputs = sampleInputs(7);
  for (let count = 0; count < RECORDS; count++) {
    // the clock goes on, stands still, and now and then goes back
    test.clock.time += [0, 1, 999, 60_000, -2000][count % 5] ?? 0;
    await test.store.append(inputs.next().value);
  }
  all = Array.from({ length: test.store.head().seq }, (_, index) => test.store.get(index + 1)).filter(
    (record) => record !== null,
  );
}, 60_000);
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

/** What a query means, said in the plainest way. */
function naive(query: TrailQuery): StoredRecord[] {
  const terms = query.text === undefined || query.text.trim() === '' ? null : parseText(query.text);
  return all.filter(({ record, hash }) => {
    const { action, outcome, actor, target, links, time } = record;
    return (
      (query.category === undefined || action.split('.')[0] === query.category) &&
      (query.action === undefined || action === query.action) &&
      (query.outcome === undefined || outcome === query.outcome) &&
      (query.actor === undefined || actor.id === query.actor) &&
      (query.target === undefined || target.id === query.target) &&
      (query.incident === undefined || links?.incident === query.incident) &&
      (query.from === undefined || time >= query.from) &&
      (query.to === undefined || time <= query.to) &&
      (terms === null || (terms.length > 0 && hasTerms(terms, record, hash)))
    );
  });
}

const TEXTS = [
  'payments',
  'inc-0001',
  'TaskFailedToStart',
  'logs:Filter',
  'ecs cart',
  '"read within"',
  'zzz',
  '200',
  '…',
];
const some = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 });

function queries(): fc.Arbitrary<TrailQuery> {
  const present = <T>(pick: (record: StoredRecord) => T) => [...new Set(all.map(pick))];
  const times = present(({ record }) => record.time);
  return fc
    .record({
      category: some(AUDIT_CATEGORIES),
      action: some([...present(({ record }) => record.action), ...AUDIT_ACTIONS.slice(0, 3)]),
      outcome: some(['success', 'failure', 'denied'] as const),
      actor: some([...present(({ record }) => record.actor.id), 'nobody']),
      target: some(present(({ record }) => record.target.id)),
      incident: some(['inc-0001', 'inc-0002', 'inc-0003', 'inc-9999']),
      from: some(times),
      to: some(times),
      text: some([...TEXTS, all[3]?.hash.slice(0, 9) ?? '']),
      limit: fc.constantFrom(1, 7, 50, 500),
    })
    .map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)))
    .map((members) => members as TrailQuery);
}

/** Every page, one after the other. */
function readAll(page: (query: TrailQuery) => TrailPage, query: TrailQuery): number[] {
  const seqs: number[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const answer: TrailPage = page(before === undefined ? query : { ...query, before });
    seqs.push(...answer.rows.map(({ seq }) => seq));
    expect(answer.rows.length).toBeLessThanOrEqual(query.limit);
    before = answer.next;
  }
  return seqs;
}

describe('a query of the trail', () => {
  it('finds what a plain look through all records finds, newest first, page by page, and counts it', () => {
    fc.assert(
      fc.property(queries(), (query) => {
        const expected = naive(query)
          .map(({ seq }) => seq)
          .reverse();
        const first = test.store.page(query);
        expect(first.rows.map(({ seq }) => seq)).toEqual(expected.slice(0, query.limit));
        if (first.totalIs === 'exact') expect(first.total).toBe(expected.length);
        else expect(first.total).toBeLessThanOrEqual(expected.length);
        expect(readAll((next) => test.store.page(next), query)).toEqual(expected);
        if (query.text === undefined)
          expect(test.store.count(query)).toMatchObject({ count: expected.length, countIs: 'exact', next: null });
      }),
      { numRuns: 300 },
    );
  });

  it('means the same whichever way it is answered: by one index, along the table, value by value', () => {
    // thresholds of the plan are far above this store's size: the ways are forced by a reader that thinks little is much
    const db = openDatabase(test.path, { what: 'the audit store', migrations: AUDIT_MIGRATIONS });
    try {
      const reader = new TrailReader(db, { few: 3, countStep: 50 });
      fc.assert(
        fc.property(queries(), (query) => {
          const expected = naive(query)
            .map(({ seq }) => seq)
            .reverse();
          expect(readAll((next) => reader.page(next, test.store.head().seq), query)).toEqual(expected);
          const { total, totalIs } = reader.page(query, test.store.head().seq);
          if (totalIs === 'exact') expect(total).toBe(expected.length);
        }),
        { numRuns: 300 },
      );
    } finally {
      db.close();
    }
  });

  it('looks for no sealed value', () => {
    const sealed = all.find(({ bytes }) => Buffer.from(bytes).includes('"sealed"'));
    const commitment = /"sealed":"([^"]+)"/.exec(Buffer.from(sealed?.bytes ?? []).toString())?.[1] ?? '';
    expect(commitment).not.toBe('');
    expect(test.store.page({ limit: 5, text: commitment }).rows).toEqual([]);
    expect(test.store.page({ limit: 5, text: 'sealed' }).rows).toEqual([]);
  });
});

describe('a store of before', () => {
  it('is migrated with its records, and verifies', async () => {
    const old = await openTestStore();
    await old.store.append(sampleInputs(3).next().value);
    await old.store.close();
    widen(old.path);
    const again = await openTestStore(old.folder, old.secrets, old.clock);
    expect(again.store.page({ limit: 5 }).rows.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(again.store.page({ limit: 5, category: 'auth' }).total).toBe(1);
    await again.store.append(sampleInputs(4).next().value);
    expect((await again.store.verify()).problems).toEqual([]);
    await again.store.close();
    removeFolder(old.folder);
  });
});

/** Puts the trail back to what the first migration made, as a store of that version left it. */
function widen(path: string): void {
  const only = AUDIT_MIGRATIONS.slice(0, 1);
  const fresh = openDatabase(`${path}.old`, { what: 'the audit store', migrations: only });
  const digest = schemaDigest(fresh);
  copy(fresh, path);
  expect(schemaDigest(fresh)).toBe(digest);
  fresh.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  fresh.close();
  replaceFile(`${path}.old`, path);
}

function copy(into: Database, path: string): void {
  into.exec(`ATTACH '${path}' AS present`);
  const rows = into.prepare('SELECT * FROM present.record JOIN present.trail USING (seq) ORDER BY seq').all() as Record<
    string,
    string | number | Buffer | null
  >[];
  const record = into.prepare(
    'INSERT INTO record (seq, hash, prev, sig, bytes) VALUES (@seq, @hash, @prev, @sig, @bytes)',
  );
  const trail = into.prepare(
    `INSERT INTO trail VALUES (@seq, @time, substr(@action, 1, instr(@action, '.') - 1), @action, @outcome, @actor_type,
       @actor_id, @target_type, @target_id, @incident, lower(@action))`,
  );
  for (const row of rows) {
    record.run(row);
    trail.run(row);
  }
  for (const table of ['tree_node', 'checkpoint', 'subject_key', 'disclosure', 'chain']) {
    const names = into.prepare<[], string>(`SELECT name FROM pragma_table_info('${table}')`).pluck().all().join(', ');
    into.exec(`INSERT INTO ${table} (${names}) SELECT ${names} FROM present.${table}`);
  }
  into.exec('DETACH present');
}

function replaceFile(from: string, to: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(to + suffix, { force: true });
  renameSync(from, to);
}
