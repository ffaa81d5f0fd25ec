import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readSmallFile, writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { Problem } from '#shared/model/verdict.ts';
import type { History } from '../history/history.ts';
import { describeStore, keptCheckpoint, type VerifyParts } from '../verify-stored-chain.ts';
import { ContinuousVerification, type Pace, USUAL_PACE } from './continuous.ts';
import { NOTHING_CHECKED } from './coverage.ts';
import {
  COVERAGE_FILE,
  coverageKey,
  decodeCoverage,
  encodeCoverage,
  fitToDatabase,
  MAX_COVERAGE_FILE,
  type SavedCoverage,
} from './coverage-file.ts';
import { historyProblems } from './history-problems.ts';
import { runJob, type VerifiedStore } from './jobs.ts';
import { createVerifierThread, type JobRunner } from './verifier-thread.ts';

/** Up to so many records are checked between other work; a thread costs more than that. */
const WITHOUT_THREAD = 1500;
/** How long what was checked may go unsaved, milliseconds. */
const SAVE_EVERY = 5_000;

export interface ContinuousWatch {
  readonly pace?: Pace | undefined;
  readonly onChange: () => void;
  readonly onNews: (news: readonly Problem[]) => void;
  readonly onError: (error: unknown) => void;
}

export interface WatchedStore extends Pick<VerifyParts, 'chain' | 'tenant' | 'rows' | 'secrets' | 'firstKey'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: Pick<History, 'problems'>;
  /** Records there are now. */
  readonly records: () => number;
}

/** Continuous verification of an open store, going on where it ended. @throws CausewayError `keychain-unavailable` */
export async function openContinuous(store: WatchedStore, watch: ContinuousWatch): Promise<ContinuousVerification> {
  const described = await describeStore(store);
  const key = coverageKey(described.masterKey, store.chain);
  const file = join(dirname(described.path), COVERAGE_FILE);
  const keeper = createKeeper(
    (saved) => writeFileAtomically(file, encodeCoverage(saved, store.chain, key), store.random),
    watch.onError,
  );
  const runner = createRunner(described, store.records);
  const continuous = new ContinuousVerification({
    runner: {
      run: (job) => runner.run(job),
      stop: async () => {
        await runner.stop();
        await keeper.stop();
      },
    },
    saved: await recall(file, store, key),
    save: keeper.save,
    records: store.records,
    firstKey: store.firstKey,
    kept: () => keptCheckpoint(store),
    history: () => historyProblems(store.history),
    now: () => store.clock.now(),
    pace: watch.pace ?? USUAL_PACE,
    onChange: watch.onChange,
    onNews: watch.onNews,
    onError: watch.onError,
  });
  continuous.start();
  return continuous;
}

async function recall(file: string, { chain, rows, clock }: WatchedStore, key: Uint8Array): Promise<SavedCoverage> {
  const nothing = { state: NOTHING_CHECKED, told: [] };
  const bytes = await readSmallFile(file, MAX_COVERAGE_FILE).catch(() => null); // unreadable: everything is checked anew
  const saved = bytes === null ? null : decodeCoverage(bytes, chain, key);
  return saved === null ? nothing : { ...saved, state: fitToDatabase(saved.state, rows, clock.now()) };
}

/** A short chain in this thread, a long one beside it. */
function createRunner(store: VerifiedStore, records: () => number): JobRunner {
  const thread = createVerifierThread(store);
  let stopped = false;
  const pause = async () => {
    if (stopped) throw new Error('stopped');
    await nextTurn();
  };
  return {
    run: (job) => (records() <= WITHOUT_THREAD ? runJob(store, job, pause) : thread.run(job)),
    stop: async () => {
      stopped = true;
      await thread.stop();
    },
  };
}

interface Keeper {
  readonly save: (saved: SavedCoverage) => void;
  /** Writes what was not yet written. */
  readonly stop: () => Promise<void>;
}

/** Puts the newest state on disk now and then, one write at a time. What cannot be written is only checked again later. */
function createKeeper(write: (saved: SavedCoverage) => Promise<void>, onError: (error: unknown) => void): Keeper {
  let newest: SavedCoverage | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const saved = newest;
    newest = null;
    if (saved !== null) writing = writing.then(() => write(saved)).catch(onError);
    return writing;
  };
  return {
    save: (saved) => {
      if (closed) return;
      newest = saved;
      timer ??= setTimeout(() => void flush(), SAVE_EVERY).unref();
    },
    stop: () => {
      closed = true;
      return flush();
    },
  };
}
