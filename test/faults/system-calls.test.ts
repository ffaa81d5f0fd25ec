import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  copySite,
  createSite,
  expectSound,
  type FaultSite,
  removeSite,
  restoreSite,
  runWriter,
} from './fault-store.ts';

/** The calls that change or read what is on the disk, or decide whether it can be reached. */
const CALLS = [
  'pwrite64',
  'write',
  'fsync',
  'fdatasync',
  'ftruncate',
  'fallocate',
  'openat',
  'unlink',
  'pread64',
  'mmap',
];
/** Of these, the ones that leave the disk as it is: to be killed at one is to be killed after the call before it. */
const READING: ReadonlySet<string> = new Set(['pread64', 'mmap']);
const LANES = 2;
const UNAVAILABLE = ['audit-unavailable', 'read-only'];

const sites: FaultSite[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) removeSite(site);
});

function newSite(): FaultSite {
  const site = createSite();
  sites.push(site);
  return site;
}

const strace = spawnSync('strace', ['-f', 'true'], { stdio: 'ignore' }).status === 0;

/** strace, looking only at calls that concern the database's files. */
function under(site: FaultSite, log: string, calls: string, ...inject: string[]): string[] {
  const files = ['audit.db', 'audit.db-wal', 'audit.db-shm'].flatMap((name) => ['-P', join(site.folder, name)]);
  return ['strace', '-f', '-qq', '-o', log, ...files, '-e', `trace=${calls}`, ...inject.flatMap((one) => ['-e', one])];
}

/** A store with a past, so that opening it has something to read. */
async function begun(): Promise<{ readonly site: FaultSite; readonly known: ReadonlyMap<number, string> }> {
  const site = newSite();
  const { acknowledged, ended } = await runWriter(site, { mode: 'short' });
  expect(ended).toBe(true);
  return { site, known: acknowledged };
}

/** How often a writer makes each of the calls when nothing goes wrong. */
async function countCalls(site: FaultSite): Promise<ReadonlyMap<string, number>> {
  const log = join(site.root, 'calls');
  const { ended, errors } = await runWriter(site, { mode: 'short', under: under(site, log, CALLS.join(',')) });
  expect(ended, errors).toBe(true);
  const counts = new Map<string, number>();
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const call = /^\d+ +(\w+)\(/.exec(line)?.[1];
    if (call !== undefined) counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

interface Fault {
  readonly call: string;
  readonly number: number;
  readonly what: string;
}

/** Runs a writer on a copy for each fault, and hands what came of it to the check. */
async function withEach(
  faults: readonly Fault[],
  check: (fault: Fault, run: Awaited<ReturnType<typeof runWriter>>) => void,
): Promise<number> {
  const { site: origin, known } = await begun();
  let next = 0;
  let met = 0;
  const lane = async () => {
    const site = newSite();
    // the keychain names a workspace by its folder: each lane makes its own past in its own folder
    const { acknowledged } = await runWriter(site, { mode: 'short' });
    const past = copySite(site);
    sites.push(past);
    for (let fault = faults[next++]; fault !== undefined; fault = faults[next++]) {
      const { call, number, what } = fault;
      restoreSite(site, past);
      const log = join(site.root, 'log');
      const run = await runWriter(site, {
        mode: 'short',
        under: under(site, log, call, `inject=${call}:${what}:when=${number}`),
      });
      if (run.signal === null && !readFileSync(log, 'utf8').includes('(INJECTED)')) continue; // made fewer calls this time
      met++;
      check(fault, run);
      const all = new Map([...acknowledged, ...run.acknowledged]);
      await expectSound(site, all).catch((error: unknown) => {
        throw new Error(`after ${what} at ${call} ${number}: ${String(error)}`, { cause: error });
      });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await expectSound(origin, known);
  return met;
}

async function everyCall(what: string): Promise<Fault[]> {
  const { site } = await begun();
  const counts = await countCalls(site);
  return [...counts].flatMap(([call, count]) =>
    Array.from({ length: count }, (_, index) => ({ call, number: index + 1, what })),
  );
}

/** @securityTest Whatever file system call fails or is the last one, no acknowledged record is lost and no half one stays. */
describe.skipIf(!strace)('at every file system call on the database', () => {
  it('a writer is killed', { timeout: 600_000 }, async () => {
    const faults = (await everyCall('signal=KILL')).filter(({ call }) => !READING.has(call));
    expect(faults.length).toBeGreaterThan(60);
    const met = await withEach(faults, ({ call, number }, run) => {
      expect(run.signal, `${call} ${number}: ${run.errors}`).toBe('SIGKILL');
    });
    expect(met).toBeGreaterThan(faults.length * 0.9);
  });

  it('the call fails', { timeout: 600_000 }, async () => {
    // one read that fails is like the next: every third of those, and whatever changes something
    const faults = (await everyCall('error=EIO')).filter(({ call, number }) => !READING.has(call) || number % 3 === 1);
    const met = await withEach(faults, ({ call, number }, run) => {
      expect(run.ended, `${call} ${number}: ${run.errors}`).toBe(true);
      // what was not done is said; SQLite calls a page it could not read a damaged one
      const told = call === 'pread64' ? [...UNAVAILABLE, 'audit-broken'] : UNAVAILABLE;
      for (const code of [...run.refused, ...run.failed]) expect(told, `${call} ${number}`).toContain(code);
    });
    expect(met).toBeGreaterThan(faults.length * 0.9);
  });

  it('the disk is full', { timeout: 600_000 }, async () => {
    const faults = (await everyCall('error=ENOSPC')).filter(
      ({ call, number }) => /write|fallocate|ftruncate/.test(call) && number % 3 === 0,
    );
    const met = await withEach(faults, ({ call, number }, run) => {
      expect(run.ended, `${call} ${number}: ${run.errors}`).toBe(true);
      for (const code of [...run.refused, ...run.failed]) expect(['disk-full', 'audit-unavailable']).toContain(code);
    });
    expect(met).toBeGreaterThan(0);
  });
});
