import { type RunningWorker, startWorker } from '#main/platform/workers.ts';
import { CausewayError } from '#shared/errors.ts';
import type { FilePass } from './file-pass.ts';
import { hasGrown, type LinePlace, type LineReading, readLinesFrom } from './line-reader.ts';
import type { BlockExpectation, BlockPart, TriedSignature } from './record-block.ts';

/** Bytes a thread looks at in one go. */
export const DEFAULT_BLOCK = 512 * 1024;
/** Blocks that are read, looked at or waiting to be put together, for each thread. */
const SLOTS_PER_THREAD = 2;
const LF = 0x0a;
const EVERYTHING = Number.POSITIVE_INFINITY;

export interface BlockReading extends LineReading {
  readonly pass: FilePass;
  readonly threads: number;
  readonly block: number;
}

/**
 * Reads a file as readLines does, with its lines looked at on several threads and put together here in their order. The
 * file is read once; memory is bounded by the number of blocks. Lines longer than a block are taken here.
 * True when there was more than `size` bytes at the end.
 */
export async function readBlocks(reading: BlockReading): Promise<boolean> {
  const { handle, size, pass } = reading;
  let place = await readLinesFrom(reading, { offset: 0, number: 1 }, 1);
  const expect = pass.expectation;
  if (expect === null) {
    await readLinesFrom(reading, place, EVERYTHING); // without a header there is nothing to know beforehand
    return hasGrown(handle, size);
  }
  const blocks = new Blocks(reading, expect);
  try {
    while (place.offset < size) {
      const next = await blocks.read(place);
      if (next !== null) {
        place = next;
        continue;
      }
      const number = await blocks.finish();
      const after = await readLinesFrom(reading, { offset: place.offset, number }, 1);
      if (after.offset === place.offset) break;
      blocks.number = after.number;
      place = after;
    }
    await blocks.finish();
  } finally {
    await blocks.close();
  }
  return hasGrown(handle, size);
}

interface Answer {
  readonly slot: number;
  readonly parts: readonly BlockPart[];
}

interface Pending {
  readonly slot: number;
  readonly offset: number;
  readonly length: number;
  readonly parts: Promise<readonly BlockPart[]>;
}

interface Waiting {
  readonly resolve: (parts: readonly BlockPart[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: RunningWorker;
  busy: number;
}

class Blocks {
  /** Of the line that comes next when everything read so far was put together. */
  number = 2;
  readonly #reading: BlockReading;
  readonly #slots: readonly SharedArrayBuffer[];
  readonly #free: number[];
  readonly #threads: readonly Thread[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #pending: Pending[] = [];
  #failure: unknown = null;

  constructor(reading: BlockReading, expect: BlockExpectation) {
    this.#reading = reading;
    const count = reading.threads * SLOTS_PER_THREAD;
    this.#slots = Array.from({ length: count }, () => new SharedArrayBuffer(reading.block));
    this.#free = [...this.#slots.keys()];
    this.#threads = Array.from({ length: reading.threads }, () => this.#start(expect));
  }

  #start(expect: BlockExpectation): Thread {
    const data = { expect, slots: this.#slots };
    const onMessage = (message: unknown) => {
      const { slot, parts } = message as Answer; // the program's own thread
      thread.busy--;
      this.#waiting.get(slot)?.resolve(parts);
    };
    const thread: Thread = { worker: startWorker('audit/verify-worker', data, { onMessage }), busy: 0 };
    thread.worker.ended.then(endedEarly).catch((error: unknown) => this.#fail(error));
    return thread;
  }

  /** One thread that fails is the end of the whole verification: what it looked at is known to nobody. */
  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
  }

  /** Has whole lines from a place on looked at; null when not one fits into a block. The place after them otherwise. */
  async read(place: Pick<LinePlace, 'offset'>): Promise<LinePlace | null> {
    while (this.#free.length === 0) await this.#takeNext();
    const slot = this.#free.pop();
    const shared = slot === undefined ? undefined : this.#slots[slot];
    if (slot === undefined || shared === undefined) throw new Error('there is no free slot');
    const bytes = Buffer.from(shared);
    const { handle, size } = this.#reading;
    const wanted = Math.min(bytes.length, size - place.offset);
    const { bytesRead } = await handle.read(bytes, 0, wanted, place.offset);
    const length = bytesRead === 0 ? 0 : bytes.subarray(0, bytesRead).lastIndexOf(LF) + 1;
    if (length === 0) {
      this.#free.push(slot);
      return null;
    }
    const thread = this.#threads.reduce((least, other) => (other.busy < least.busy ? other : least));
    const parts = new Promise<readonly BlockPart[]>((resolve, reject) => this.#waiting.set(slot, { resolve, reject }));
    parts.catch(() => undefined); // told when its turn comes
    if (this.#failure !== null) throw this.#failure;
    thread.busy++;
    thread.worker.send({ slot, length });
    this.#pending.push({ slot, offset: place.offset, length, parts });
    return { offset: place.offset + length, number: 0 };
  }

  /** Puts together all that was read. The number of the line that comes next. */
  async finish(): Promise<number> {
    while (this.#pending.length > 0) await this.#takeNext();
    return this.number;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.stop()));
  }

  async #takeNext(): Promise<void> {
    const { signal, onProgress } = this.#reading;
    const pending = this.#pending.shift();
    if (pending === undefined) throw new Error('nothing is being looked at');
    const parts = await pending.parts;
    if (signal?.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
    const block = Buffer.from(this.#slots[pending.slot] ?? new ArrayBuffer(0), 0, pending.length);
    for (const part of parts) await this.#take(part, block, pending.offset);
    this.#free.push(pending.slot);
    onProgress?.(pending.offset + pending.length);
  }

  async #take(part: BlockPart, block: Buffer, offset: number): Promise<void> {
    const { pass } = this.#reading;
    const bytes = block.subarray(part.at, part.end);
    if (part.kind === 'run') {
      if (pass.takeRun(part, bytes, offset + part.at)) this.number += part.count;
      else {
        // not where it should be: each record is judged in its place, its signature being known to hold
        const tried = { key: part.key, holds: true };
        for (let at = part.at; at < part.end; ) at = await this.#takeLine(block, at, offset, tried);
      }
    } else await this.#takeLine(block, part.at, offset, part.tried);
  }

  /** Place of the line after it. */
  async #takeLine(block: Buffer, at: number, offset: number, tried: TriedSignature | null) {
    const end = block.indexOf(LF, at) + 1;
    const raw = Buffer.from(block.subarray(at, end)); // a copy: decoders take no shared memory
    const line = {
      number: this.number,
      offset: offset + at,
      bytes: raw.subarray(0, raw.length - 1),
      raw,
      length: raw.length,
      terminated: true,
    };
    this.number++;
    const pending = this.#reading.pass.take(line, tried);
    if (pending !== undefined) await pending;
    return end;
  }
}

function endedEarly(): never {
  throw new CausewayError('internal', 'A worker of the program ended in the middle of its work.');
}
