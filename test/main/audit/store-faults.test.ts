import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { openTestStore, removeFolder, roleInput, TEST_GENERATOR, temporaryFolder } from '../../support/audit-store.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

const WRITER = fileURLToPath(new URL('../../support/audit-writer.ts', import.meta.url));

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0).reverse()) clean();
});

function scratch(): string {
  const folder = temporaryFolder();
  cleanups.push(() => removeFolder(folder));
  return folder;
}

/** Mounts a small file system, if this user may. */
function mountSmall(options: string): string | null {
  const point = scratch();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', point], { stdio: 'ignore' });
  } catch {
    return null;
  }
  cleanups.push(() => execFileSync('umount', ['-l', point]));
  return point;
}

function remount(point: string, options: string): void {
  execFileSync('mount', ['-o', `remount,${options}`, point]);
}

/** Runs the writer until it has said `lines` lines, then kills it without a chance to react. */
function runAndKill(folder: string, secretsFile: string, lines: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, folder, secretsFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('close', (_code, signal) => (signal === 'SIGKILL' ? resolve(text) : reject(new Error(errors))));
  });
}

describe('a killed writer', () => {
  it('loses no acknowledged record and leaves no half one', { timeout: 60_000 }, async () => {
    const folder = scratch();
    const secretsFile = join(scratch(), 'secrets.json');
    const acknowledged = new Map<number, string>();
    for (const lines of [1, 7, 40, 133, 290]) {
      const text = await runAndKill(folder, secretsFile, lines);
      for (const line of text.split('\n').slice(0, -1)) {
        const [seq, hash = ''] = line.split(' ');
        acknowledged.set(Number(seq), hash);
      }
    }
    const secrets = new MemorySecrets();
    for (const [name, value] of JSON.parse(readFileSync(secretsFile, 'utf8')) as [string, string][]) {
      secrets.entries.set(name, Buffer.from(value, 'base64'));
    }
    const { store } = await openTestStore(folder, secrets);
    expect(acknowledged.size).toBeGreaterThan(300);
    for (const [seq, hash] of acknowledged) expect(store.get(seq)?.hash).toBe(hash);
    expect((await store.verify()).problems).toEqual([]);
    await store.close();
  });
});

describe('a full disk', () => {
  it('refuses, loses nothing, and goes on when there is space again', async ({ skip }) => {
    const point = mountSmall('size=1m');
    if (point === null) return skip('mounting a file system needs more rights than this user has');
    const { store, secrets, clock } = await openTestStore(join(point, 'store'));
    let written = 0;
    let error: unknown;
    while (error === undefined && written < 5000) {
      await store.append(roleInput(`u${written}`)).then(
        () => written++,
        (reason: unknown) => {
          error = reason;
        },
      );
    }
    expect(error).toMatchObject({ code: 'disk-full' });
    expect(store.head().seq).toBe(written + 1);
    const file = join(point, 'out.chain.jsonl');
    await expect(store.exportChain(file, { disclose: true, generator: TEST_GENERATOR })).rejects.toMatchObject({
      code: 'disk-full',
    });
    expect(readdirSync(point)).toEqual(['store']);
    remount(point, 'size=8m');
    await store.append(roleInput('again'));
    expect((await store.verify()).problems).toEqual([]);
    await store.close();
    const again = await openTestStore(join(point, 'store'), secrets, clock);
    expect(again.store.head().seq).toBeGreaterThanOrEqual(written + 2);
    await again.store.exportChain(file, { disclose: true, generator: TEST_GENERATOR });
    expect((await verifyChainFile(file)).verdict).toBe('valid');
    await again.store.close();
  });

  it('leaves no half export behind', async ({ skip }) => {
    const point = mountSmall('size=64k');
    if (point === null) return skip('mounting a file system needs more rights than this user has');
    const { store } = await openTestStore(scratch());
    await Promise.all(Array.from({ length: 200 }, (_, index) => store.append(roleInput(`u${index}`))));
    const file = join(point, 'out.chain.jsonl');
    const promise = store.exportChain(file, { disclose: true, generator: TEST_GENERATOR });
    await expect(promise).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(point)).toEqual([]);
    expect(store.get(store.head().seq)?.record).toMatchObject({ action: 'tenant.audit_exported', outcome: 'failure' });
    await store.close();
  });
});

describe('a folder that cannot be written', () => {
  it('on a read-only file system', async ({ skip }) => {
    const point = mountSmall('size=4m');
    if (point === null) return skip('mounting a file system needs more rights than this user has');
    const { store, secrets } = await openTestStore(join(point, 'store'));
    await store.append(roleInput('a'));
    await store.close();
    remount(point, 'ro');
    await expect(openTestStore(join(point, 'store'), secrets)).rejects.toMatchObject({ code: 'read-only' });
    await expect(openTestStore(join(point, 'other'))).rejects.toMatchObject({ code: 'read-only' });
  });

  it('because it is a file', async () => {
    const path = join(scratch(), 'file');
    writeFileSync(path, '');
    await expect(openTestStore(path)).rejects.toMatchObject({ code: 'read-only' });
    await expect(openTestStore(join(path, 'below'))).rejects.toMatchObject({ code: 'read-only' });
  });
});

describe('a file that is not the database', () => {
  it.each([
    ['text', Buffer.from('this is no database, but long enough to be looked at '.repeat(100))],
    ['a damaged header', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4096, 0xff)])],
  ])('%s is refused', async (_name, bytes) => {
    const folder = scratch();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'audit.db'), bytes);
    await expect(openTestStore(folder)).rejects.toMatchObject({ code: 'audit-broken' });
  });
});
