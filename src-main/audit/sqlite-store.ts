import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { SelfTest, SigningKey, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { TrailCount, TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { type AppendInput, type PreparedInput, prepareInput, refuseOwn } from './append-input.ts';
import { closedError } from './broken.ts';
import { anchoredKeys } from './chain-keys.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { type CommitOptions, commitBatch, type Head, refusalOf } from './commit-batch.ts';
import type { ContinuousVerification } from './continuous/continuous.ts';
import { type ContinuousWatch, openContinuous } from './continuous/open-continuous.ts';
import type { SinceCheck } from './continuous/verify-since.ts';
import { currentHead } from './current-head.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import type { ExportedFile, ExportOptions, ExportRequest } from './export/export-request.ts';
import { type ExportHost, runExport } from './export/run-export.ts';
import { type Acknowledgement, acknowledge } from './history/acknowledge.ts';
import { addFolder, type ChangedBy, type FolderHost, removeFolder } from './history/change-folders.ts';
import { type FoundProblems, type History, withHistory } from './history/history.ts';
import type { BundleReference } from './history/incident-bundle.ts';
import type { SchemaCheck } from './history/schema-check.ts';
import type { WitnessFolders } from './history/witness-folders.ts';
import type { InclusionProof } from './inclusion.ts';
import { checkStoredRecord, holdsInChain, proveRecord } from './record-checks.ts';
import { recordableTime } from './recordable-time.ts';
import { RunningTasks } from './running-tasks.ts';
import { attackScratchCopy, describeFailure } from './self-attack.ts';
import { selfAttackRecord } from './self-attack-record.ts';
import { describeKey, type Signer } from './signer.ts';
import type { KmsDirectory } from './signers/kms-port.ts';
import { listKeys } from './signers/list-keys.ts';
import {
  destroyRetired,
  dropUnusedKey,
  keepNewKey,
  type NewKey,
  prepareKey,
  type Rotation,
  type RotationRequest,
  rotationRecords,
} from './signers/rotate-key.ts';
import { SigningQueue } from './signers/signing-queue.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type {
  AuditStore,
  DisclosedValue,
  RecordCheck,
  StoredCheckpoint,
  StoredRecord,
  VerifyStoreOptions,
} from './store.ts';
import { storedDisclosures, toStoredRecord, unlessRecordDamaged } from './stored-record.ts';
import { TrailReader } from './trail-query.ts';
import type { TextIndex } from './trail-text.ts';
import { verifyStoredChain, verifyStoredSince } from './verify-stored-chain.ts';
import { Cosigner } from './witness/cosigner.ts';
import { Witnesses } from './witness/witnesses.ts';

const MAX_BATCH = 256;
/** Where each signature is a call over the network: as many as are surely signed in the time a turn has. */
const MAX_REMOTE_BATCH = 96;

/** What an opened store is made of; sqlite-opening.ts puts it together after its checks. */
export interface StoreParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  /** Of the next record; another one after a rotation. */
  signer: Signer;
  /** Id of the key the chain began with, from the keychain. */
  readonly firstKey: string;
  readonly kms: KmsDirectory | undefined;
  readonly vault: DisclosureVault;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  /** null before the first record. */
  readonly head: Head | null;
  readonly latest: StoredCheckpoint | null;
  readonly schema: SchemaCheck;
  /** Throws when the guards of the schema are not what they were. */
  readonly checkSchema: () => void;
  readonly history: History;
  readonly folders: WitnessFolders;
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
  readonly witnesses: Witnesses;
  readonly cosigner: Cosigner;
  readonly #parts: StoreParts;
  readonly #queue: SigningQueue;
  readonly #trail: TrailReader;
  #waiting: Waiting[] = [];
  #head: Head | null;
  readonly #checkpoints: CheckpointWriter;
  /** Exports and verifications under way; closing stops them and waits for them. */
  readonly #running = new RunningTasks();
  #closed: Promise<void> | null = null;
  /** Whether the keychain still has a key that was replaced. */
  #retiring = true;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.chain = parts.chain;
    this.tenant = parts.tenant;
    this.#head = parts.head;
    this.#queue = new SigningQueue(
      () => parts.signer,
      (error) => this.#refuseWaiting(error),
    );
    this.#checkpoints = new CheckpointWriter(parts, parts.latest);
    this.#trail = new TrailReader(parts.rows.db);
    const own = {
      append: (input: AppendInput<'tenant.configuration_changed'>) => this.append(input),
      getVerified: (hash: string) => this.getVerified(hash),
      checkpoint: () => this.checkpoint(),
    };
    this.witnesses = new Witnesses({ ...parts, ...own });
    this.cosigner = new Cosigner({ ...parts, ...own });
    parts.history.followSigner(() => parts.signer);
    if (!this.#checkpoints.covers(parts.head)) this.#startCheckpointClock();
  }

  get keyId(): string {
    return this.#parts.signer.keyId;
  }

  get signerDescription(): string {
    return this.#parts.signer.description;
  }

  async append<A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord> {
    if (this.#closed !== null) throw closedError();
    this.#parts.history.requireWritable();
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

  proof(seq: number): InclusionProof | null {
    return this.#read(() => proveRecord(this.#parts, seq, this.#checkpoints.latest));
  }

  page(query: TrailQuery, index: TextIndex | null = null): TrailPage {
    return this.#read(() => this.#trail.page(query, this.head().seq, index));
  }

  count(query: TrailQuery, index: TextIndex | null = null): TrailCount {
    return this.#read(() => this.#trail.count(query, this.head().seq, index));
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
      verifyStoredChain(this.#parts, this.head(), { ...options, signal }).then((verdict) =>
        withHistory(verdict, this.#parts.history),
      ),
    );
  }

  verifySince({ signal }: Pick<VerifyStoreOptions, 'signal'> = {}): Promise<SinceCheck> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#running.run(signal, (stop) =>
      verifyStoredSince(this.#parts, this.#checkpoints.latest, this.head().seq, stop),
    );
  }

  verifyContinuously(watch: ContinuousWatch): Promise<ContinuousVerification> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return openContinuous({ ...this.#parts, records: () => this.#head?.seq ?? 0 }, watch);
  }

  export(file: string, request: ExportRequest, options: ExportOptions): Promise<ExportedFile> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#running.run(options.signal, (signal) =>
      runExport(this.#exportHost(), file, request, { ...options, signal }),
    );
  }

  exportChain(file: string, options: ExportOptions): Promise<ExportedFile> {
    return this.export(file, { format: 'chain' }, options);
  }

  keys(): readonly SigningKey[] {
    return this.#read(() => listKeys(this.#parts));
  }

  async rotateKey(request: RotationRequest): Promise<Rotation> {
    if (this.#closed !== null) throw closedError();
    this.#parts.history.requireWritable();
    const next = await prepareKey(this.#parts, request.to);
    return this.#queue.run(() => this.#rotate(request, next));
  }

  standing(): Standing {
    return this.#parts.history.standing();
  }

  acknowledgeBreak(request: Acknowledgement): Promise<Standing> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#queue.run(() => this.#acknowledge(request));
  }

  writeIncident(found: FoundProblems): Promise<BundleReference> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#parts.history.writeIncident(found);
  }

  async selfAttack(): Promise<SelfTest> {
    const { rows, clock, history } = this.#parts;
    const result = this.#read(() => attackScratchCopy(rows.db, recordableTime(clock)));
    history.stop(null); // what an earlier one found is judged anew
    try {
      if (history.standing().state !== 'blocked') await this.append(selfAttackRecord(result, this.#controls()));
    } finally {
      history.stop(describeFailure(result));
    }
    return result;
  }

  refusal(): CausewayError | null {
    return this.#parts.history.refusal();
  }

  witnessFolders(): readonly WitnessFolder[] {
    return this.#parts.folders.list();
  }

  async addWitnessFolder(path: string, by: ChangedBy): Promise<void> {
    await addFolder(this.#folderHost(), path, by);
  }

  async removeWitnessFolder(path: string, by: ChangedBy): Promise<void> {
    await removeFolder(this.#folderHost(), path, by);
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
    this.#queue.closing();
    try {
      // an export that is stopped records that it failed: the last thing the chain says of it must be true
      await this.#running.stop();
      await this.#queue.run(async () => {
        while (this.#waiting.length > 0) await this.#drain();
        if (!this.#checkpoints.covers(this.#head) && !this.#parts.history.blocked) await this.#checkpoint();
      });
      await this.#parts.folders.settled();
    } finally {
      this.#queue.closed();
      this.#checkpoints.stopClock();
      this.#parts.rows.db.close();
    }
  }

  /** What an export may do here. It goes on to the end of what it began while the store is being closed. */
  #exportHost(): ExportHost {
    const open = () => {
      if (this.#running.stopped) throw closedError();
    };
    return {
      parts: this.#parts,
      readPage: (query) => this.page(query),
      append: (input) => this.#enqueue(prepareInput(input, this.#parts.random)),
      checkpoint: () => {
        open();
        return this.#queue.run(() => this.#checkpoint());
      },
      // record and checkpoint in one turn of the queue: the checkpoint's size is the record's seq, the file ends there
      appendLast: (build, written) =>
        this.#queue.run(async () => {
          open();
          await this.#checkpointIfDue(1);
          this.#head = currentHead(this.#parts, this.#head); // the record says where it stands
          const next = this.head().seq + 1;
          await this.#commit([prepareInput(build(next), this.#parts.random)]);
          written();
          return this.#checkpoint();
        }),
    };
  }

  async #drain(): Promise<void> {
    const taken = this.#waiting.splice(0, this.#parts.signer.remote ? MAX_REMOTE_BATCH : MAX_BATCH);
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
      this.#queue.failed(error);
    }
  }

  #refuseWaiting(error: unknown): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  /** All in one turn: nothing is written between the old key's checkpoint and the new key's. */
  async #rotate(request: RotationRequest, next: NewKey): Promise<Rotation> {
    const parts = this.#parts;
    await this.#checkpoint();
    await keepNewKey(parts, next);
    const from = anchoredKeys(parts.rows, parts.firstKey).current;
    const { seq } = this.head();
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

  async #commit(inputs: readonly PreparedInput[], options: CommitOptions = {}): Promise<readonly StoredRecord[]> {
    try {
      this.#parts.history.requireWritable();
      const signal = this.#queue.within;
      const { records, head } = await commitBatch(this.#parts, this.#head, inputs, { ...options, signal });
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
      this.#parts.history.requireWritable();
      this.#parts.checkSchema();
      const head = currentHead(this.#parts, this.#head); // never of less than the database has
      if (head === null) throw new CausewayError('internal', 'The chain has no record yet.');
      this.#head = head;
      const checkpoint = await this.#checkpoints.write(head, this.#queue.within);
      this.#parts.folders.publish(checkpoint);
      await this.#destroyRetired(checkpoint.size);
      return checkpoint;
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  /** After a rotation, once a checkpoint of the new key is durable. */
  async #destroyRetired(covered: number): Promise<void> {
    if (!this.#retiring) return;
    await destroyRetired(this.#parts, covered);
    this.#retiring = false;
  }

  async #acknowledge(request: Acknowledgement): Promise<Standing> {
    const parts = this.#parts;
    const signal = this.#queue.within;
    try {
      await acknowledge(
        {
          parts,
          commit: async (head, input) => {
            const { records, head: next } = await commitBatch(parts, head, [input], { exactly: true, signal });
            this.#head = next;
            const [record] = records;
            if (record === undefined) throw new CausewayError('internal', 'The acknowledgement was not written.');
            return record;
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

  #controls(): readonly (StoredRecord | null)[] {
    return this.page({ action: 'tenant.control_updated', limit: 20 }).rows.map(({ seq }) =>
      unlessRecordDamaged(() => this.get(seq)),
    );
  }

  #folderHost(): FolderHost {
    const append: FolderHost['append'] = (input) => this.append(input);
    return { ...this.#parts, append, checkpoint: () => this.checkpoint() };
  }

  #startCheckpointClock(): void {
    if (this.#parts.history.blocked) return;
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
