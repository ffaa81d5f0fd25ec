import BetterSqlite3 from 'better-sqlite3';
import { type CoverageState, NOTHING_CHECKED } from '#main/audit/continuous/coverage.ts';
import type { SavedCoverage } from '#main/audit/continuous/coverage-file.ts';
import { type Job, runJob, type VerifiedStore } from '#main/audit/continuous/jobs.ts';
import type { JobRunner } from '#main/audit/continuous/verifier-thread.ts';
import type { RecordRow } from '#main/audit/sqlite-rows.ts';
import { openTestStore, roleInput, type TestStore } from '../../../support/audit-store.ts';

/** Opens the file with nothing in the way, as the sqlite3 shell does, with all guards dropped and put back. */
export function edit(path: string, change: (db: BetterSqlite3.Database) => void): void {
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

export const EMPTY: SavedCoverage = { state: NOTHING_CHECKED, told: [] };

export function storedBytes(path: string, seq: number): Buffer {
  const db = new BetterSqlite3(path, { readonly: true });
  try {
    return db.prepare<[number], RecordRow>('SELECT * FROM record WHERE seq = ?').get(seq)?.bytes ?? Buffer.alloc(0);
  } finally {
    db.close();
  }
}

/** Gives a record another outcome than the one it was written with, whichever that is, and nothing else. */
export function alterOutcome(path: string, seq: number): void {
  const bytes = storedBytes(path, seq).toString('utf8');
  const altered = bytes.includes('"outcome":"success"')
    ? bytes.replace('"outcome":"success"', '"outcome":"failure"')
    : bytes.replace(/"outcome":"\w+"/, '"outcome":"success"');
  if (altered === bytes) throw new Error(`record ${seq} has no outcome`);
  edit(path, (db) => db.prepare('UPDATE record SET bytes = ? WHERE seq = ?').run(Buffer.from(altered, 'utf8'), seq));
}

export function signatureOf(path: string, seq: number): Buffer {
  const db = new BetterSqlite3(path, { readonly: true });
  try {
    return db.prepare<[number], RecordRow>('SELECT * FROM record WHERE seq = ?').get(seq)?.sig ?? Buffer.alloc(0);
  } finally {
    db.close();
  }
}

/** A store with so many records, in batches as the store writes them. */
export async function filledStore(records: number): Promise<TestStore> {
  const test = await openTestStore();
  await append(test, records - 1);
  return test;
}

export async function append({ store }: Pick<TestStore, 'store'>, count: number): Promise<void> {
  for (let done = 0; done < count; done += 2000) {
    const batch = Math.min(2000, count - done);
    await Promise.all(Array.from({ length: batch }, (_none, index) => store.append(roleInput(`u${done + index}`))));
  }
}

export function verifiedStore({ store, path, secrets }: TestStore): VerifiedStore {
  const masterKey = secrets.entries.get(`audit.${store.chain}.master-key`) ?? new Uint8Array(32);
  return { path, chain: store.chain, tenant: store.tenant, masterKey, keys: [] };
}

export interface InlineRunner extends JobRunner {
  readonly jobs: Job[];
  /** Records read by checks, job by job. */
  readonly read: number[];
  /** Turns of the event loop given to others. */
  pauses: number;
}

/** Does the jobs in this thread. */
export function inlineRunner(store: VerifiedStore): InlineRunner {
  const runner: InlineRunner = {
    jobs: [],
    read: [],
    pauses: 0,
    run: async (job) => {
      runner.jobs.push(job);
      const answer = await runJob(store, job, () => {
        runner.pauses++;
      });
      if (answer.kind !== 'whole') runner.read.push(answer.found.read);
      return answer;
    },
    stop: async () => {},
  };
  return runner;
}

export function allAt(state: CoverageState): number[] {
  return state.blocks.flatMap((block) => (block === undefined ? [] : [block.at]));
}
