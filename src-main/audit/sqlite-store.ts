import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { type AppendInput, type PreparedInput, prepareInput } from './append-input.ts';
import { signCheckpoint } from './checkpoint.ts';
import { keepCheckpoint } from './checkpoint-keeper.ts';
import { commitBatch, type Head } from './commit-batch.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { writeChainFile } from './export-chain.ts';
import { exportRecord } from './export-record.ts';
import { checkStoredRecord, holdsInChain } from './record-checks.ts';
import { SerialQueue } from './serial-queue.ts';
import type { Signer } from './signer.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type {
  AuditStore,
  ChainExport,
  DisclosedValue,
  ExportOptions,
  RecordCheck,
  StoredCheckpoint,
  StoredRecord,
  VerifyStoreOptions,
} from './store.ts';
import { storedDisclosures, toStoredRecord } from './stored-record.ts';
import { TrailReader } from './trail-query.ts';
import { verifyStoredChain } from './verify-store.ts';

export const CHECKPOINT_RECORDS = 1000;
export const CHECKPOINT_MS = 15 * 60 * 1000;
const MAX_BATCH = 256;

/** What an opened store is made of; sqlite-opening.ts puts it together after its checks. */
export interface StoreParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly signer: Signer;
  readonly vault: DisclosureVault;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  /** null before the first record. */
  readonly head: Head | null;
  readonly latest: StoredCheckpoint | null;
  /** Throws when the guards of the schema are not what they were. */
  readonly checkSchema: () => void;
}

interface Waiting {
  readonly input: PreparedInput;
  readonly resolve: (record: StoredRecord) => void;
  readonly reject: (error: unknown) => void;
}

export const WHAT = 'the audit store';

export class SqliteAuditStore implements AuditStore {
  readonly chain: string;
  readonly tenant: string;
  readonly keyId: string;
  readonly signerDescription: string;
  readonly #parts: StoreParts;
  readonly #queue = new SerialQueue();
  readonly #trail: TrailReader;
  #waiting: Waiting[] = [];
  #head: Head | null;
  #latest: StoredCheckpoint | null;
  /** Size of the newest checkpoint that is in the keychain too: only that one counts as made. */
  #kept: number;
  /** When the first record after the newest checkpoint was written. */
  #uncheckedSince: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.chain = parts.chain;
    this.tenant = parts.tenant;
    this.keyId = parts.signer.keyId;
    this.signerDescription = parts.signer.description;
    this.#head = parts.head;
    this.#latest = parts.latest;
    this.#kept = parts.latest?.size ?? 0;
    this.#trail = new TrailReader(parts.rows.db);
    if ((parts.head?.seq ?? 0) > this.#kept) this.#startCheckpointClock();
  }

  async append<A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord> {
    if (this.#closed) throw closedError();
    const prepared = prepareInput(input, this.#parts.random);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input: prepared, resolve, reject });
      if (this.#waiting.length === 1) void this.#queue.run(() => this.#drain());
    });
  }

  head(): { readonly seq: number; readonly hash: string } {
    if (this.#head === null) throw new CausewayError('internal', 'The chain has no record yet.');
    return { seq: this.#head.seq, hash: this.#head.hash };
  }

  get(seq: number): StoredRecord | null {
    return this.#read(() => toStoredRecord(this.#parts.rows.bySeq(seq)));
  }

  getByHash(hash: string): StoredRecord | null {
    return this.#read(() => toStoredRecord(this.#parts.rows.byHash(hash)));
  }

  getVerified(hash: string): StoredRecord | null {
    return this.#read(() => {
      const row = this.#parts.rows.byHash(hash);
      if (row === undefined) return null;
      const broken = holdsInChain(this.#parts, row).find((check) => check.state === 'fails');
      if (broken === undefined) return toStoredRecord(row);
      const text = `Record ${row.seq} of the audit trail does not hold: ${broken.detail}. Nothing may rest on it.`;
      throw new CausewayError('audit-broken', text, { reason: 'record-broken' });
    });
  }

  checkRecord(seq: number): readonly RecordCheck[] {
    return this.#read(() => checkStoredRecord(this.#parts, seq, this.#latest));
  }

  page(query: TrailQuery): TrailPage {
    return this.#read(() => this.#trail.page(query, this.head().seq));
  }

  disclosures(seq: number): readonly DisclosedValue[] {
    return this.#read(() =>
      storedDisclosures(this.#parts, seq, seq).map(({ path, disclosed }) => ({ path, value: disclosed[1] })),
    );
  }

  checkpoint(): Promise<StoredCheckpoint> {
    if (this.#closed) return Promise.reject(closedError());
    return this.#queue.run(() => this.#checkpoint());
  }

  latestCheckpoint(): StoredCheckpoint | null {
    return this.#latest;
  }

  verify(options: VerifyStoreOptions = {}): Promise<Verdict> {
    return verifyStoredChain(this.#parts, this.head(), options);
  }

  async exportChain(file: string, options: ExportOptions): Promise<ChainExport> {
    if (this.#closed) throw closedError();
    let seq = 0;
    try {
      // record and checkpoint in one turn of the queue: the checkpoint's size is the record's seq, the file ends there
      const checkpoint = await this.#queue.run(async () => {
        const next = this.head().seq + 1;
        await this.#commit([prepareInput(this.#exportRecord(options, next, 'success'), this.#parts.random)]);
        seq = next;
        return this.#checkpoint();
      });
      return await writeChainFile(this.#parts, file, checkpoint, options);
    } catch (error) {
      // the chain says an export was made; what became of it must stand there too
      if (seq > 0) await this.#recordFailedExport(options, seq, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#queue.run(async () => {
        while (this.#waiting.length > 0) await this.#drain();
        if ((this.#head?.seq ?? 0) > this.#kept) await this.#checkpoint();
      });
    } finally {
      this.#stopCheckpointClock();
      this.#parts.rows.db.close();
    }
  }

  /** The chain's first record, written before the store is handed to anybody. */
  async begin(input: AppendInput<'tenant.created'>): Promise<void> {
    await this.#queue.run(() => this.#commit([prepareInput(input, this.#parts.random)]));
  }

  #exportRecord(options: ExportOptions, seq: number, outcome: 'success' | 'failure') {
    return exportRecord(options, { chain: this.chain, seq, stored: this.#parts.rows.countDisclosures() }, outcome);
  }

  async #recordFailedExport(options: ExportOptions, seq: number, error: unknown): Promise<void> {
    try {
      await this.append(this.#exportRecord(options, seq, 'failure'));
    } catch (second) {
      const cause = new AggregateError([error, second], 'the export failed, and that could not be recorded');
      throw new CausewayError('audit-unavailable', 'The export failed and the audit store cannot record it.', {
        cause,
      });
    }
  }

  async #drain(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    if (this.#waiting.length > 0) void this.#queue.run(() => this.#drain());
    if (batch.length === 0) return;
    try {
      await this.#checkpointIfDue(batch.length);
      const records = await this.#commit(batch.map((waiting) => waiting.input));
      for (const [index, waiting] of batch.entries()) {
        const record = records[index];
        if (record !== undefined) waiting.resolve(record);
      }
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }

  async #commit(inputs: readonly PreparedInput[]): Promise<readonly StoredRecord[]> {
    try {
      const { records, head } = await commitBatch(this.#parts, this.#head, inputs);
      this.#head = head;
      this.#startCheckpointClock();
      return records;
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  /** A checkpoint that is due and cannot be made stops the writing: the tail without one must stay short. */
  async #checkpointIfDue(coming: number): Promise<void> {
    const unchecked = (this.#head?.seq ?? 0) - this.#kept;
    const since = this.#uncheckedSince;
    const late = since !== null && this.#parts.clock.now() - since >= CHECKPOINT_MS;
    if (unchecked > 0 && (late || unchecked + coming > CHECKPOINT_RECORDS)) await this.#checkpoint();
  }

  async #checkpoint(): Promise<StoredCheckpoint> {
    const { chain, rows, signer, secrets, clock, checkSchema } = this.#parts;
    const head = this.#head;
    if (head === null) throw new CausewayError('internal', 'The chain has no record yet.');
    try {
      checkSchema();
      if (this.#latest?.size !== head.seq) {
        const made = await signCheckpoint(chain, head.seq, head.frontier.root(), signer);
        const written = clock.now();
        rows.insertCheckpoint({ size: made.size, note: made.note, written });
        this.#latest = { ...made, at: new Date(written).toISOString() };
      }
      const { note, size, root, at } = this.#latest as StoredCheckpoint;
      await keepCheckpoint(secrets, chain, { note, size, root, at, head: head.hash });
      this.#kept = size;
      this.#stopCheckpointClock();
      return this.#latest as StoredCheckpoint;
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  #startCheckpointClock(): void {
    this.#uncheckedSince ??= this.#parts.clock.now();
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      // if this one fails, the next append tries again and is refused if it fails once more
      if (!this.#closed) this.#queue.run(() => this.#checkpoint()).catch(() => this.#startCheckpointClock());
    }, CHECKPOINT_MS);
    this.#timer.unref();
  }

  #stopCheckpointClock(): void {
    this.#uncheckedSince = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #read<T>(read: () => T): T {
    if (this.#closed) throw closedError();
    try {
      return read();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}

function closedError(): CausewayError {
  return new CausewayError('audit-unavailable', 'The audit store is closed.', { reason: 'closed' });
}
