import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Standing } from '#shared/ipc/verification-views.ts';
import type { PreparedInput } from './append-input.ts';
import { anchoredKeys } from './chain-keys.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { type CommitOptions, commitBatch, type Head } from './commit-batch.ts';
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
import { WaitingRecords } from './waiting-records.ts';

/** Everything that is written to a chain, one turn after the other: records in groups, checkpoints, changes of the key. */
export class ChainWriter {
  readonly #parts: StoreParts;
  readonly #queue: SigningQueue;
  readonly #checkpoints: CheckpointWriter;
  readonly #waiting: WaitingRecords;
  #head: Head | null;
  #ended = false;
  /** Whether the keychain still has a key that was replaced. */
  #retiring = true;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.#head = parts.head;
    this.#queue = new SigningQueue(
      () => parts.signer,
      (error) => this.#waiting.rejectAll(error),
    );
    this.#waiting = new WaitingRecords(parts, {
      queue: this.#queue,
      head: () => this.#head,
      write: async (drafted) => {
        await this.#checkpointIfDue(drafted.inputs.length);
        return this.#commit(drafted.inputs, { drafted });
      },
    });
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
    return this.#waiting.append(input);
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
      await this.#waiting.drainAll();
      if (!this.#checkpoints.covers(this.#head) && !this.#parts.history.blocked) await this.#checkpoint();
    });
  }

  /** Nothing runs on its own any more. */
  end(): void {
    this.#ended = true;
    this.#queue.closed();
    this.#checkpoints.stopClock();
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
