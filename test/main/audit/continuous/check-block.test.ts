import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RangeRequest } from '#main/audit/continuous/check-block.ts';
import { BLOCK } from '#main/audit/continuous/coverage.ts';
import { runJob, type VerifiedStore } from '#main/audit/continuous/jobs.ts';
import { noteInput, openTestStore, removeFolder, type TestStore } from '../../../support/audit-store.ts';
import { append, edit, filledStore, storedBytes, verifiedStore } from './checked-store.ts';

const RECORDS = BLOCK + 1500;
let test: TestStore;
let whole: VerifiedStore;
let folder: string;
let copy: string;

beforeAll(async () => {
  test = await filledStore(RECORDS - 1);
  await test.store.append(noteInput('inc-1', 'seen', 'p-1'));
  whole = verifiedStore(test);
}, 60_000);
afterAll(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-damage-'));
  copy = join(folder, 'audit.db');
  const db = new BetterSqlite3(test.path, { readonly: true });
  await db.backup(copy);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function check(block: number, more: Partial<RangeRequest> = {}, path = copy) {
  const to = Math.min((block + 1) * BLOCK, RECORDS);
  const request = { block, from: block * BLOCK, to, nodes: [], prev: null, roots: [], pin: null, ...more };
  const answer = await runJob({ ...whole, path }, { kind: 'range', request }, () => {});
  if (answer.kind !== 'range') throw new Error('another answer');
  return answer.found;
}

/** Enough of the first block for most damage. */
const SHORT = { to: 600 };

const found = async (block: number, more: Partial<RangeRequest> = {}) =>
  (await check(block, more)).problems.map(({ seq, code }) => `${seq ?? '-'} ${code}`);

describe('a block that holds', () => {
  it('is found good, from whichever block one begins', async () => {
    for (const block of [1, 0]) {
      const { problems, read, to, head } = await check(block);
      expect(problems).toEqual([]);
      expect(read).toBe(block === 0 ? BLOCK : RECORDS - BLOCK);
      expect(head).toBe(to === RECORDS ? test.store.head().hash : test.store.get(BLOCK)?.hash);
    }
  });

  it('goes on where an earlier check of it ended, and reads only what came since', async () => {
    const first = await check(1, { to: BLOCK + 700 });
    const nodes = (first.nodes ?? []).map((node) => Buffer.from(node, 'base64'));
    const rest = await check(1, { from: BLOCK + 700, nodes, prev: first.head });
    expect(rest).toMatchObject({ problems: [], read: RECORDS - BLOCK - 700, head: test.store.head().hash });
    expect(rest.nodes).toEqual((await check(1)).nodes);
  });
});

function sizes(): number[] {
  const db = new BetterSqlite3(copy, { readonly: true });
  try {
    return db.prepare<[], number>('SELECT size FROM checkpoint ORDER BY size').pluck().all();
  } finally {
    db.close();
  }
}

describe('damage is named by its record and reason', () => {
  const SEQ = 300;
  const set = (column: string, value: string, seq = SEQ) =>
    edit(copy, (db) => db.exec(`UPDATE record SET ${column} = ${value} WHERE seq = ${seq}`));

  it('a value', async () => {
    const bytes = storedBytes(copy, SEQ).toString('utf8').replace('operator', 'overlord');
    edit(copy, (db) => db.prepare('UPDATE record SET bytes = ? WHERE seq = ?').run(Buffer.from(bytes), SEQ));
    const problems = await found(0, { to: 1100 });
    expect(problems.slice(0, 3)).toEqual([`${SEQ} hash`, `${SEQ} signature`, `${SEQ + 1} chain`]);
    expect(problems.filter((text) => text.endsWith('root')).length).toBeGreaterThan(1); // subtrees and checkpoints over it
    expect(problems.slice(3).map((text) => text.split(' ')[1])).not.toContain('chain');
    expect(await found(1)).toEqual([]); // the subtrees before it are known by the later checkpoints
  });

  it.each([
    ['the stored hash', 'hash', 'zeroblob(32)', [`${SEQ} hash`]],
    ['the signature', 'sig', 'zeroblob(64)', [`${SEQ} signature`]],
    ['the link beside the bytes', 'prev', 'zeroblob(32)', [`${SEQ} schema`]],
  ])('%s', async (_name, column, value, expected) => {
    set(column, value);
    expect(await found(0, SHORT)).toEqual(expected);
  });

  it.each([
    ['the action in the trail', "UPDATE trail SET action = 'tenant.user_removed' WHERE seq = 300"],
    ['the time in the trail', 'UPDATE trail SET time = time + 1 WHERE seq = 300'],
    ['the actor in the trail', "UPDATE trail SET actor_id = 'nobody' WHERE seq = 300"],
    ['a row missing in the trail', 'DELETE FROM trail WHERE seq = 300'],
  ])('%s', async (_name, sql) => {
    edit(copy, (db) => db.exec(sql));
    expect(await found(0, SHORT)).toEqual(['300 schema']);
  });

  it('a record taken out', async () => {
    edit(copy, (db) => db.exec('DELETE FROM record WHERE seq = 300; DELETE FROM trail WHERE seq = 300'));
    const problems = await found(0, SHORT);
    expect(problems.slice(0, 2)).toEqual(['301 sequence', '301 chain']);
  });

  it('the last records of a block taken out', async () => {
    edit(copy, (db) => db.exec(`DELETE FROM record WHERE seq > ${RECORDS - 2}; DELETE FROM trail WHERE seq > 5594`));
    expect(await found(1)).toEqual([`${RECORDS - 1} sequence`]);
  });

  it('all records of a block taken out', async () => {
    edit(copy, (db) => db.exec(`DELETE FROM record WHERE seq <= ${BLOCK}; DELETE FROM trail WHERE seq <= ${BLOCK}`));
    expect((await found(0))[0]).toBe('1 sequence');
  });

  it('a subtree, without blaming the checkpoints after it', async () => {
    edit(copy, (db) => db.exec('UPDATE tree_node SET hash = zeroblob(32) WHERE level = 8 AND place = 1'));
    expect(await found(0, SHORT)).toEqual(['257 root']);
    edit(copy, (db) => db.exec('DELETE FROM tree_node WHERE level = 12'));
    expect(await found(0)).toEqual(['257 root', '1 root']);
    expect(await found(1)).toEqual([]);
    edit(copy, (db) => db.exec('INSERT INTO tree_node VALUES (12, 0, zeroblob(32))'));
    expect(await found(1)).toEqual([]);
  });

  it('a checkpoint: its note, its size, its root', async () => {
    const [, size = 0] = sizes();
    edit(copy, (db) => db.exec(`UPDATE checkpoint SET note = 'x' || note WHERE size = ${size}`));
    expect(await found(0, { to: size })).toEqual(['- checkpoint']);
    edit(copy, (db) => db.exec(`UPDATE checkpoint SET note = substr(note, 2), size = size - 1 WHERE size = ${size}`));
    const { problems } = await check(0, { to: size });
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      `checkpoint: the checkpoint kept as one of ${size - 1} records is of ${size}`,
    ]);
  });

  it('a value that cannot be decrypted, and one of another place', async () => {
    edit(copy, (db) => db.exec(`UPDATE disclosure SET box = randomblob(length(box)) WHERE path = '/data/note'`));
    expect(await found(1)).toEqual([`${RECORDS} disclosure`]);
  });

  it('a personal value taken out, unless a later record says it was erased', async () => {
    edit(copy, (db) => db.exec(`DELETE FROM disclosure WHERE path = '/data/note'`));
    expect(await found(1)).toEqual([`${RECORDS} disclosure`]);
    const small = await openTestStore();
    try {
      await small.store.append(noteInput('inc-1', 'seen', 'p-1'));
      await small.store.append({
        action: 'tenant.erasure_completed',
        outcome: 'success',
        actor: { type: 'system', id: 'causeway' },
        target: { type: 'erasure', id: 'r-1' },
        data: { request: 'r-1', certificate: '0'.repeat(64), erased: [{ seq: 2, path: '/data/note' }] },
      });
      edit(small.path, (db) => db.exec('DELETE FROM disclosure'));
      const request = { block: 0, from: 0, to: 2, nodes: [], prev: null, roots: [], pin: null };
      const { found } = await runJob(verifiedStore(small), { kind: 'range', request }, () => {});
      const message = 'the value sealed at /actor/name is missing, and no erasure of it is on record';
      expect(found.problems).toEqual([{ line: 0, seq: 2, code: 'disclosure', message }]);
    } finally {
      await small.store.close();
      removeFolder(small.folder);
    }
  });

  it('the link to the next block', async () => {
    const bytes = storedBytes(copy, BLOCK + 1)
      .toString('utf8')
      .replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${'a'.repeat(64)}"`);
    edit(copy, (db) => db.prepare('UPDATE record SET bytes = ? WHERE seq = ?').run(Buffer.from(bytes), BLOCK + 1));
    expect(await found(0)).toEqual([`${BLOCK + 1} chain`]);
    expect(await found(1)).toContain(`${BLOCK + 1} chain`);
  });
});

/** @securityTest A record that was checked once cannot be replaced, even by whoever holds the signing key */
describe('a record that was found good', () => {
  it('must be the same one when its block is checked again, or still be there', async () => {
    const good = { seq: RECORDS - 3, hash: test.store.get(RECORDS - 3)?.hash ?? '', at: 0, root: null };
    expect(await found(1, { pin: good })).toEqual([]);
    expect(await found(1, { pin: { ...good, hash: 'f'.repeat(64) } })).toEqual([`${good.seq} not-extension`]);
    expect(await found(1, { pin: { ...good, seq: RECORDS + 5 } })).toEqual([`${RECORDS + 5} not-extension`]);
  });
});

it('a file that is damaged is a finding, and one that is not there a failure', async () => {
  edit(copy, (db) => db.exec('VACUUM'));
  const { openSync, writeSync, closeSync, fstatSync } = await import('node:fs');
  const file = openSync(copy, 'r+');
  const { size } = fstatSync(file);
  for (let at = 4096 * 40; at < size - 4096; at += 4096 * 16) writeSync(file, Buffer.alloc(4096, 0x7f), 0, 4096, at);
  closeSync(file);
  expect(await found(0)).toContain('1 unreadable');
  await expect(check(0, {}, join(folder, 'nothing.db'))).rejects.toMatchObject({ code: 'read-only' });
});

it('keeps verifying while records come', async () => {
  await append(test, 10);
  expect((await check(1, { to: RECORDS + 10 }, test.path)).problems).toEqual([]);
});
