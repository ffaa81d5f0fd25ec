import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import type { CausewayError } from '#shared/errors.ts';
import type { SelfTest, SigningKey, Standing, WitnessFolder } from '#shared/ipc/verification-views.ts';
import type { TrailCount, TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import type { AppendInput } from './append-input.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ContinuousVerification } from './continuous/continuous.ts';
import type { ContinuousWatch } from './continuous/open-continuous.ts';
import type { SinceCheck } from './continuous/verify-since.ts';
import type { ExportedFile, ExportOptions, ExportRequest } from './export/export-request.ts';
import type { Acknowledgement } from './history/acknowledge.ts';
import type { ChangedBy } from './history/change-folders.ts';
import type { FoundProblems } from './history/history.ts';
import type { BundleReference } from './history/incident-bundle.ts';
import type { InclusionProof } from './inclusion.ts';
import type { ReaderAddress } from './reading/record-reader.ts';
import type { JsonValue } from './seal.ts';
import type { DocumentFormat, DocumentSignature } from './signed-document.ts';
import type { KeyChoice } from './signers/key-reference.ts';
import type { KmsDirectory } from './signers/kms-port.ts';
import type { Rotation, RotationRequest } from './signers/rotate-key.ts';
import { openSqliteStore } from './sqlite-opening.ts';
import type { TextIndex } from './trail-text.ts';
import type { Cosigner } from './witness/cosigner.ts';
import type { Witnesses } from './witness/witnesses.ts';

export type { AppendInput, Checkpoint, ExportedFile, ExportOptions, ExportRequest };

/** A record as it is stored: the bytes are those that were hashed and signed. */
export interface StoredRecord {
  readonly seq: number;
  /** Lowercase hex SHA-256 of the bytes. */
  readonly hash: string;
  readonly sig: Uint8Array;
  readonly bytes: Uint8Array;
  /** The bytes, parsed. */
  readonly record: AuditRecord;
}

export interface StoredCheckpoint extends Checkpoint {
  /** When it was written, RFC 3339. */
  readonly at: string;
}

export interface DisclosedValue {
  /** JSON pointer into the record. */
  readonly path: string;
  readonly value: JsonValue;
}

/** One check of a single record, in words for people. */
export interface RecordCheck {
  readonly name: string;
  /** `open`: cannot be said yet, as inclusion of a record no checkpoint covers. */
  readonly state: 'holds' | 'fails' | 'open';
  readonly detail: string;
}

export interface Generator {
  readonly name: string;
  readonly version: string;
}

export interface VerifyStoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Records done and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The audit trail of one tenant: append and read. What keeps it is not the caller's concern. */
export interface AuditStore {
  readonly chain: string;
  readonly tenant: string;
  /** Id of the key that signs now. */
  readonly keyId: string;
  /** Where the signing key is, for people. */
  readonly signerDescription: string;
  /**
   * Resolves when the record is durable. On rejection nothing was written, and the guarded action must not happen.
   * @throws CausewayError `bad-input`, `too-large`, `audit-unavailable`, `disk-full`, `read-only`, `keychain-unavailable`
   */
  append<A extends AuditAction>(input: AppendInput<A>): Promise<StoredRecord>;
  head(): { readonly seq: number; readonly hash: string };
  get(seq: number): StoredRecord | null;
  getByHash(hash: string): StoredRecord | null;
  /**
   * The record only if its hash, its signature and its links to both neighbours hold; null when there is none.
   * @throws CausewayError `audit-broken` when it is there and does not hold
   */
  getVerified(hash: string): StoredRecord | null;
  /**
   * Every decision and lease among the records after the one of this hash, in order: from the records' bytes, each linked
   * to the one before up to the head, whatever the trail lists. Empty when no record has this hash.
   * @throws CausewayError `audit-broken` (`decisions-unknown`) when one of them may be missing
   */
  decisionsAfter(hash: string): Promise<readonly StoredRecord[]>;
  /** Each check of one record, with its inclusion in the newest checkpoint; empty when there is no such record. */
  checkRecord(seq: number): readonly RecordCheck[];
  /** That a record is in the newest checkpoint; null when that does not cover it, or it cannot be shown. */
  proof(seq: number): InclusionProof | null;
  /**
   * Newest first, 500 at most; `total` counts what the filter matches on all pages, and says how well it could. A text is
   * looked for with the search index given, and in the records themselves where that does not reach; when that takes too
   * long the page says how far it came, and `next` goes on from there.
   */
  page(query: TrailQuery, index?: TextIndex | null): TrailPage;
  /** Counts a filter's records below `before` for a moment; goes on below `next` until that is null. */
  count(query: TrailQuery, index?: TextIndex | null): TrailCount;
  /** The decrypted personal values of a record; those of an erased person are gone. */
  disclosures(seq: number): readonly DisclosedValue[];
  /** Who cosigned this chain's checkpoints, and may. */
  readonly witnesses: Witnesses;
  /** This console as a witness of other chains. */
  readonly cosigner: Cosigner;
  /**
   * Whether the history is whole: what contradicts it, and what was acknowledged, for good. While it is `blocked`, whatever
   * would write is refused with `audit-broken`, reason `history-blocked`.
   */
  standing(): Standing;
  /**
   * Takes note of every break that is open, on record, and goes on upon the database as found. The checkpoints that are
   * given up stay known in the keychain and in the incident bundle, and every later verification names them.
   * @throws CausewayError `conflict` (`no-break`, `history-changed`: something else is found now), `audit-broken` (`history-lost`: it can only be read), and as `append`
   */
  acknowledgeBreak(request: Acknowledgement): Promise<Standing>;
  /** Writes what a verification found into a signed bundle (docs/incident-bundle.md). Blocks nothing. */
  writeIncident(found: FoundProblems): Promise<BundleReference>;
  /** Why nothing is written now: a break that waits to be acknowledged, or a self-attack that failed; null: it is. */
  refusal(): CausewayError | null;
  /**
   * Attacks a scratch copy of the store and puts the result on record, unless the history is blocked. One attack that is
   * not held keeps everything from being written from then on. @throws CausewayError as `append`
   */
  selfAttack(): Promise<SelfTest>;
  /** Folders that are given every new checkpoint, and what each of them has. */
  witnessFolders(): readonly WitnessFolder[];
  /** On record first. @throws CausewayError `bad-input`, `too-large`, and as `append` */
  addWitnessFolder(path: string, by: ChangedBy): Promise<void>;
  removeWitnessFolder(path: string, by: ChangedBy): Promise<void>;
  /** Signs the tree head, keeps it in the store, in the keychain and in the witness folders. */
  checkpoint(): Promise<StoredCheckpoint>;
  latestCheckpoint(): StoredCheckpoint | null;
  /**
   * Reads everything stored again, as it was when this began, and checks it by section 6.
   * @throws CausewayError `cancelled`, also when the store is closed meanwhile
   */
  verify(options?: VerifyStoreOptions): Promise<Verdict>;
  /**
   * Checks the records after the newest checkpoint, and that the tree up to there is the checkpoint's: what it costs grows
   * with the records since. @throws CausewayError `cancelled`
   */
  verifySince(options?: Pick<VerifyStoreOptions, 'signal'>): Promise<SinceCheck>;
  /** Verifies all the time, going on where it ended; to be stopped before the store is closed. */
  verifyContinuously(watch: ContinuousWatch): Promise<ContinuousVerification>;
  /**
   * Writes records to a file: the whole chain, a range, an extract with proofs, or another program's format. It appears
   * under its name only when it is complete, durable, and on record with its digest.
   * @throws CausewayError as `append`, `cancelled`, and `bad-input` when nothing matches
   */
  export(file: string, request: ExportRequest, options: ExportOptions): Promise<ExportedFile>;
  /** `export` of the whole chain. */
  exportChain(file: string, options: ExportOptions): Promise<ExportedFile>;
  /**
   * Stops exports and verifications and waits for them, finishes what is queued, and writes a checkpoint if there are
   * records since the last one. A second call waits for the first.
   */
  close(): Promise<void>;
  /** Where the records can be read on another thread. */
  reader(): ReaderAddress;
  /**
   * Signs a document's digest with the chain's key, over "<format>\n<digest>\n"; also while nothing is written.
   * @throws CausewayError `bad-input`, `audit-unavailable`
   */
  signDocument(format: DocumentFormat, digest: string): Promise<DocumentSignature>;
  /** The keys that have signed, in order, and where the one that signs now is. */
  keys(): readonly SigningKey[];
  /**
   * Hands the trail to another key: a checkpoint, the approval and the rotation under the old one, then a checkpoint under
   * the new one. A key of the keychain is destroyed when that is durable.
   * @throws CausewayError as `append`, and `conflict` for a key that has signed before; the old key then goes on
   */
  rotateKey(request: RotationRequest): Promise<Rotation>;
}

/**
 * How a made-up history is written: nobody relies on it before all of it is there, so the disk is not waited for at each
 * commit. Whoever writes it has the file written out at the end.
 */
export interface ExampleTrail {
  /**
   * Dates each record, asked once for each in the order of the appends. By default the records that are written together
   * have one time from `clock`.
   */
  readonly recordClock: Clock;
}

export interface OpenAuditStoreOptions {
  /** The folder of this tenant; created if needed. */
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** A history that is made up for an example, in a new folder: refused with `conflict` where a chain exists. */
  readonly example?: ExampleTrail | undefined;
  readonly random: Random;
  readonly generator: Generator;
  /** Told of what stops nothing and somebody should know: a keychain that cannot be written now, a list that was planted. */
  readonly onWarning?: ((error: unknown, what: string) => void) | undefined;
  /** The way to AWS KMS, where keys of it are used. */
  readonly kms?: KmsDirectory | undefined;
  /** The first key of a chain that is begun: one in the keychain by default. No matter to one that exists. */
  readonly beginWith?: KeyChoice | undefined;
}

/**
 * Opens a tenant's audit trail, and begins it in a folder that has none.
 * A database that contradicts what the keychain and the witness folders know of it opens for reading: see `standing`.
 * @throws CausewayError `audit-broken` when it is gone, of another chain or cannot be read, `keychain-unavailable`, `read-only`, `disk-full`, `conflict`
 */
export function openAuditStore(options: OpenAuditStoreOptions): Promise<AuditStore> {
  return openSqliteStore(options);
}
