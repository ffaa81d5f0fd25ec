import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { type AppendInput, type PreparedInput, prepareInput, refuseOwn } from './append-input.ts';
import { closedError } from './broken.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { commitBatch, type Head, refusalOf } from './commit-batch.ts';
import { currentHead } from './current-head.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { writeChainFile } from './export-chain.ts';
import { exportRecord } from './export-record.ts';
import { checkStoredRecord, holdsInChain } from './record-checks.ts';
import { RunningTasks } from './running-tasks.ts';
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
  readonly #checkpoints: CheckpointWriter;
  /** Exports and verifications under way; closing stops them and waits for them. */
  readonly #running = new RunningTasks();
  #closed: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.chain = parts.chain;
    this.tenant = parts.tenant;
    this.keyId = parts.signer.keyId;
    this.signerDescription = parts.signer.description;
    this.#head = parts.head;
    this.#checkpoints = new CheckpointWriter(parts, parts.latest);
    this.#trail = new TrailReader(parts.rows.db);
    if (!this.#checkpoints.covers(parts.head)) this.#startCheckpointClock();
  }

  async append<A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord> {
    if (this.#closed !== null) throw closedError();
    refuseOwn(input);
    return this.#enqueue(prepareInput(input, this.#parts.random));
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
    return this.#read(() => checkStoredRecord(this.#parts, seq, this.#checkpoints.latest));
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
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#queue.run(() => this.#checkpoint());
  }

  latestCheckpoint(): StoredCheckpoint | null {
    return this.#checkpoints.latest;
  }

  verify(options: VerifyStoreOptions = {}): Promise<Verdict> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#running.run(options.signal, (signal) =>
      verifyStoredChain(this.#parts, this.head(), { ...options, signal }),
    );
  }

  exportChain(file: string, options: ExportOptions): Promise<ChainExport> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#running.run(options.signal, (signal) => this.#export(file, { ...options, signal }));
  }

  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  /** Stops the clock of a store that could not be opened; the database is its opener's to close. */
  abandon(): void {
    this.#closed = Promise.resolve();
    this.#checkpoints.stopClock();
  }

  /** The chain's first record, written before the store is handed to anybody. */
  async begin(input: AppendInput<'tenant.created'>): Promise<void> {
    await this.#queue.run(() => this.#commit([prepareInput(input, this.#parts.random)]));
  }

  #enqueue(input: PreparedInput): Promise<StoredRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      if (this.#waiting.length === 1) void this.#queue.run(() => this.#drain());
    });
  }

  async #finish(): Promise<void> {
    try {
      // an export that is stopped records that it failed: the last thing the chain says of it must be true
      await this.#running.stop();
      await this.#queue.run(async () => {
        while (this.#waiting.length > 0) await this.#drain();
        if (!this.#checkpoints.covers(this.#head)) await this.#checkpoint();
      });
    } finally {
      this.#checkpoints.stopClock();
      this.#parts.rows.db.close();
    }
  }

  async #export(file: string, options: ExportOptions): Promise<ChainExport> {
    let seq = 0;
    try {
      // record and checkpoint in one turn of the queue: the checkpoint's size is the record's seq, the file ends there
      const checkpoint = await this.#queue.run(async () => {
        if (this.#running.stopped) throw closedError();
        await this.#checkpointIfDue(1);
        this.#head = currentHead(this.#parts, this.#head); // the record says where it stands
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

  #exportRecord(options: ExportOptions, seq: number, outcome: 'success' | 'failure') {
    return exportRecord(options, { chain: this.chain, seq, stored: this.#parts.rows.countDisclosures() }, outcome);
  }

  async #recordFailedExport(options: ExportOptions, seq: number, error: unknown): Promise<void> {
    try {
      await this.#enqueue(prepareInput(this.#exportRecord(options, seq, 'failure'), this.#parts.random));
    } catch (second) {
      const cause = new AggregateError([error, second], 'the export failed, and that could not be recorded');
      throw new CausewayError('audit-unavailable', 'The export failed and the audit store cannot record it.', {
        cause,
      });
    }
  }

  async #drain(): Promise<void> {
    const taken = this.#waiting.splice(0, MAX_BATCH);
    if (this.#waiting.length > 0) void this.#queue.run(() => this.#drain());
    const batch = taken.filter((waiting) => this.#admit(waiting));
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

  /** A checkpoint that is due and cannot be made stops the writing: the tail without one must stay short. */
  async #checkpointIfDue(coming: number): Promise<void> {
    if (this.#checkpoints.isDue(this.#head, coming)) await this.#checkpoint();
  }

  async #checkpoint(): Promise<StoredCheckpoint> {
    try {
      this.#parts.checkSchema();
      const head = currentHead(this.#parts, this.#head); // never of less than the database has
      if (head === null) throw new CausewayError('internal', 'The chain has no record yet.');
      this.#head = head;
      return await this.#checkpoints.write(head);
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  #startCheckpointClock(): void {
    this.#checkpoints.startClock(() => {
      // if this one fails, the next append tries again and is refused if it fails once more
      if (this.#closed === null) this.#queue.run(() => this.#checkpoint()).catch(() => this.#startCheckpointClock());
    });
  }

  #read<T>(read: () => T): T {
    if (this.#closed !== null) throw closedError();
    try {
      return read();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}
