import { CausewayError } from '#shared/errors.ts';
import type { Coverage } from '#shared/ipc/verification-views.ts';
import type { Problem } from '#shared/model/verdict.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import {
  BLOCK,
  blockCount,
  type CoverageState,
  endOf,
  freshWork,
  listNews,
  newsKey,
  newsOf,
  nextWork,
  oldestCheck,
  type Pin,
  type Place,
  type Summary,
  summarise,
  type Work,
  withRange,
} from './coverage.ts';
import type { SavedCoverage } from './coverage-file.ts';
import { toCoverage } from './coverage-view.ts';
import { withBreaks } from './history-problems.ts';
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
/** Of records another reading found not to hold, the parts that are checked at once. */
const MOST_HEEDED = 16;

export interface ContinuousParts {
  readonly runner: JobRunner;
  readonly saved: SavedCoverage;
  /** Called after every piece; to be put on disk now and then. */
  readonly save: (saved: SavedCoverage) => void;
  /** Records there are now. */
  readonly records: () => number;
  readonly firstKey: string;
  readonly kept: () => Promise<KeptCheckpoint | string | null>;
  /** Breaks of the own history, which no check makes good. Told of by the history itself. */
  readonly history: () => readonly Problem[];
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
  /** Under which key each problem given out as news counts as told. */
  readonly #keys = new WeakMap<Problem, string>();
  /** What was checked before the start and not since: somebody may have written to the file while it was closed. */
  readonly #before: Set<Place>;
  #state: CoverageState;
  #lanes: readonly Promise<void>[] = [];
  #wakers: (() => void)[] = [];
  /** Blocks being read, by the lane that does it. */
  readonly #reading = new Map<'fresh' | 'round', Extract<Work, { kind: 'range' }>>();
  #failing = false;
  /** To be checked before anything else, and who waits for it. */
  readonly #heeded: { readonly work: Work; readonly done: () => void }[] = [];

  constructor(parts: ContinuousParts) {
    this.#parts = parts;
    this.#state = parts.saved.state;
    this.#told = new Set(parts.saved.told);
    const { blocks, whole } = this.#state;
    this.#before = new Set(blocks.flatMap((block, place): Place[] => (block === undefined ? [] : [place])));
    if (whole !== null) this.#before.add('whole');
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
    return withBreaks(toCoverage(this.#state, this.#parts.records(), checking, running), this.#parts.history());
  }

  summary(): Summary {
    const summary = summarise(this.#state, this.#parts.records());
    return { ...summary, failures: summary.failures + this.#parts.history().length };
  }

  /** What does not hold in the records as far as they were read; breaks of the history are told of by the history. */
  damage(): { readonly problems: readonly Problem[]; readonly count: number } {
    const { problems } = toCoverage(this.#state, this.#parts.records(), null, true);
    return {
      problems: problems.filter(({ code }) => code !== 'time'),
      count: summarise(this.#state, this.#parts.records()).failures,
    };
  }

  /**
   * Another reading of the store found these records not to hold (0: none of them alone): the parts they are in are checked
   * before anything else, so that what is wrong with them is known wherever the chain's state is told. Resolves when they were.
   */
  async heed(seqs: readonly number[]): Promise<void> {
    if (this.#lanes.length === 0 || this.#stop.signal.aborted) return;
    const records = this.#parts.records();
    const within = seqs.filter((seq) => seq >= 1 && seq <= records);
    const blocks = new Set(within.map((seq) => Math.floor((seq - 1) / BLOCK)));
    const unknown = [...blocks].filter((block) => (this.#state.blocks[block]?.failures ?? 0) === 0);
    const works = unknown
      .slice(0, MOST_HEEDED)
      .map((block): Work => ({ kind: 'range', block, from: block * BLOCK, to: endOf(block, records) }));
    if (within.length < seqs.length) works.push({ kind: 'whole' });
    const all = works.map((work) => new Promise<void>((done) => this.#heeded.push({ work, done })));
    this.request();
    await Promise.all(all);
  }

  /** These were put on record and shown; they are not news any more. */
  markTold(news: readonly Problem[]): void {
    for (const problem of news) {
      if (this.#told.size < MOST_TOLD) this.#told.add(this.#keys.get(problem) ?? newsKey(problem));
    }
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
      const [heeded] = this.#heeded;
      if (heeded !== undefined && (heeded.work.kind === 'whole' || heeded.work.block !== busy)) {
        this.#heeded.shift();
        await this.#do('round', heeded.work);
        heeded.done();
        continue;
      }
      const time = now();
      const timeOf = (place: Place, at: number) => (this.#before.has(place) || at > time ? 0 : at);
      const next = nextWork(this.#state, records(), time - pace.maxAge, busy, timeOf);
      if (next === null) {
        const oldest = oldestCheck(this.#state);
        await this.#wait(oldest === null ? null : Math.max(1000, oldest + pace.maxAge - now()));
        continue;
      }
      const began = performance.now();
      await this.#do('round', next.work);
      if (next.again) await this.#rest((performance.now() - began) * (1 / pace.share - 1));
    }
    for (const { done } of this.#heeded.splice(0)) done();
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
    const before = this.#state;
    if (work.kind === 'range' && answer.kind === 'range') {
      const { block } = work;
      this.#state = withRange(before, block, answer.found, at);
      if (work.from === block * BLOCK) this.#checked(block, newsOf(block, before.blocks[block]));
    } else if (work.kind === 'whole' && answer.kind === 'whole') {
      const { problems, problemCount } = answer.found;
      this.#state = { ...before, whole: { at, problems, problemCount } };
      this.#checked('whole', newsOf('whole', before.whole));
    } else throw new CausewayError('internal', 'The verifying thread answered another question.');
  }

  /** All of it was read again: what is no longer found is news when it comes back. */
  #checked(place: Place, before: ReturnType<typeof newsOf>): void {
    this.#before.delete(place);
    const known = place === 'whole' ? this.#state.whole : this.#state.blocks[place];
    const still = new Set(newsOf(place, known).map(({ key }) => key));
    for (const { key } of before) if (!still.has(key)) this.#told.delete(key);
  }

  /** What was found and nobody was told of. Nothing more once people were told of as much as is remembered. */
  news(): readonly Problem[] {
    if (this.#told.size >= MOST_TOLD) return [];
    return listNews(this.#state).flatMap(({ key, problem }) => {
      if (this.#told.has(key)) return [];
      this.#keys.set(problem, key);
      return [problem];
    });
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
