import { hash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import {
  openTestStore,
  removeFolder,
  roleInput,
  type TestStore,
  temporaryFolder,
} from '../../../support/audit-store.ts';

let test: TestStore;
let folder: string;
let open: AuditStore[] = [];
beforeEach(async () => {
  test = await openTestStore();
  open = [test.store];
  folder = temporaryFolder();
  await test.store.append(roleInput('one'));
});
afterEach(async () => {
  for (const store of open) await store.close().catch(() => undefined);
  removeFolder(test.folder);
  removeFolder(folder);
});

const by = { actor: { type: 'user' as const, id: 'u-1', name: seal('u-1', 'Demo Person') }, device: { id: 'd-1' } };
const file = () => join(folder, `${test.store.chain}.checkpoint`);
const sizeIn = () => Number(readFileSync(file(), 'utf8').split('\n')[1]);

async function reopen(): Promise<AuditStore> {
  const { store } = await openTestStore(test.folder, test.secrets, test.clock);
  open.push(store);
  return store;
}

/** Puts back the database and what the keychain knew then: only somebody else can tell. */
function snapshot(): () => void {
  const copy = join(test.folder, 'copy.db');
  const db = new BetterSqlite3(test.path);
  db.exec(`VACUUM INTO '${copy}'`);
  db.close();
  const entries = new Map(test.secrets.entries);
  return () => {
    for (const suffix of ['-wal', '-shm']) rmSync(test.path + suffix, { force: true });
    copyFileSync(copy, test.path);
    test.secrets.entries.clear();
    for (const [name, secret] of entries) test.secrets.entries.set(name, secret);
  };
}

/** @securityTest A folder elsewhere tells a database that was rolled back together with the keychain */
describe('a witness folder', () => {
  it('has every checkpoint, from the first one on, and nothing else', async () => {
    await test.store.addWitnessFolder(folder, by);
    expect(sizeIn()).toBe(test.store.latestCheckpoint()?.size);
    await test.store.append(roleInput('two'));
    const { size } = await test.store.checkpoint();
    await test.store.close();
    expect(sizeIn()).toBe(size);
    expect(readdirSync(folder)).toEqual([`${test.store.chain}.checkpoint`]);
    const again = await reopen();
    expect(again.witnessFolders()).toMatchObject([{ path: folder, size }]);
  });

  it('tells a database and a keychain that were both put back, and goes on after the acknowledgement', async () => {
    await test.store.addWitnessFolder(folder, by);
    await test.store.checkpoint();
    const restore = snapshot();
    await test.store.append(roleInput('two'));
    await test.store.append(roleInput('three'));
    await test.store.close();
    restore();
    const blocked = await reopen();
    expect(blocked.standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'rolled-back', source: folder, seq: 4 }],
    });
    expect(blocked.witnessFolders()).toMatchObject([{ state: 'contradicts', size: 5 }]);
    await blocked.close();
    expect(sizeIn()).toBe(5);
    const again = await reopen();
    await again.acknowledgeBreak({ ...by, justification: seal('u-1', 'Both were put back.') });
    await again.close();
    expect(sizeIn()).toBe(4);
    // what was given up stays where it was kept
    expect(readdirSync(folder).some((name) => name.includes('.superseded-5-'))).toBe(true);
    const later = await reopen();
    expect(later.standing()).toMatchObject({
      state: 'acknowledged',
      breaks: [{ kind: 'rolled-back', source: folder }],
    });
    await later.append(roleInput('goes on'));
    await later.checkpoint();
    expect((await later.verify()).problems).toContainEqual(expect.objectContaining({ code: 'not-extension' }));
  });

  it('tells another history of the same length', async () => {
    await test.store.addWitnessFolder(folder, by);
    await test.store.checkpoint();
    const restore = snapshot();
    await test.store.append(roleInput('two'));
    await test.store.close();
    const genuine = readFileSync(file());
    restore();
    rmSync(file());
    const other = await reopen();
    await other.append(roleInput('another two'));
    await other.close();
    writeFileSync(file(), genuine);
    expect((await reopen()).standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'forked', source: folder }],
    });
  });

  it('that had another history before it was added blocks at once', async () => {
    await test.store.checkpoint();
    const restore = snapshot();
    const elsewhere = join(test.folder, '..', `${folder.split('/').at(-1)}-more`);
    mkdirSync(elsewhere);
    await test.store.addWitnessFolder(elsewhere, by);
    for (let index = 0; index < 5; index++) await test.store.append(roleInput('more'));
    await test.store.close();
    copyFileSync(join(elsewhere, `${test.store.chain}.checkpoint`), file());
    removeFolder(elsewhere);
    restore();
    const store = await reopen();
    await store.addWitnessFolder(folder, by);
    expect(store.standing()).toMatchObject({ state: 'blocked', breaks: [{ kind: 'rolled-back', source: folder }] });
    await expect(store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'history-blocked' });
  });

  it('whose list in the workspace was deleted is asked all the same', async () => {
    await test.store.addWitnessFolder(folder, by);
    await test.store.close();
    rmSync(join(test.folder, 'witness-folders.json'));
    const first = await reopen();
    expect(first.witnessFolders()).toMatchObject([{ path: folder }]);
    expect(JSON.parse(readFileSync(join(test.folder, 'witness-folders.json'), 'utf8'))).toEqual({ folders: [folder] });
  });

  it('that only the list in the workspace names is neither read nor written: the keychain says which there are', async () => {
    await test.store.close();
    const list = join(test.folder, 'witness-folders.json');
    writeFileSync(list, JSON.stringify({ folders: [folder] }));
    const store = await reopen();
    expect(store.witnessFolders()).toEqual([]);
    await store.append(roleInput('two'));
    await store.close();
    expect(readdirSync(folder)).toEqual([]);
    expect(JSON.parse(readFileSync(list, 'utf8'))).toEqual({ folders: [] });
  });

  it.each<[string, () => void, string]>([
    ['with a file that is no checkpoint', () => writeFileSync(file(), 'hello'), 'empty'],
    [
      'with a checkpoint nobody of this chain signed',
      () => {
        writeFileSync(file(), readFileSync(file(), 'utf8').replace(/\n2\n|\n3\n/, '\n99\n'));
      },
      'empty',
    ],
    ['that is gone', () => removeFolder(folder), 'unreachable'],
    [
      'in whose place is a file',
      () => {
        removeFolder(folder);
        writeFileSync(folder, '');
      },
      'unreachable',
    ],
  ])('%s proves nothing and stops nothing', async (_name, change) => {
    await test.store.addWitnessFolder(folder, by);
    await test.store.close();
    change();
    const store = await reopen();
    expect(store.standing()).toEqual({ state: 'whole', breaks: [] });
    await store.append(roleInput('goes on'));
    await store.checkpoint();
    await store.close();
  });

  it.skipIf(process.getuid?.() === 0)('that cannot be written is told, and the checkpoint is made', async () => {
    await test.store.addWitnessFolder(folder, by);
    chmodSync(folder, 0o500);
    await test.store.append(roleInput('two'));
    await test.store.checkpoint();
    await test.store.close();
    chmodSync(folder, 0o700);
    expect(test.store.witnessFolders()).toMatchObject([{ state: 'unreachable' }]);
  });

  /** @securityTest A path names people; what stands in a record for good is its digest */
  it('is refused inside the workspace and where there is none; removing it is on record, without its path', async () => {
    const inside = join(test.folder, 'inside');
    mkdirSync(inside);
    for (const path of [inside, test.folder, join(folder, 'nothing')]) {
      await expect(test.store.addWitnessFolder(path, by)).rejects.toMatchObject({ code: 'bad-input' });
    }
    await test.store.addWitnessFolder(folder, by);
    await test.store.addWitnessFolder(folder, by);
    await test.store.removeWitnessFolder(folder, by);
    await test.store.append(roleInput('two'));
    await test.store.checkpoint();
    expect(sizeIn()).toBe(3);
    const changes = test.store.page({ action: 'tenant.configuration_changed', limit: 10 }).rows;
    const digest = hash('sha256', realpathSync(folder), 'hex');
    expect(changes.map(({ seq }) => test.store.get(seq)?.record.data)).toEqual([
      { setting: 'witness-folder', old: digest, new: null },
      { setting: 'witness-folder', old: null, new: digest },
    ]);
  });
});
