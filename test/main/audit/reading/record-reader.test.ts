import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecordReader, type RecordReader } from '#main/audit/reading/record-reader.ts';
import { openTestStore, removeFolder, roleInput, type TestStore } from '../../../support/audit-store.ts';

let open: TestStore;
let reader: RecordReader | undefined;
beforeEach(async () => {
  open = await openTestStore();
  for (let index = 0; index < 5; index++) await open.store.append(roleInput(`user-${index}`));
});
afterEach(async () => {
  reader?.close();
  reader = undefined;
  await open.store.close();
  removeFolder(open.folder);
});

test('a reader sees the records as they were when it was opened', async () => {
  const { store } = open;
  reader = openRecordReader(structuredClone(store.reader()));
  await store.append(roleInput('user-9'));
  expect([reader.chain, reader.tenant, reader.last]).toEqual([store.chain, store.tenant, 6]);
  const found = [...reader.read(1, 100)];
  expect(found.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { seq, bytes, hash } of found) {
    expect([Buffer.from(bytes), hash]).toEqual([Buffer.from(store.get(seq)?.bytes ?? []), store.get(seq)?.hash]);
  }
  expect([...reader.read(3, 4)].map(({ seq }) => seq)).toEqual([3, 4]);
});

test('one can be looked up while others are gone through', () => {
  reader = openRecordReader(open.store.reader());
  const seen: number[] = [];
  for (const { seq } of reader.read(2, 4)) {
    for (const other of reader.read(seq - 1, seq - 1)) seen.push(other.seq);
  }
  expect(seen).toEqual([1, 2, 3]);
});

test('it knows the newest checkpoint up to a size, and says when that is damaged', async () => {
  const { store } = open;
  expect(openAndAsk(6)).toMatchObject({ size: 1 }); // a chain begins with one
  expect(openAndAsk(0)).toBeNull();
  const first = await store.checkpoint();
  await store.append(roleInput('user-9'));
  const second = await store.checkpoint();
  expect(openAndAsk(6)).toEqual({ size: 6, root: first.root, at: first.at });
  expect(openAndAsk(7)).toEqual({ size: 7, root: second.root, at: second.at });
  expect(openAndAsk(5)).toMatchObject({ size: 1 });
  const db = new BetterSqlite3(join(open.folder, 'audit.db'));
  for (const name of db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all()) {
    db.exec(`DROP TRIGGER ${name}`);
  }
  db.exec("UPDATE checkpoint SET note = 'torn' WHERE size = 7");
  db.close();
  expect(openAndAsk(7)).toMatchObject({ size: 7, root: '' });
});

function openAndAsk(upTo: number): ReturnType<RecordReader['checkpoint']> {
  const asked = openRecordReader(open.store.reader());
  try {
    return asked.checkpoint(upTo);
  } finally {
    asked.close();
  }
}
