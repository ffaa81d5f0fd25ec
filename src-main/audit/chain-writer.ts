import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Standing } from '#shared/ipc/verification-views.ts';
import type { PreparedInput } from './append-input.ts';
import { anchoredKeys } from './chain-keys.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { type CommitOptions, commitBatch, type Drafted, draftBatch, type Head, refusalOf } from './commit-batch.ts';
import { currentHead } from './current-head.ts';
import { type Acknowledgement, acknowledge } from './history/acknowledge.ts';
import { reportChange } from './history/report-change.ts';
import { describeKey } from './signer.ts';
import {
  destroyRetired,
  dropUnusedKey,
  keepNewKey,
  type NewKey,
  type Rotation,
  type RotationRequest,
  rotationRecords,
} from './signers/rotate-key.ts';
import { SigningQueue } from './signers/signing-queue.ts';
import type { StoredCheckpoint, StoredRecord } from './store.ts';
import { type StoreParts, WHAT } from './store-parts.ts';

const MAX_BATCH = 500;
/** Where each signature is a call over the network: as many as are surely signed in the time a turn has. */
const MAX_REMOTE_BATCH = 96;
/** Batches of one turn, so that a checkpoint or an export that waits is not kept waiting by a flood of records. */
const MAX_TURN = 16;

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

/** Everything that is written to a chain, one turn after the other: records in groups, checkpoints, changes of the key. */
export class ChainWriter {
  readonly #parts: StoreParts;
  readonly #queue: SigningQueue;
  readonly #checkpoints: CheckpointWriter;
  #waiting: Waiting[] = [];
  #head: Head | null;
  #ended = false;
  /** Whether the keychain still has a key that was replaced. */
  #retiring = true;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#head = parts.head;
    this.#queue = new SigningQueue(
      () => parts.signer,
      (error) => {
        for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
      },
    );
    this.#checkpoints = new CheckpointWriter(parts, parts.latest);
    if (!this.#checkpoints.covers(parts.head)) this.#startClock();
  }

  /** null before the first record. */
  get head(): Head | null {
    return this.#head;
  }

  get latest(): StoredCheckpoint | null {
    return this.#checkpoints.latest;
  }

  /** Resolves when the record is durable, together with what else waits. */
  append(input: PreparedInput): Promise<StoredRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#waiting.length === 1) void this.#queue.run(() => this.#drain());
    });
  }

  /** The chain's first record. */
  async begin(input: PreparedInput): Promise<void> {
    await this.#queue.run(() => this.#commit([input]));
  }

  /** A record of its own turn, although a failed self-attack stops all others. */
  async appendStopped(input: PreparedInput): Promise<void> {
    await this.#queue.run(() => this.#commit([input], { despiteStop: true }));
  }

  checkpoint(): Promise<StoredCheckpoint> {
    return this.#queue.run(() => this.#checkpoint());
  }

  /** A record that knows its seq, and the checkpoint over it, with nothing in between. */
  appendLast(build: (seq: number) => PreparedInput, written: () => void): Promise<StoredCheckpoint> {
    return this.#queue.run(async () => {
      await this.#checkpointIfDue(1);
      this.#head = await this.#currentHead(); // the record says where it stands
      await this.#commit([build((this.#head?.seq ?? 0) + 1)]);
      written();
      return this.#checkpoint();
    });
  }

  rotate(request: RotationRequest, next: NewKey): Promise<Rotation> {
    return this.#queue.run(() => this.#rotate(request, next));
  }

  acknowledge(request: Acknowledgement): Promise<Standing> {
    return this.#queue.run(() => this.#acknowledge(request));
  }

  /** From here on what remains has as long as one turn. */
  closing(): void {
    this.#queue.closing();
  }

  /** Writes what waits, and a checkpoint over what has none. */
  async finish(): Promise<void> {
    await this.#queue.run(async () => {
      while (this.#waiting.length > 0) await this.#drain();
      if (!this.#checkpoints.covers(this.#head) && !this.#parts.history.blocked) await this.#checkpoint();
    });
  }

  /** Nothing runs on its own any more. */
  end(): void {
    this.#ended = true;
    this.#queue.closed();
    this.#checkpoints.stopClock();
  }

  /**
   * Writes what waits, batch after batch. While one is inserted the next one's signatures are made beside it: of the
   * batch before, its records need the last hash only.
   */
  async #drain(): Promise<void> {
    let batch = this.#takeBatch(this.#head);
    for (let count = 1; batch !== null; count++) {
      await batch.drafted.signed;
      const more = count < MAX_TURN && this.#parts.signer.remote !== true;
      const next: Batch | null = more ? this.#takeBatch(batch.drafted.end) : null;
      await this.#writeBatch(batch);
      batch = next;
    }
    if (this.#waiting.length > 0) void this.#queue.run(() => this.#drain());
  }

  /** null when nothing waits that may be written. */
  #takeBatch(base: Pick<Head, 'seq' | 'hash'> | null): Batch | null {
    const taken = this.#waiting.splice(0, this.#parts.signer.remote ? MAX_REMOTE_BATCH : MAX_BATCH);
    const waiting = taken.filter((one) => this.#admit(one));
    if (waiting.length === 0) return null;
    const inputs = waiting.map(({ input }) => input);
    try {
      return { waiting, drafted: draftBatch(this.#parts, base, inputs, this.#queue.within) };
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      return null;
    }
  }

  async #writeBatch({ waiting, drafted }: Batch): Promise<void> {
    try {
      await this.#checkpointIfDue(waiting.length);
      const records = await this.#commit(drafted.inputs, { drafted });
      for (const [index, { resolve }] of waiting.entries()) {
        const record = records[index];
        if (record !== undefined) resolve(record);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      this.#queue.failed(error);
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

  async #commit(
    inputs: readonly PreparedInput[],
    { despiteStop = false, ...options }: CommitOptions & { readonly despiteStop?: boolean } = {},
  ): Promise<readonly StoredRecord[]> {
    try {
      this.#parts.history.requireWritable(despiteStop);
      this.#parts.checkFile();
      const signal = this.#queue.within;
      const { records, head } = await commitBatch(this.#parts, this.#head, inputs, { ...options, signal });
      this.#head = head;
      this.#parts.checkFile(); // what went into a file that has no name is acknowledged to nobody
      this.#parts.headKeeper.note(head);
      this.#startClock();
      return records;
    } catch (error) {
      throw await reportChange(this.#parts, explainSqliteError(error, WHAT));
    }
  }

  async #currentHead(): Promise<Head | null> {
    try {
      return currentHead(this.#parts, this.#head);
    } catch (error) {
      throw await reportChange(this.#parts, explainSqliteError(error, WHAT));
    }
  }

  /** A checkpoint that is due and cannot be made stops the writing: the tail without one must stay short. */
  async #checkpointIfDue(coming: number): Promise<void> {
    if (this.#checkpoints.isDue(this.#head, coming)) await this.#checkpoint();
  }

  async #checkpoint(): Promise<StoredCheckpoint> {
    try {
      this.#parts.history.requireWritable();
      this.#parts.checkFile();
      this.#parts.checkSchema();
      const head = currentHead(this.#parts, this.#head); // never of less than the database has
      if (head === null) throw new CausewayError('internal', 'The chain has no record yet.');
      this.#head = head;
      const checkpoint = await this.#checkpoints.write(head, this.#queue.within);
      this.#parts.folders.publish(checkpoint);
      await this.#destroyRetired(checkpoint.size);
      return checkpoint;
    } catch (error) {
      throw await reportChange(this.#parts, explainSqliteError(error, WHAT));
    }
  }

  /** After a rotation, once a checkpoint of the new key is durable. */
  async #destroyRetired(covered: number): Promise<void> {
    if (!this.#retiring) return;
    await destroyRetired(this.#parts, covered);
    this.#retiring = false;
  }

  /** All in one turn: nothing is written between the old key's checkpoint and the new key's. */
  async #rotate(request: RotationRequest, next: NewKey): Promise<Rotation> {
    const parts = this.#parts;
    await this.#checkpoint();
    await keepNewKey(parts, next);
    const from = anchoredKeys(parts.rows, parts.firstKey).current;
    const seq = this.#head?.seq ?? 0;
    try {
      await this.#commit(rotationRecords(parts, next.signer, request, seq + 1), { exactly: true });
    } catch (error) {
      await dropUnusedKey(parts, next);
      throw error;
    }
    parts.signer = next.signer;
    this.#retiring = true;
    const rotation = { from, to: describeKey(next.signer, seq + 3) };
    try {
      await this.#checkpoint();
      return { ...rotation, unfinished: null };
    } catch (error) {
      if (error instanceof CausewayError) return { ...rotation, unfinished: error };
      throw error;
    }
  }

  async #acknowledge(request: Acknowledgement): Promise<Standing> {
    const parts = this.#parts;
    const signal = this.#queue.within;
    try {
      parts.checkFile();
      await acknowledge(
        {
          parts,
          commit: async (head, input) => {
            const { records, head: next } = await commitBatch(parts, head, [input], { exactly: true, signal });
            this.#head = next;
            const [record] = records;
            if (record === undefined) throw new CausewayError('internal', 'The acknowledgement was not written.');
            return { ...record, next };
          },
          checkpointAnew: async () => {
            parts.checkSchema();
            if (this.#head === null) throw new CausewayError('internal', 'The chain has no record yet.');
            return this.#checkpoints.writeAnew(this.#head, signal);
          },
        },
        request,
      );
      return parts.history.standing();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  #startClock(): void {
    if (this.#parts.history.blocked) return;
    this.#checkpoints.startClock(() => {
      // if this one fails, the next append tries again and is refused if it fails once more
      if (!this.#ended) this.checkpoint().catch(() => this.#startClock());
    });
  }
}
