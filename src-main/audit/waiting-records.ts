import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import type { PreparedInput } from './append-input.ts';
import { type Drafted, draftBatch, type Head, refusalOf } from './commit-batch.ts';
import type { SigningQueue } from './signers/signing-queue.ts';
import type { StoredRecord } from './store.ts';
import { type StoreParts, WHAT } from './store-parts.ts';

const MAX_BATCH = 500;
/** Where each signature is a call over the network: as many as are surely signed in the time a turn has. */
const MAX_REMOTE_BATCH = 96;
/** Batches of one turn, so that a checkpoint or an export that waits is not kept waiting by a flood of records. */
const MAX_TURN = 16;

/** What the chain they are written to does for records that wait. */
export interface BatchWriting {
  readonly queue: SigningQueue;
  /** Where the chain ends. */
  readonly head: () => Head | null;
  /** Writes a batch, and before it the checkpoint that is due. */
  readonly write: (drafted: Drafted) => Promise<readonly StoredRecord[]>;
}

interface Waiting {
  readonly input: PreparedInput;
  readonly resolve: (record: StoredRecord) => void;
  readonly reject: (error: unknown) => void;
}

/** Records that go into one transaction, built and on their way to be signed. */
interface Batch {
  readonly waiting: readonly Waiting[];
  readonly drafted: Drafted;
}

/** Records that wait to be written: what comes while others are being written goes into one transaction. */
export class WaitingRecords {
  readonly #parts: StoreParts;
  readonly #writing: BatchWriting;
  #waiting: Waiting[] = [];

  constructor(parts: StoreParts, writing: BatchWriting) {
    this.#parts = parts;
    this.#writing = writing;
  }

  /** Resolves when the record is durable, together with what else waits. */
  append(input: PreparedInput): Promise<StoredRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#waiting.length === 1) this.#askForTurn();
    });
  }

  /** Fails everything that waits. */
  rejectAll(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Writes everything that waits. To be called in a turn of the queue. */
  async drainAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#drain();
  }

  #askForTurn(): void {
    void this.#writing.queue.run(() => this.#drain());
  }

  /**
   * Writes what waits, batch after batch. While one is inserted the next one's signatures are made beside it: of the
   * batch before, its records need the last hash only.
   */
  async #drain(): Promise<void> {
    let batch = this.#takeBatch(this.#writing.head());
    for (let count = 1; batch !== null; count++) {
      await batch.drafted.signed;
      const more = count < MAX_TURN && this.#parts.signer.remote !== true;
      const next: Batch | null = more ? this.#takeBatch(batch.drafted.end) : null;
      await this.#writeBatch(batch);
      batch = next;
    }
    if (this.#waiting.length > 0) this.#askForTurn();
  }

  /** null when nothing waits that may be written. */
  #takeBatch(base: Pick<Head, 'seq' | 'hash'> | null): Batch | null {
    const taken = this.#waiting.splice(0, this.#parts.signer.remote ? MAX_REMOTE_BATCH : MAX_BATCH);
    const waiting = taken.filter((one) => this.#admit(one));
    if (waiting.length === 0) return null;
    const inputs = waiting.map(({ input }) => input);
    try {
      return { waiting, drafted: draftBatch(this.#parts, base, inputs, this.#writing.queue.within) };
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      return null;
    }
  }

  async #writeBatch({ waiting, drafted }: Batch): Promise<void> {
    try {
      const records = await this.#writing.write(drafted);
      for (const [index, { resolve }] of waiting.entries()) {
        const record = records[index];
        if (record !== undefined) resolve(record);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      this.#writing.queue.failed(error);
    }
  }

  /** Refuses what would make the whole batch fail. */
  #admit({ input, reject }: Waiting): boolean {
    try {
      const refusal = refusalOf(this.#parts, input);
      if (refusal === null) return true;
      reject(refusal);
    } catch (error) {
      reject(explainSqliteError(error, WHAT));
    }
    return false;
  }
}
