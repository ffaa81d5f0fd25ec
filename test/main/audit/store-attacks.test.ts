import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_MIGRATIONS } from '#main/audit/sqlite-schema.ts';
import { openDatabase } from '#main/platform/sqlite.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import { noteInput, openTestStore, removeFolder, roleInput, type TestStore } from '../../support/audit-store.ts';

let test: TestStore;
let hash = '';
beforeEach(async () => {
  test = await openTestStore();
  hash = (await test.store.append(noteInput('inc-1', 'one'))).hash;
  await test.store.append(roleInput('two'));
  await test.store.append(roleInput('three'));
  await test.store.checkpoint();
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

/** What the store says of its history when it is opened again: it can be read, and is not written. */
async function kinds(): Promise<readonly string[]> {
  const { store } = await openTestStore(test.folder, test.secrets);
  const { state, breaks } = store.standing();
  expect(state).toBe('blocked');
  await expect(store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'history-blocked' });
  await store.close();
  return breaks.map(({ kind }) => kind);
}

const COPY = 'hash, prev, sig, bytes';

/** @securityTest SQL run inside the process cannot change, delete, replace, skip or fork a record */
describe('somebody inside the process who can run SQL', () => {
  it.each([
    ['UPDATE of the bytes', "UPDATE record SET bytes = x'7b7d' WHERE seq = 2"],
    ['UPDATE of a hash', 'UPDATE record SET hash = zeroblob(32) WHERE seq = 2'],
    ['UPDATE of seq', 'UPDATE record SET seq = 99 WHERE seq = 4'],
    ['DELETE inside', 'DELETE FROM record WHERE seq = 2'],
    ['DELETE of the tail', 'DELETE FROM record WHERE seq = 4'],
    ['DELETE of all', 'DELETE FROM record'],
    ['REPLACE of a record', `REPLACE INTO record SELECT seq, ${COPY} FROM record WHERE seq = 2`],
    ['REPLACE of the newest', `INSERT OR REPLACE INTO record SELECT seq, ${COPY} FROM record WHERE seq = 4`],
    [
      'an upsert',
      `INSERT INTO record SELECT seq, ${COPY} FROM record WHERE seq = 2 ON CONFLICT (seq) DO UPDATE SET sig = zeroblob(64)`,
    ],
    ['a gap', 'INSERT INTO record SELECT 6, randomblob(32), hash, sig, bytes FROM record WHERE seq = 4'],
    ['a fork', 'INSERT INTO record SELECT 5, randomblob(32), prev, sig, bytes FROM record WHERE seq = 4'],
    ['a negative seq', `INSERT INTO record SELECT -1, ${COPY} FROM record WHERE seq = 1`],
    [
      'a record without seq',
      'INSERT INTO record (hash, prev, sig, bytes) SELECT randomblob(32), prev, sig, bytes FROM record WHERE seq = 4',
    ],
    ['the same record again', 'INSERT INTO record SELECT 5, hash, hash, sig, bytes FROM record WHERE seq = 4'],
    [
      'a text for the bytes',
      "INSERT INTO record SELECT 5, randomblob(32), hash, sig, 'text' FROM record WHERE seq = 4",
    ],
    ['UPDATE of the trail', "UPDATE trail SET actor_id = 'nobody' WHERE seq = 2"],
    ['DELETE from the trail', 'DELETE FROM trail WHERE seq = 2'],
    [
      'REPLACE in the trail',
      "REPLACE INTO trail SELECT seq, time, action, outcome, actor_type, 'nobody', target_type, target_id, incident FROM trail WHERE seq = 4",
    ],
    ['DELETE of a checkpoint', 'DELETE FROM checkpoint'],
    ['UPDATE of a checkpoint', "UPDATE checkpoint SET note = ''"],
    ['REPLACE of a checkpoint', "REPLACE INTO checkpoint VALUES (4, '', 0)"],
    ['a checkpoint of the future', "INSERT INTO checkpoint VALUES (5, '', 0)"],
    ['DELETE of a disclosure', 'DELETE FROM disclosure'],
    ["DELETE of a person's key", 'DELETE FROM subject_key'],
    ['another disclosure', "UPDATE disclosure SET box = x'00'"],
    ["another person's key", "UPDATE subject_key SET wrapped = x'00'"],
    ['a stored subtree', 'INSERT INTO tree_node VALUES (8, 0, zeroblob(32)), (8, 0, zeroblob(32))'],
    ['writable_schema', "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '' WHERE name = 'record_update'"],
  ])('%s is refused', async (_name, sql) => {
    const db = openDatabase(test.path, { what: 'the audit store', migrations: AUDIT_MIGRATIONS });
    try {
      expect(() => db.exec(sql)).toThrow();
    } finally {
      db.close();
    }
    const verdict = await test.store.verify();
    expect(verdict.problems).toEqual([]);
    await test.store.append(roleInput('goes on'));
  });

  it('DROP TRIGGER cannot be refused, and is noticed by checkpoint, verification and opening', async () => {
    const db = openDatabase(test.path, { what: 'the audit store', migrations: AUDIT_MIGRATIONS });
    db.exec('DROP TRIGGER record_update');
    db.close();
    expect((await test.store.verify()).problems.map(({ code }) => code)).toEqual(['schema']);
    await expect(test.store.checkpoint()).rejects.toMatchObject({ code: 'audit-broken', reason: 'schema-changed' });
    await test.store.close();
    expect(await kinds()).toEqual(['schema-changed']);
  });
});

/** Opens the file with nothing in the way, as the sqlite3 shell does, with all guards dropped and put back. */
function edit(path: string, sql: string): void {
  const db = new BetterSqlite3(path);
  db.pragma('foreign_keys = OFF');
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

const swap = (text: string) => `CAST(replace(CAST(bytes AS TEXT), ${text}) AS BLOB)`;

/** @securityTest What somebody with the database file changes is found by verification, with its record and reason */
describe('somebody with the database file', () => {
  it.each<[string, string, readonly ProblemCode[]]>([
    [
      'edits a record',
      `UPDATE record SET bytes = ${swap('\'"viewer"\', \'"owner"\'')} WHERE seq = 3`,
      ['hash', 'signature', 'chain'],
    ],
    ['edits a hash', 'UPDATE record SET hash = randomblob(32) WHERE seq = 3', ['hash']],
    ['edits a signature', 'UPDATE record SET sig = randomblob(64) WHERE seq = 3', ['signature']],
    ['deletes inside', 'DELETE FROM record WHERE seq = 3; DELETE FROM trail WHERE seq = 3', ['sequence', 'chain']],
    ['deletes the tail', 'DELETE FROM record WHERE seq = 4; DELETE FROM trail WHERE seq = 4', ['not-extension']],
    [
      'swaps two records',
      'UPDATE record SET seq = 99 WHERE seq = 3; UPDATE record SET seq = 3 WHERE seq = 4; UPDATE record SET seq = 4 WHERE seq = 99',
      ['sequence', 'chain'],
    ],
    ['hides a record from the trail', 'DELETE FROM trail WHERE seq = 3', ['schema']],
    ['lies about an actor', "UPDATE trail SET actor_id = 'nobody' WHERE seq = 3", ['schema']],
    ['lies about a link', 'UPDATE record SET prev = zeroblob(32) WHERE seq = 3', ['schema']],
    [
      'edits a checkpoint',
      "UPDATE checkpoint SET note = replace(note, 'causeway', 'causeless') WHERE size = 4",
      ['checkpoint'],
    ],
    ['moves a checkpoint', 'UPDATE checkpoint SET size = 3 WHERE size = 4', ['checkpoint']],
    ['changes a disclosure', 'UPDATE disclosure SET box = randomblob(80)', ['disclosure']],
    ['moves a disclosure', "UPDATE disclosure SET path = '/data/x' WHERE path = '/data/note'", ['disclosure']],
    ["changes a person's key", 'UPDATE subject_key SET wrapped = randomblob(60)', ['disclosure']],
    ['destroys the disclosures without a record of it', 'DELETE FROM disclosure', ['disclosure']],
    ['destroys the disclosures and keys of people', 'DELETE FROM disclosure; DELETE FROM subject_key', ['disclosure']],
  ])('%s', async (_name, sql, expected) => {
    edit(test.path, sql);
    const { problems } = await test.store.verify();
    expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining([...expected]));
  });

  it('names each value that is gone, unless an erasure of it is on record', async () => {
    edit(test.path, "DELETE FROM disclosure WHERE path = '/data/note'");
    const gone = await test.store.verify();
    expect(gone.problems).toEqual([
      {
        line: 0,
        seq: 2,
        code: 'disclosure',
        message: 'the value sealed at /data/note is missing, and no erasure of it is on record',
      },
    ]);
    await test.store.append({
      action: 'tenant.erasure_completed',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'erasure', id: 'r-1' },
      data: { request: 'r-1', certificate: '0'.repeat(64), erased: [{ seq: 2, path: '/data/note' }] },
    });
    const erased = await test.store.verify();
    expect(erased.problems).toEqual([]);
    expect(erased.sealed).toEqual({ disclosed: 1, withheld: 0, erased: 1, mismatched: 0 });
  });

  it('a value that is given as sealed, and nothing else, is not recorded', async () => {
    const note = { sealed: 'A'.repeat(43) };
    await expect(test.store.append({ ...noteInput('inc-1', 'x'), data: { note } })).rejects.toMatchObject({
      code: 'bad-input',
      reason: 'not-disclosed',
    });
  });

  const ROW = 'time, action, outcome, actor_type, actor_id, target_type, target_id, incident';
  it.each([
    ['a record before the first', `INSERT INTO record SELECT 0, ${COPY} FROM record WHERE seq = 2`, 'schema'],
    [
      'a row of the trail beside it',
      `INSERT INTO record SELECT 0, ${COPY} FROM record WHERE seq = 2; INSERT INTO trail SELECT 0, ${ROW} FROM trail WHERE seq = 2`,
      'schema',
    ],
    ['a checkpoint of a negative number', "INSERT INTO checkpoint VALUES (-5, '', 0)", 'schema'],
    ['a chain in the table of it', "INSERT INTO chain VALUES (1, 'other', 'other')", 'schema'],
    ['a key of nobody', 'INSERT INTO subject_key VALUES (randomblob(32), randomblob(60))', 'disclosure'],
    ['fewer checkpoints than the keychain counted', 'DELETE FROM checkpoint WHERE size = 1', 'checkpoint'],
  ])('%s, is found', async (_name, sql, code) => {
    edit(test.path, sql);
    const codes = (await test.store.verify()).problems.map((problem) => problem.code);
    expect(new Set(codes)).toEqual(new Set([code]));
  });

  it('takes a checkpoint away, and it stays missing after the next one', async () => {
    edit(test.path, 'DELETE FROM checkpoint WHERE size = 1');
    await test.store.append(roleInput('later'));
    await test.store.checkpoint();
    const message = 'of the checkpoints the keychain counted, 1 are missing in the store';
    expect((await test.store.verify()).problems).toEqual([{ line: 0, code: 'checkpoint', message }]);
  });

  it('an edited record is nothing to rest on', () => {
    expect(test.store.getVerified(hash)?.seq).toBe(2);
    edit(test.path, `UPDATE record SET bytes = ${swap("'inc-1', 'inc-9'")} WHERE seq = 2`);
    expect(() => test.store.getVerified(hash)).toThrow(CausewayError);
    expect(
      test.store
        .checkRecord(2)
        .filter((check) => check.state === 'fails')
        .map((check) => check.name),
    ).toEqual(['Hash', 'Signature', 'Links', 'Inclusion']);
  });

  it('a record whose neighbour was edited is nothing to rest on', () => {
    edit(test.path, `UPDATE record SET bytes = ${swap('\'"viewer"\', \'"owner"\'')} WHERE seq = 3`);
    expect(() => test.store.getVerified(test.store.get(4)?.hash ?? '')).toThrow(/does not hold/);
  });

  it('a deleted tail or an edited past is named at opening, and nothing is written upon it', async () => {
    await test.store.close();
    edit(test.path, `UPDATE record SET bytes = ${swap('\'"viewer"\', \'"owner"\'')} WHERE seq = 3`);
    expect(await kinds()).toEqual(['records-altered']);
    edit(
      test.path,
      'DELETE FROM record WHERE seq > 2; DELETE FROM trail WHERE seq > 2; DELETE FROM checkpoint WHERE size > 2',
    );
    expect(await kinds()).toEqual(['rolled-back']);
  });
});
