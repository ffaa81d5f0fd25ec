import { chmodSync, copyFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestStore, removeFolder, roleInput, type TestStore, temporaryFolder } from '../../support/audit-store.ts';

let test: TestStore;
beforeEach(async () => {
  test = await openTestStore();
  await test.store.append(roleInput('before'));
});
afterEach(async () => {
  await test.store.close().catch(() => undefined);
  removeFolder(test.folder);
});

const reopen = (folder = test.folder) => openTestStore(folder, test.secrets, test.clock);
const replaced = { code: 'audit-broken', reason: 'file-replaced' };

/** @securityTest Nothing is acknowledged that went into a file which no longer has its name */
describe('a database that is open, whose file', () => {
  it.each<readonly [string, () => void]>([
    ['was moved away', () => renameSync(test.path, `${test.path}.away`)],
    ['was deleted', () => rmSync(test.path)],
    [
      'was replaced by a copy',
      () => {
        copyFileSync(test.path, `${test.path}.copy`);
        renameSync(`${test.path}.copy`, test.path);
      },
    ],
    [
      'was replaced by a link to itself',
      () => {
        renameSync(test.path, `${test.path}.away`);
        symlinkSync(`${test.path}.away`, test.path);
      },
    ],
    ['lost its log', () => rmSync(`${test.path}-wal`)],
  ])('%s, takes no more records and no checkpoint', async (_name, change) => {
    change();
    const head = test.store.head();
    await expect(test.store.append(roleInput('after'))).rejects.toMatchObject(replaced);
    await expect(test.store.checkpoint()).rejects.toMatchObject(replaced);
    expect(test.store.head()).toEqual(head);
  });

  it('was moved away and put back, goes on', async () => {
    renameSync(test.path, `${test.path}.away`);
    await expect(test.store.append(roleInput('lost'))).rejects.toMatchObject(replaced);
    renameSync(`${test.path}.away`, test.path);
    expect((await test.store.append(roleInput('after'))).seq).toBe(3);
    expect((await test.store.verify()).problems).toEqual([]);
  });
});

/** @securityTest A folder or a database that was exchanged for a link does not begin a trail anew, or open another */
describe('a folder that became a link', () => {
  const elsewhere: string[] = [];
  afterEach(() => {
    for (const folder of elsewhere.splice(0)) removeFolder(folder);
  });

  function linkTo(target: string): void {
    elsewhere.push(`${test.folder}-before`, target);
    renameSync(test.folder, `${test.folder}-before`);
    symlinkSync(target, test.folder);
  }

  it('to an empty folder is refused', async () => {
    await test.store.close();
    linkTo(temporaryFolder());
    await expect(reopen()).rejects.toMatchObject({ code: 'audit-broken', reason: 'database-missing' });
  });

  it('to the folder of another chain is refused', async () => {
    await test.store.close();
    const other = await openTestStore(temporaryFolder(), test.secrets, test.clock);
    await other.store.close();
    linkTo(other.folder);
    await expect(reopen()).rejects.toMatchObject({ code: 'audit-broken', reason: 'chain-replaced' });
  });

  it('to where it was moved opens the same chain, by either name', async () => {
    await test.store.close();
    const moved = `${test.folder}-moved`;
    elsewhere.push(moved);
    renameSync(test.folder, moved);
    symlinkSync(moved, test.folder);
    for (const folder of [test.folder, moved]) {
      const { store } = await reopen(folder);
      expect(store.chain).toBe(test.store.chain);
      await store.close();
    }
    rmSync(join(moved, 'audit.db'));
    await expect(reopen(moved)).rejects.toMatchObject({ reason: 'database-missing' });
  });

  it('is refused where the database itself is one, and what it leads to is left alone', async () => {
    await test.store.close();
    const folder = temporaryFolder();
    elsewhere.push(folder);
    const target = join(folder, 'other.db');
    renameSync(test.path, target);
    chmodSync(target, 0o644);
    symlinkSync(target, test.path);
    await expect(reopen()).rejects.toMatchObject({ code: 'audit-broken', reason: 'file-linked' });
    expect(statSync(target).mode & 0o777).toBe(0o644);
  });
});
