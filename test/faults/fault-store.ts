import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openTestStore, removeFolder, temporaryFolder } from '../support/audit-store.ts';
import { MemorySecrets } from '../support/memory-secrets.ts';

const WRITER = fileURLToPath(new URL('./fault-writer.ts', import.meta.url));

/** A store's folder and the secrets beside it, for writers that run in processes of their own. */
export interface FaultSite {
  readonly root: string;
  readonly folder: string;
  readonly secretsFile: string;
}

export function createSite(): FaultSite {
  const root = temporaryFolder();
  const folder = join(root, 'store');
  mkdirSync(folder);
  return { root, folder, secretsFile: join(root, 'secrets.json') };
}

/** Puts the copy of a site where the site was: the keychain knows a workspace by its folder. */
export function restoreSite(site: FaultSite, copy: FaultSite): void {
  rmSync(site.folder, { recursive: true, force: true });
  cpSync(copy.folder, site.folder, { recursive: true });
  cpSync(copy.secretsFile, site.secretsFile);
}

export function copySite(site: FaultSite): FaultSite {
  const copy = createSite();
  restoreSite(copy, site);
  return copy;
}

export function removeSite({ root }: FaultSite): void {
  removeFolder(root);
}

export interface WriterRun {
  readonly acknowledged: ReadonlyMap<number, string>;
  readonly refused: readonly string[];
  readonly failed: readonly string[];
  /** Head at opening; null when the store was not opened. */
  readonly opened: number | null;
  readonly ended: boolean;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

export interface RunOptions {
  readonly mode: 'endless' | 'short';
  /** A program the writer runs under, with its arguments. */
  readonly under?: readonly string[];
  /** Called when the writer was started, and with each line it says. */
  readonly onStart?: (child: ChildProcess) => void;
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

export function runWriter(site: FaultSite, { mode, under = [], onStart, onLine }: RunOptions): Promise<WriterRun> {
  const [program = process.execPath, ...args] = [
    ...under,
    process.execPath,
    WRITER,
    site.folder,
    site.secretsFile,
    mode,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let told = 0;
    let errors = '';
    child.on('error', reject);
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\n', told); end >= 0; end = text.indexOf('\n', told)) {
        onLine?.(text.slice(told, end), child);
        told = end + 1;
      }
    });
    child.on('close', (_status, signal) => resolve({ ...readLines(text), signal, errors }));
    onStart?.(child);
  });
}

function readLines(text: string): Omit<WriterRun, 'signal' | 'errors'> {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '));
  const of = (word: string) => lines.filter(([first]) => first === word).map(([, ...rest]) => rest);
  return {
    acknowledged: new Map(of('ack').map(([seq, hash = '']) => [Number(seq), hash])),
    refused: of('refused').map(([code = '']) => code),
    failed: of('failed').map(([code = '']) => code),
    opened: of('open').map(([seq]) => Number(seq))[0] ?? null,
    ended: of('end').length > 0,
  };
}

/**
 * What has to hold after every fault: the store opens without a word about its history, every record that was ever
 * acknowledged is there as it was acknowledged, and everything in it is whole. Returns the number of records.
 */
export async function expectSound(site: FaultSite, acknowledged: ReadonlyMap<number, string>): Promise<number> {
  const secrets = new MemorySecrets();
  for (const [name, value] of JSON.parse(readFileSync(site.secretsFile, 'utf8')) as [string, string][]) {
    secrets.entries.set(name, Buffer.from(value, 'base64'));
  }
  const { store } = await openTestStore(site.folder, secrets);
  try {
    for (const [seq, hash] of acknowledged) expect(store.get(seq)?.hash, `record ${seq}`).toBe(hash);
    expect((await store.verify()).problems.filter(({ code }) => code !== 'time')).toEqual([]);
    return store.head().seq;
  } finally {
    await store.close();
  }
}
