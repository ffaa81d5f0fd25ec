import type { AuditStore } from '#main/audit/store.ts';
import type { Cipher } from '#main/platform/cipher.ts';
import type { Clock } from '#main/platform/clock.ts';
import { type RunningWorker, startWorker } from '#main/platform/workers.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Counting } from '#shared/ipc/compliance-views.ts';
import { registerFile } from './register-file.ts';
import type { CounterTask, FromCounter, ToCounter } from './register-messages.ts';
import type { RegisterSnapshot } from './register-snapshot.ts';
import { toError } from './worker-messages.ts';

/** Keeps the register counted in the background; what was counted last is shown at once. */
export interface RegisterKeeper {
  /** null until something was counted. */
  snapshot(): RegisterSnapshot | null;
  counting(): Counting;
  /** Records were written: they are counted a moment later. */
  grow(): void;
  /**
   * Resolves when the records up to this seq are counted.
   * @throws CausewayError `cancelled` when the keeper is stopped meanwhile, and what keeps it from counting
   */
  upTo(seq: number): Promise<void>;
  stop(): Promise<void>;
}

export type StartCounter = (
  data: CounterTask,
  onMessage: (message: unknown) => void,
) => Pick<RunningWorker, 'send' | 'ended' | 'stop'>;

export interface RegisterKeeperOptions {
  readonly store: Pick<AuditStore, 'reader' | 'head' | 'chain'>;
  /** Where what was counted is kept, encrypted. */
  readonly file: string;
  readonly cipher: Cipher;
  readonly clock: Clock;
  /** There is something else to show: more was counted, or counting went on. */
  readonly onChange: () => void;
  /** Told of what could not be done; the register is counted again, or not kept. */
  readonly onError: (error: unknown) => void;
  readonly start?: StartCounter;
}

/** Milliseconds between records being written and being counted: they come in groups. */
const GROW_AFTER = 250;
/** What was counted is kept after so many records, or so much time. */
const SAVE_AFTER = 500;
const SAVE_EVERY_MS = 10 * 60_000;
/** A thread that has failed so often is not started again. */
const MOST_FAILURES = 3;
/** MiB. A record may have 4; what is counted is small beside that. */
const HEAP_MB = 192;

const startThread: StartCounter = (data, onMessage) =>
  startWorker('compliance/evaluation/register-worker', data, { onMessage, heapMb: HEAP_MB });

/** Begins counting at once, where it was left if that can be read. */
export function openRegisterKeeper(options: RegisterKeeperOptions): RegisterKeeper {
  const keeper = new Keeper(options);
  keeper.begin();
  return keeper;
}

interface Waiting {
  readonly seq: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class Keeper implements RegisterKeeper {
  readonly #options: RegisterKeeperOptions;
  readonly #file: ReturnType<typeof registerFile>;
  #thread: ReturnType<StartCounter> | null = null;
  #starting: Promise<void> = Promise.resolve();
  #snapshot: RegisterSnapshot | null = null;
  #running: { readonly done: number; readonly total: number } | null = null;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;
  /** The newest record there was when the thread was asked last. */
  #askedFor = 0;
  #failures = 0;
  #stopped = false;
  #saving: Promise<void> = Promise.resolve();
  #saved = { seq: 0, at: Number.NEGATIVE_INFINITY };
  #unwritten: string | null = null;

  constructor(options: RegisterKeeperOptions) {
    this.#options = options;
    this.#file = registerFile(options.file, options.store.chain, options.cipher);
  }

  snapshot(): RegisterSnapshot | null {
    return this.#snapshot;
  }

  counting(): Counting {
    const asOf = this.#snapshot?.asOf;
    return { asOf: asOf === undefined ? null : { seq: asOf.seq, time: asOf.time }, running: this.#running };
  }

  begin(): void {
    this.#running = { done: 0, total: this.#options.store.head().seq };
    this.#starting = this.#start(true);
  }

  grow(): void {
    if (this.#stopped) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, GROW_AFTER).unref();
  }

  upTo(seq: number): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    if ((this.#snapshot?.asOf.seq ?? 0) >= seq) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ seq, resolve, reject });
      this.#ask();
    });
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#fail(stopped());
    await this.#starting;
    await this.#thread?.stop();
    this.#thread = null;
    await this.#saving;
  }

  /** `resume`: with what was kept. After a failure everything is counted again, for that may have been the cause. */
  async #start(resume: boolean): Promise<void> {
    const saved = resume ? await this.#recall() : null;
    if (this.#stopped) return;
    const { store, start = startThread } = this.#options;
    let thread: ReturnType<StartCounter>;
    try {
      thread = start({ address: store.reader(), saved }, (message) => {
        if (this.#thread === thread) this.#receive(message as FromCounter);
      });
    } catch (error) {
      this.#fail(error);
      this.#options.onError(error);
      return;
    }
    this.#thread = thread;
    this.#asked = 0;
    thread.ended.then(
      () => this.#died(thread, new CausewayError('internal', 'The thread that counts the register ended.')),
      (error: unknown) => this.#died(thread, error),
    );
    this.#ask();
  }

  async #recall(): Promise<string | null> {
    try {
      return await this.#file.read();
    } catch (error) {
      this.#options.onError(error); // it is counted again
      return null;
    }
  }

  #ask(): void {
    const thread = this.#thread;
    if (thread === null) {
      if (this.#failures >= MOST_FAILURES) this.#fail(given());
      return; // it asks for itself when it has started
    }
    const { seq } = this.#options.store.head();
    const counted = this.#snapshot?.asOf.seq ?? 0;
    const isOld = this.#options.clock.now() - this.#saved.at >= SAVE_EVERY_MS;
    const save = isOld || seq - this.#saved.seq >= SAVE_AFTER;
    this.#running ??= { done: counted, total: seq };
    this.#asked++;
    this.#askedFor = seq;
    thread.send({ type: 'grow', save } satisfies ToCounter);
  }

  #receive(message: FromCounter): void {
    switch (message.type) {
      case 'progress':
        this.#running = { done: message.done, total: message.total };
        break;
      case 'counted':
        this.#take(message.snapshot, message.saved);
        break;
      case 'caught-up':
        this.#asked--;
        if (this.#asked === 0) this.#running = null;
        this.#failures = 0;
        if (this.#asked === 0) this.#lookAgain();
        break;
      case 'failed': {
        const error = toError(message);
        this.#asked--;
        this.#running = null;
        this.#fail(error);
        this.#options.onError(error);
        break;
      }
    }
    this.#options.onChange();
  }

  /** Some may wait for what was written since the thread was asked; what was there then and was not found is missing. */
  #lookAgain(): void {
    for (const { seq, reject } of this.#waiting) if (seq <= this.#askedFor) reject(missing(seq));
    this.#waiting = this.#waiting.filter(({ seq }) => seq > this.#askedFor);
    const { seq: head } = this.#options.store.head();
    if (this.#waiting.some(({ seq }) => seq <= head)) this.#ask();
  }

  #take(snapshot: RegisterSnapshot, saved: string | null): void {
    this.#snapshot = snapshot;
    const { seq } = snapshot.asOf;
    for (const waiting of this.#waiting) if (waiting.seq <= seq) waiting.resolve();
    this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq);
    if (saved === null) return;
    this.#saved = { seq, at: this.#options.clock.now() };
    this.#write(saved);
  }

  /** One after the other, and only the newest of those that wait. */
  #write(text: string): void {
    const isFirst = this.#unwritten === null;
    this.#unwritten = text;
    if (!isFirst) return;
    this.#saving = this.#saving.then(async () => {
      const newest = this.#unwritten;
      this.#unwritten = null;
      if (newest === null) return;
      try {
        await this.#file.write(newest);
      } catch (error) {
        this.#options.onError(error); // the next start counts from further back
      }
    });
  }

  #died(thread: ReturnType<StartCounter>, error: unknown): void {
    if (this.#thread !== thread || this.#stopped) return;
    this.#thread = null;
    this.#running = null;
    this.#failures++;
    this.#options.onError(error);
    this.#fail(error);
    if (this.#failures < MOST_FAILURES) this.#starting = this.#start(false);
    this.#options.onChange();
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting = [];
  }
}

function stopped(): CausewayError {
  return new CausewayError('cancelled', 'The register is not counted any more.');
}

function missing(seq: number): CausewayError {
  return new CausewayError('audit-broken', `Record ${seq} cannot be found in the audit trail. Verify it.`, {
    reason: 'record-missing',
  });
}

function given(): CausewayError {
  const text = 'The register cannot be counted: the thread that does it failed several times. Restart Causeway.';
  return new CausewayError('internal', text, { reason: 'gave-up' });
}
