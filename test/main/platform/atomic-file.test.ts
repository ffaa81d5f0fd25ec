import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syncFolder, writeDurably, writeFileAtomically } from '#main/platform/atomic-file.ts';
import { systemRandom } from '#main/platform/random.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => removeFolder(folder));

const file = () => join(folder, 'file');
const write = (text: string, beforeNamed?: () => Promise<void>) =>
  writeFileAtomically(file(), Buffer.from(text), systemRandom, beforeNamed);

describe('a file written atomically', () => {
  it('takes the place of the old one, for its owner only', async () => {
    writeFileSync(file(), 'old', { mode: 0o644 });
    await write('new');
    expect(readFileSync(file(), 'utf8')).toBe('new');
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('is whole beside its place, and the old one in it, when the step before its name runs', async () => {
    writeFileSync(file(), 'old');
    let seen: string[] = [];
    await write('new', async () => {
      seen = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    });
    expect(seen.sort()).toEqual(['new', 'old']);
    expect(readFileSync(file(), 'utf8')).toBe('new');
  });

  it('leaves the old one and nothing else when that step rejects', async () => {
    writeFileSync(file(), 'old');
    await expect(write('new', () => Promise.reject(new Error('not now')))).rejects.toThrow('not now');
    expect(readFileSync(file(), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('leaves nothing when it cannot have its name', async () => {
    mkdirSync(join(file(), 'not empty'), { recursive: true });
    await expect(write('new')).rejects.toMatchObject({ syscall: 'rename' });
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is written in a folder one may write to and not read',
    async () => {
      chmodSync(folder, 0o300);
      await write('new').finally(() => chmodSync(folder, 0o700));
      expect(readFileSync(file(), 'utf8')).toBe('new');
    },
  );
});

it('a file that is there is not written over', async () => {
  writeFileSync(file(), 'old');
  await expect(writeDurably(file(), Buffer.from('new'))).rejects.toMatchObject({ code: 'EEXIST' });
  expect(readFileSync(file(), 'utf8')).toBe('old');
});

it.skipIf(process.platform === 'win32')('a folder that is not there cannot be made durable', async () => {
  await expect(syncFolder(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
});
