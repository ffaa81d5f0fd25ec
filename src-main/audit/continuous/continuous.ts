import { CausewayError } from '#shared/errors.ts';
import type { Coverage } from '#shared/ipc/verification-views.ts';
import type { Problem } from '#shared/model/verdict.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import {
  BLOCK,
  blockCount,
  type CoverageState,
  freshWork,
  listProblems,
  newsKey,
  nextWork,
  oldestCheck,
  type Pin,
  type Summary,
  summarise,
  type Work,
  withRange,
} from './coverage.ts';
import type { SavedCoverage } from './coverage-file.ts';
import { toCoverage } from './coverage-view.ts';
import type { Answer, Job } from './jobs.ts';
import type { JobRunner } from './verifier-thread.ts';

export interface Pace {
  /** Everything is checked again when it was checked longer ago than this, milliseconds. */
  readonly maxAge: number;
  /** Of one core's time, while checking again; the first time is done as fast as it goes. */
  readonly share: number;
}

export const USUAL_PACE: Pace = { maxAge: 60 * 60_000, share: 0.15 };
const RETRY = 2_000;
/** New records are gathered for so long, milliseconds: each check opens the database anew. */
const GATHER = 500;
const MOST_TOLD = 5000;

export interface ContinuousParts {
  readonly runner: JobRunner;
  readonly saved: SavedCoverage;
  /** Called after every piece; to be put on disk now and then. */
  readonly save: (saved: SavedCoverage) => void;
  /** Records there are now. */
  readonly records: () => number;
  readonly firstKey: string;
  readonly kept: () => Promise<KeptCheckpoint | string | null>;
  /** Wall clock, milliseconds. */
  readonly now: () => number;
  readonly pace: Pace;
  readonly onChange: () => void;
  /** Problems nobody was told of. Told of again, also after a restart, until `markTold`. */
  readonly onNews: (news: readonly Problem[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Checks the own chain all the time, piece by piece, for as long as it is open: what is new at once, everything once, and
 * then again and again in the background. It never writes to the chain.
 */
export class ContinuousVerification {
  readonly #parts: ContinuousParts;
  readonly #stop = new AbortController();
  readonly #told: Set<string>;
  #state: CoverageState;
  #lanes: readonly Promise<void>[] = [];
  #wakers: (() => void)[] = [];
  /** Blocks being read, by the lane that does it. */
  readonly #reading = new Map<'fresh' | 'round', Extract<Work, { kind: 'range' }>>();
  #failing = false;

  constructor(parts: ContinuousParts) {
    this.#parts = parts;
    this.#state = parts.saved.state;
    this.#told = new Set(parts.saved.told);
  }

  start(): void {
    if (this.#lanes.length > 0) return;
    this.#lanes = [this.#runFresh(), this.#runRounds()];
    this.#tellNews();
  }

  /** There are new records. */
  request(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.request();
    await this.#parts.runner.stop();
    await Promise.allSettled(this.#lanes);
  }

  coverage(): Coverage {
    const reading = this.#reading.get('round') ?? this.#reading.get('fresh');
    const checking = reading === undefined ? null : { first: reading.from + 1, last: reading.to };
    const running = this.#lanes.length > 0 && !this.#stop.signal.aborted && !this.#failing;
    return toCoverage(this.#state, this.#parts.records(), checking, running);
  }

  summary(): Summary {
    return summarise(this.#state, this.#parts.records());
  }

  /** These were put on record and shown; they are not news any more. */
  markTold(news: readonly Problem[]): void {
    for (const problem of news) if (this.#told.size < MOST_TOLD) this.#told.add(newsKey(problem));
    this.#save();
  }

  /** What a person was told of by another verification, so that everything is checked again at once. */
  recheck(): void {
    const { blocks, whole } = this.#state;
    this.#state = {
      ...this.#state,
      blocks: blocks.map((block) => (block === undefined ? undefined : { ...block, at: 0 })),
      whole: whole === null ? null : { ...whole, at: 0 },
    };
    this.request();
  }

  /** New records wait for nothing but a block of their own that is being read. */
  async #runFresh(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const work = freshWork(this.#state, this.#parts.records());
      if (work === null || work.kind !== 'range' || this.#reading.get('round')?.block === work.block) {
        await this.#wait(null);
        await this.#rest(GATHER);
      } else await this.#do('fresh', work);
    }
  }

  async #runRounds(): Promise<void> {
    const { now, records, pace } = this.#parts;
    while (!this.#stop.signal.aborted) {
      const busy = this.#reading.get('fresh')?.block ?? null;
      const next = nextWork(this.#state, records(), now() - pace.maxAge, busy);
      if (next === null) {
        const oldest = oldestCheck(this.#state);
        await this.#wait(oldest === null ? null : Math.max(1000, oldest + pace.maxAge - now()));
        continue;
      }
      const began = performance.now();
      await this.#do('round', next.work);
      if (next.again) await this.#rest((performance.now() - began) * (1 / pace.share - 1));
    }
  }

  async #do(lane: 'fresh' | 'round', work: Work): Promise<void> {
    if (work.kind === 'range') this.#reading.set(lane, work);
    this.#parts.onChange();
    try {
      this.#take(work, await this.#parts.runner.run(await this.#jobOf(work)));
      this.#failing = false;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const backing = error instanceof CausewayError && error.reason === 'backing-off';
      if (!backing) this.#parts.onError(error);
      this.#failing = true;
      this.#reading.delete(lane);
      this.#parts.onChange();
      await this.#rest(RETRY);
      return;
    }
    this.#reading.delete(lane);
    this.#save();
    this.#parts.onChange();
    this.#tellNews();
    this.request(); // the other lane may have waited for this block
  }

  async #jobOf(work: Work): Promise<Job> {
    const { blocks, pins } = this.#state;
    if (work.kind === 'whole') {
      const { firstKey, kept, records } = this.#parts;
      // first the keychain, then how many there are: whatever is written in between is in the database
      const known = await kept();
      const count = records();
      const lost = pins.flatMap((pin): Pin[] => (pin !== undefined && pin.seq > count ? [pin] : []));
      return {
        kind: 'whole',
        request: { records: count, kept: known, firstKey, roots: this.#roots(blockCount(count)), lost },
      };
    }
    const { block, from, to } = work;
    const before = from > block * BLOCK ? blocks[block] : undefined;
    return {
      kind: 'range',
      request: {
        block,
        from,
        to,
        nodes: before?.nodes?.map((node) => Buffer.from(node, 'base64')) ?? [],
        prev: before?.head ?? null,
        roots: this.#roots(block),
        pin: before === undefined ? (pins[block] ?? null) : null,
      },
    };
  }

  #roots(before: number): (Uint8Array | null)[] {
    return Array.from({ length: before }, (_none, place) => {
      const root = this.#state.pins[place]?.root ?? null;
      return root === null ? null : Buffer.from(root, 'base64');
    });
  }

  #take(work: Work, answer: Answer): void {
    const at = this.#parts.now();
    if (work.kind === 'range' && answer.kind === 'range') {
      this.#state = withRange(this.#state, work.block, answer.found, at);
    } else if (work.kind === 'whole' && answer.kind === 'whole') {
      const { problems, problemCount } = answer.found;
      this.#state = { ...this.#state, whole: { at, problems, problemCount } };
    } else throw new CausewayError('internal', 'The verifying thread answered another question.');
  }

  /** What was found and nobody was told of. */
  news(): readonly Problem[] {
    return listProblems(this.#state).problems.filter(
      (problem) => problem.code !== 'time' && !this.#told.has(newsKey(problem)),
    );
  }

  #tellNews(): void {
    const news = this.news();
    if (news.length > 0) this.#parts.onNews(news);
  }

  #save(): void {
    this.#parts.save({ state: this.#state, told: [...this.#told] });
  }

  /** Until `request`, or for so long. */
  #wait(ms: number | null): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, Math.min(ms, 2 ** 31 - 1)).unref();
      this.#wakers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** For so long, whatever is requested. */
  #rest(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#stop.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms).unref();
      this.#stop.signal.addEventListener('abort', done, { once: true });
    });
  }
}
