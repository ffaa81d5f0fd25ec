import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { SelfTest, SigningKey, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { TrailCount, TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { type AppendInput, prepareInput, refuseOwn } from './append-input.ts';
import { closedError } from './broken.ts';
import { ChainWriter } from './chain-writer.ts';
import type { ContinuousVerification } from './continuous/continuous.ts';
import { sinceWithHistory } from './continuous/history-problems.ts';
import { type ContinuousWatch, openContinuous } from './continuous/open-continuous.ts';
import type { SinceCheck } from './continuous/verify-since.ts';
import { DecisionWalk } from './decision-walk.ts';
import type { ExportedFile, ExportOptions, ExportRequest } from './export/export-request.ts';
import { runExport } from './export/run-export.ts';
import { heedSelfAttack } from './heed-self-attack.ts';
import type { Acknowledgement } from './history/acknowledge.ts';
import { addFolder, type ChangedBy, type FolderHost, removeFolder } from './history/change-folders.ts';
import type { FoundProblems } from './history/history.ts';
import { withHistory } from './history/history-verdict.ts';
import type { BundleReference } from './history/incident-bundle.ts';
import type { InclusionProof } from './inclusion.ts';
import type { ReaderAddress } from './reading/record-reader.ts';
import { checkStoredRecord, holdsInChain, proveRecord } from './record-checks.ts';
import { recordableTime } from './recordable-time.ts';
import { RunningTasks } from './running-tasks.ts';
import { attackScratchCopy } from './self-attack.ts';
import { type DocumentFormat, type DocumentSignature, signDocument } from './signed-document.ts';
import { listKeys } from './signers/list-keys.ts';
import { prepareKey, type Rotation, type RotationRequest } from './signers/rotate-key.ts';
import type {
  AuditStore,
  DisclosedValue,
  RecordCheck,
  StoredCheckpoint,
  StoredRecord,
  VerifyStoreOptions,
} from './store.ts';
import { exportHost } from './store-export.ts';
import { type StoreParts, WHAT } from './store-parts.ts';
import { storedDisclosures, toStoredRecord, unlessRecordDamaged } from './stored-record.ts';
import { TrailReader } from './trail-query.ts';
import type { TextIndex } from './trail-text.ts';
import { verifyStoredChain, verifyStoredSince } from './verify-stored-chain.ts';
import { Cosigner } from './witness/cosigner.ts';
import { Witnesses } from './witness/witnesses.ts';

export class SqliteAuditStore implements AuditStore {
  readonly chain: string;
  readonly tenant: string;
  readonly witnesses: Witnesses;
  readonly cosigner: Cosigner;
  readonly #parts: StoreParts;
  readonly #writer: ChainWriter;
  readonly #trail: TrailReader;
  readonly #decisions: DecisionWalk;
  /** Exports and verifications under way; closing stops them and waits for them. */
  readonly #running = new RunningTasks();
  #closed: Promise<void> | null = null;

  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.chain = parts.chain;
    this.tenant = parts.tenant;
    this.#writer = new ChainWriter(parts);
    this.#trail = new TrailReader(parts.rows.db);
    this.#decisions = new DecisionWalk(parts.rows, () => this.#writer.head);
    const own = {
      append: (input: AppendInput<'tenant.configuration_changed'>) => this.append(input),
      getVerified: (hash: string) => this.getVerified(hash),
      checkpoint: () => this.checkpoint(),
    };
    this.witnesses = new Witnesses({ ...parts, ...own });
    this.cosigner = new Cosigner({ ...parts, ...own });
    parts.history.followSigner(() => parts.signer);
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
    return this.#writer.append(prepareInput(input, this.#parts.random));
  }

  head(): { readonly seq: number; readonly hash: string } {
    const { head } = this.#writer;
    if (head === null) throw new CausewayError('internal', 'The chain has no record yet.');
    return { seq: head.seq, hash: head.hash };
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

  async decisionsAfter(hash: string): Promise<readonly StoredRecord[]> {
    if (this.#closed !== null) throw closedError();
    try {
      return await this.#decisions.after(hash);
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }

  checkRecord(seq: number): readonly RecordCheck[] {
    return this.#read(() => checkStoredRecord(this.#parts, seq, this.#writer.latest));
  }

  proof(seq: number): InclusionProof | null {
    return this.#read(() => proveRecord(this.#parts, seq, this.#writer.latest));
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
    return this.#writer.checkpoint();
  }

  latestCheckpoint(): StoredCheckpoint | null {
    return this.#writer.latest;
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
      verifyStoredSince(this.#parts, this.#writer.latest, this.head().seq, stop).then((check) =>
        sinceWithHistory(check, this.#parts.history),
      ),
    );
  }

  verifyContinuously(watch: ContinuousWatch): Promise<ContinuousVerification> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return openContinuous({ ...this.#parts, records: () => this.#writer.head?.seq ?? 0 }, watch);
  }

  export(file: string, request: ExportRequest, options: ExportOptions): Promise<ExportedFile> {
    if (this.#closed !== null) return Promise.reject(closedError());
    const room = { parts: this.#parts, writer: this.#writer, running: this.#running };
    const host = exportHost({ ...room, readPage: (query) => this.page(query) });
    return this.#running.run(options.signal, (signal) => runExport(host, file, request, { ...options, signal }));
  }

  exportChain(file: string, options: ExportOptions): Promise<ExportedFile> {
    return this.export(file, { format: 'chain' }, options);
  }

  reader(): ReaderAddress {
    return { path: this.#parts.rows.db.name, chain: this.chain, tenant: this.tenant };
  }

  async signDocument(format: DocumentFormat, digest: string): Promise<DocumentSignature> {
    if (this.#closed !== null) throw closedError();
    return signDocument(this.#parts.signer, format, digest);
  }

  keys(): readonly SigningKey[] {
    return this.#read(() => listKeys(this.#parts));
  }

  async rotateKey(request: RotationRequest): Promise<Rotation> {
    if (this.#closed !== null) throw closedError();
    this.#parts.history.requireWritable();
    const next = await prepareKey(this.#parts, request.to);
    return this.#writer.rotate(request, next);
  }

  standing(): Standing {
    return this.#parts.history.standing();
  }

  acknowledgeBreak(request: Acknowledgement): Promise<Standing> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#writer.acknowledge(request);
  }

  writeIncident(found: FoundProblems): Promise<BundleReference> {
    if (this.#closed !== null) return Promise.reject(closedError());
    return this.#parts.history.writeIncident(found);
  }

  async selfAttack(): Promise<SelfTest> {
    const { rows, clock } = this.#parts;
    const result = this.#read(() => attackScratchCopy(rows.db, recordableTime(clock)));
    const attacked = { parts: this.#parts, writer: this.#writer, controls: () => this.#controls() };
    await heedSelfAttack(attacked, result);
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
    this.#parts.headKeeper.end();
    this.#writer.end();
  }

  /** The chain's first record, written before the store is handed to anybody. */
  async begin(input: AppendInput<'tenant.created'>): Promise<void> {
    await this.#writer.begin(prepareInput(input, this.#parts.random));
  }

  async #finish(): Promise<void> {
    this.#writer.closing();
    try {
      // an export that is stopped records that it failed: the last thing the chain says of it must be true
      await this.#running.stop();
      await this.#writer.finish();
      await this.#parts.folders.settled();
    } finally {
      await this.#parts.headKeeper.flush();
      this.#parts.headKeeper.end();
      this.#writer.end();
      this.#parts.rows.db.close();
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

  #read<T>(read: () => T): T {
    if (this.#closed !== null) throw closedError();
    try {
      return read();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  }
}
