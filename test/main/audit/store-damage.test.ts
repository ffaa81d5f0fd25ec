import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { hashRecord } from '#main/audit/hash.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../support/audit-store.ts';

let test: TestStore;
beforeEach(async () => {
  test = await openTestStore();
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

/** Opens the file with nothing in the way, as the sqlite3 shell does, with all guards dropped and put back. */
function edit(path: string, change: (db: BetterSqlite3.Database) => void): void {
  const db = new BetterSqlite3(path);
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  change(db);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

const many = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => test.store.append(roleInput(`u${index}`))));
const reopen = () => openTestStore(test.folder, test.secrets, test.clock);
const codes = async (store = test.store) => (await store.verify()).problems.map(({ code }) => code);

function keptInKeychain(): string {
  const entry = [...test.secrets.entries].find(([name]) => name.endsWith('.checkpoint'));
  return Buffer.from(entry?.[1] ?? []).toString('utf8');
}

const keptSize = (): number => Number((JSON.parse(keptInKeychain()) as { note: string }).note.split('\n')[1]);

/** @securityTest A row in the database cannot replace what the keychain knows */
describe('a checkpoint row newer than the keychain', () => {
  function addRow(change: (lines: string[], size: number) => void): void {
    const db = new BetterSqlite3(test.path);
    const size = db.prepare<[], number>('SELECT max(seq) FROM record').pluck().get() ?? 0;
    const note = db.prepare<[], string>('SELECT note FROM checkpoint ORDER BY size DESC').pluck().get() ?? '';
    const lines = note.split('\n');
    change(lines, size);
    db.prepare('INSERT INTO checkpoint VALUES (?, ?, 0)').run(size, lines.join('\n'));
    db.close();
  }

  it.each([
    ['with a signature of something else', (lines: string[], size: number) => lines.splice(1, 1, String(size))],
    ['that is no note', (lines: string[]) => lines.splice(0, 5, 'hello')],
  ])('%s is passed over, reported, and leaves the keychain alone', async (_name, change) => {
    await many(3);
    addRow(change);
    const before = keptInKeychain();
    const again = await reopen();
    expect(keptInKeychain()).toBe(before);
    expect(await codes(again.store)).toContain('checkpoint');
    await again.store.append(roleInput('goes on'));
    await again.store.close();
    expect(keptSize()).toBe(5);
    await (await reopen()).store.close();
  });

  it('that is genuine is kept in the keychain', async () => {
    await many(3);
    const before = new Map(test.secrets.entries);
    await test.store.close();
    for (const [name, secret] of before) test.secrets.entries.set(name, secret);
    expect(keptSize()).toBe(1);
    const again = await reopen();
    expect(keptSize()).toBe(4);
    expect(again.store.latestCheckpoint()?.size).toBe(4);
    await again.store.close();
  });

  it('that is genuine and of more records than there are blocks writing', async () => {
    await many(3);
    const before = new Map(test.secrets.entries);
    await test.store.close();
    for (const [name, secret] of before) test.secrets.entries.set(name, secret);
    edit(test.path, (db) => db.exec('DELETE FROM record WHERE seq > 2; DELETE FROM trail WHERE seq > 2'));
    const again = await reopen();
    expect(again.store.standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'rolled-back', source: 'database', seq: 3 }],
    });
    await again.store.close();
    expect(keptSize()).toBe(1);
  });
});

describe('damaged derived data locks nobody out', () => {
  it.each([
    ['a stored subtree', 'UPDATE tree_node SET hash = zeroblob(32) WHERE level = 8 AND place = 0'],
    ['a missing subtree', 'DELETE FROM tree_node'],
  ])('%s is made again from the records, and reported', async (_name, sql) => {
    await many(600);
    await test.store.checkpoint();
    edit(test.path, (db) => db.exec(sql));
    expect(await codes()).toContain('root');
    await test.store.close();
    const again = await reopen();
    expect(again.store.head().seq).toBe(601);
    await again.store.append(roleInput('goes on'));
    const verdict = await again.store.verify();
    expect(verdict.problems.every(({ code }) => code === 'root')).toBe(true);
    await again.store.close();
  });

  it('a subtree more than the records make is reported', async () => {
    edit(test.path, (db) => db.exec('INSERT INTO tree_node VALUES (9, 7, zeroblob(32))'));
    expect(await codes()).toEqual(['root']);
  });

  it('the newest checkpoint row', async () => {
    await many(2);
    await test.store.close();
    edit(test.path, (db) => db.exec("UPDATE checkpoint SET note = 'x' || note WHERE size = 3"));
    const again = await reopen();
    expect(again.store.latestCheckpoint()?.size).toBe(3);
    expect(await codes(again.store)).toEqual(['checkpoint']);
    await again.store.close();
  });

  it('checkpoints that were taken away are noticed', async () => {
    await many(5);
    await test.store.close();
    edit(test.path, (db) => db.exec('DELETE FROM checkpoint'));
    const again = await reopen();
    expect(await codes(again.store)).toEqual(['checkpoint', 'checkpoint']);
    await again.store.close();
  });

  it('what each checkpoint row is at odds with is said: its note, or the records', async () => {
    await many(4);
    await test.store.checkpoint();
    edit(test.path, (db) => db.exec('DELETE FROM record WHERE seq = 3; DELETE FROM trail WHERE seq = 3'));
    const missing = await test.store.verify();
    expect(missing.problems.map(({ message }) => message).join()).toContain('there are not 5 records');
    edit(test.path, (db) => db.exec('UPDATE checkpoint SET size = 4 WHERE size = 5'));
    const moved = await test.store.verify();
    expect(moved.problems.map(({ message }) => message).join()).toContain('kept as one of 4 records is of 5');
  });

  it('rows beside no record, or of no known action, are reported and not listed', async () => {
    await many(2);
    const columns = 'outcome, actor_type, actor_id, target_type, target_id, incident';
    edit(test.path, (db) => {
      db.exec(`INSERT INTO trail SELECT 99, time, action, ${columns} FROM trail WHERE seq = 2`);
      db.exec("INSERT INTO disclosure VALUES (77, '/x', zeroblob(32), zeroblob(32))");
      db.exec("UPDATE trail SET action = 'nothing' WHERE seq = 3");
    });
    expect(test.store.page({ limit: 10 }).rows.map(({ seq }) => seq)).toEqual([2, 1]);
    const { problems } = await test.store.verify();
    expect(problems.map(({ seq, code }) => [seq, code])).toEqual([
      [3, 'schema'],
      [99, 'schema'],
      [77, 'disclosure'],
    ]);
  });

  it("one person's damaged key keeps only records about that person from being written", async () => {
    await test.store.append(noteInput('inc-1', 'x', 'p1'));
    edit(test.path, (db) => db.exec('UPDATE subject_key SET wrapped = randomblob(length(wrapped))'));
    const results = await Promise.allSettled([
      test.store.append(roleInput('innocent')),
      test.store.append(noteInput('inc-1', 'y', 'p1')),
      test.store.append(noteInput('inc-1', 'z', 'p2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'audit-broken', reason: 'subject-key-damaged' } });
  });
});

/** @securityTest A record another connection slips in is not signed over */
describe('a record written by another connection', () => {
  function slipIn(after: { seq: number; hash: string; record: object }): void {
    const record = {
      ...after.record,
      seq: after.seq + 1,
      prev: after.hash,
      data: { user: 'evil', old: 'a', new: 'b' },
    };
    const bytes = Buffer.from(canonicalText(record));
    const db = new BetterSqlite3(test.path);
    db.prepare('INSERT INTO record (seq, hash, prev, sig, bytes) VALUES (?, ?, ?, ?, ?)').run(
      after.seq + 1,
      Buffer.from(hashRecord(bytes), 'hex'),
      Buffer.from(after.hash, 'hex'),
      Buffer.alloc(64),
      bytes,
    );
    db.close();
  }

  it('is refused by the next append and the next checkpoint', async () => {
    slipIn(await test.store.append(roleInput('u')));
    const before = keptInKeychain();
    const works = [test.store.append(roleInput('v')), test.store.checkpoint()];
    const reasons = (await Promise.allSettled(works)).map((work) => work.status === 'rejected' && work.reason.reason);
    expect(reasons).toEqual(['foreign-record', 'history-blocked']);
    expect(test.store.standing()).toMatchObject({ state: 'blocked' });
    expect(keptInKeychain()).toBe(before);
  });

  it('that holds is built upon, and checkpoints go forwards only', async () => {
    const other = await reopen();
    await test.store.append(roleInput('one'));
    for (let index = 0; index < 5; index++) await other.store.append(roleInput(`b${index}`));
    await other.store.checkpoint();
    test.clock.time += 16 * 60 * 1000;
    await test.store.append(roleInput('two'));
    await test.store.checkpoint();
    await other.store.append(roleInput('three'));
    await other.store.checkpoint();
    await test.store.checkpoint();
    expect(keptSize()).toBe(other.store.head().seq);
    expect(await codes()).toEqual([]);
    await other.store.close();
  });
});
