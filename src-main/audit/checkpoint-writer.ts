import type { Clock } from '#main/platform/clock.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { signCheckpoint } from './checkpoint.ts';
import { keepCheckpoint, replaceCheckpoint } from './checkpoint-keeper.ts';
import type { Head } from './commit-batch.ts';
import { recordableTime } from './recordable-time.ts';
import type { Signer } from './signer.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type { StoredCheckpoint } from './store.ts';

export const CHECKPOINT_RECORDS = 1000;
export const CHECKPOINT_MS = 15 * 60 * 1000;

export interface CheckpointParts {
  readonly chain: string;
  readonly rows: SqliteRows;
  readonly signer: Signer;
  readonly secrets: SecretStore;
  readonly clock: Clock;
}

/** Makes checkpoints, keeps them in the database and in the keychain, and knows when the next one is due. */
export class CheckpointWriter {
  readonly #parts: CheckpointParts;
  #latest: StoredCheckpoint | null;
  /** Size of the newest checkpoint that is in the keychain too: only that one counts as made. */
  #kept: number;
  /** When the first record after the newest checkpoint was written. */
  #uncheckedSince: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: CheckpointParts, latest: StoredCheckpoint | null) {
    this.#parts = parts;
    this.#latest = latest;
    this.#kept = latest?.size ?? 0;
  }

  get latest(): StoredCheckpoint | null {
    return this.#latest;
  }

  covers(head: Head | null): boolean {
    return (head?.seq ?? 0) <= this.#kept;
  }

  /** Whether one has to be made before `coming` more records are written. */
  isDue(head: Head | null, coming: number): boolean {
    const unchecked = (head?.seq ?? 0) - this.#kept;
    const since = this.#uncheckedSince;
    const late = since !== null && this.#parts.clock.now() - since >= CHECKPOINT_MS;
    return unchecked > 0 && (late || unchecked + coming > CHECKPOINT_RECORDS);
  }

  write(head: Head, signal?: AbortSignal): Promise<StoredCheckpoint> {
    return this.#write(head, keepCheckpoint, signal);
  }

  /** After an acknowledged break: what is kept in the keychain is given up for the one of this head. */
  writeAnew(head: Head, signal?: AbortSignal): Promise<StoredCheckpoint> {
    this.#latest = null;
    this.#kept = 0;
    return this.#write(head, replaceCheckpoint, signal);
  }

  async #write(head: Head, keep: typeof keepCheckpoint, signal?: AbortSignal): Promise<StoredCheckpoint> {
    const { chain, rows, signer, secrets, clock } = this.#parts;
    let latest = this.#latest;
    if (latest === null || latest.size !== head.seq) {
      const made = await signCheckpoint(chain, head.seq, head.frontier.root(), signer, signal);
      const at = recordableTime(clock);
      // a row that is there already stays: another writer's, or a damaged one, which verification names
      rows.insertNewerCheckpoint({ size: made.size, note: made.note, written: Date.parse(at) });
      latest = { ...made, at };
      this.#latest = latest;
    }
    const { note, size, root, at } = latest;
    await keep(secrets, chain, { note, size, root, at, head: head.hash }, rows);
    this.#kept = size;
    this.stopClock();
    return latest;
  }

  /** Calls `run` when a checkpoint is due by time; does nothing while the clock runs. */
  startClock(run: () => void): void {
    this.#uncheckedSince ??= this.#parts.clock.now();
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      run();
    }, CHECKPOINT_MS);
    this.#timer.unref();
  }

  stopClock(): void {
    this.#uncheckedSince = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
