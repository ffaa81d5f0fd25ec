import { type AuditRecord, GENESIS_PREV } from '#shared/model/audit-record.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import { beginsSynthetic } from './begins-synthetic.ts';
import { canonicalText, NotCanonicalError } from './canonical.ts';
import { ErasedPlaces } from './erased-places.ts';
import type { ExtractHeader } from './export/extract-lines.ts';
import { hashRecord, signedText } from './hash.ts';
import { decodeBase64, isObject, type JsonReading, readJson } from './json-read.ts';
import { endsOf, KeyRing } from './key-ring.ts';
import { readKey, verifySignature } from './keys.ts';
import type { ProblemList } from './problems.ts';
import { checkRecordSchema } from './record-schema.ts';
import { instantOf } from './record-time.ts';
import { findSealed } from './seal.ts';
import { mayHoldSealed } from './sealed-mark.ts';
import { hashLeaf } from './tree.ts';
import { verifyInclusion } from './tree-proof.ts';

const TIME_SLACK_MS = 5 * 60 * 1000;

type Members = Readonly<Record<string, unknown>>;
type Report = (code: ProblemCode, message: string) => void;

export interface StatedExtractRecord {
  readonly line: number;
  readonly hash: string;
  readonly sig: string;
  readonly proof: readonly Buffer[];
  readonly bytes: Buffer;
}

/** The keys of an extract's header, each in force until the next one came: the header's word. */
function headerRing({ keys }: ExtractHeader, problems: ProblemList): KeyRing {
  const ring = new KeyRing();
  const ends = endsOf(keys);
  for (const [index, description] of keys.entries()) {
    const key = readKey(description);
    if (typeof key === 'string') problems.add(1, 'key', `key ${description.id}: ${key}`);
    else if (!ring.introduce(description, key)) {
      problems.add(1, 'key', `key ${description.id} is introduced a second time`);
      continue;
    }
    const end = ends[index];
    if (end !== undefined) ring.retire(description.id, end);
  }
  return ring;
}

/**
 * Section 6, "Extracts", for the records of an extract, one at a time. Every check is made on the bytes; where the header
 * could not be read, the checks that need it are left out.
 */
export class ExtractChecks {
  readonly erased = new ErasedPlaces();
  readonly ring: KeyRing;
  readonly #problems: ProblemList;
  readonly #header: ExtractHeader | null;
  readonly #root: Buffer | null;
  #records = 0;
  #proven = 0;
  #sealed = 0;
  #highest = 0;
  #firstSeq: number | null = null;
  #lastSeq: number | null = null;
  #head: string | null = null;
  /** Of the record line directly before; null when its seq is none or the line was no record. */
  #before: { readonly seq: number; readonly hash: string } | null = null;
  #timeBefore: number | null = null;
  #synthetic = false;

  constructor(header: ExtractHeader | null, problems: ProblemList) {
    this.#header = header;
    this.#problems = problems;
    this.#root = header === null ? null : Buffer.from(header.root, 'base64');
    this.ring = header === null ? new KeyRing() : headerRing(header, problems);
  }

  get records(): number {
    return this.#records;
  }

  /** Whether there is a record, and every one is in the tree by its proof. */
  get allProven(): boolean {
    return this.#records > 0 && this.#proven === this.#records;
  }

  get sealedValues(): number {
    return this.#sealed;
  }

  /** Whether the chain's first record is among them, and says that the chain is made up. */
  get synthetic(): boolean {
    return this.#synthetic;
  }

  /** Seq of the first and of the last record that has one. */
  get firstSeq(): number | null {
    return this.#firstSeq;
  }

  get lastSeq(): number | null {
    return this.#lastSeq;
  }

  /** Hash of the last record line. */
  get head(): string | null {
    return this.#head;
  }

  /** A line among the records that is none. */
  skip(): void {
    this.#before = null;
  }

  /** The record's seq when it is above all before it, otherwise null. */
  check(stated: StatedExtractRecord): number | null {
    const { line, bytes } = stated;
    const hash = hashRecord(bytes);
    this.#records++;
    this.#head = hash;
    const reading = readJson(bytes);
    const members = reading.ok && isObject(reading.value) ? reading.value : null;
    const seq = Number.isSafeInteger(members?.seq) ? Number(members?.seq) : null;
    const report: Report = (code, message) => this.#problems.add(line, code, message, seq ?? undefined);

    if (!reading.ok) report('unreadable', `the record is ${reading.reason}`);
    if (hash !== stated.hash) report('hash', 'the stated hash is not the SHA-256 of the record');
    if (reading.ok) checkForm(reading, report);
    if (reading.ok && members === null) report('schema', 'the record is not an object');
    const ascends = members === null ? false : this.#checkMembers(members, seq, hash, stated, report);
    this.#checkProof(seq, stated, report);
    this.#before = seq === null ? null : { seq, hash };
    if (seq !== null) {
      this.#firstSeq ??= seq;
      this.#lastSeq = seq;
    }
    return ascends ? seq : null;
  }

  #checkMembers(
    members: Members,
    seq: number | null,
    hash: string,
    stated: StatedExtractRecord,
    report: Report,
  ): boolean {
    const checked = checkRecordSchema(members);
    if (typeof checked === 'string') report('schema', checked);
    if (beginsSynthetic(checked)) this.#synthetic = true;
    const ascends = seq !== null && seq > this.#highest;
    if (!ascends) report('sequence', `a seq above ${this.#highest} was expected, ${seq ?? 'none'} stands there`);
    this.#checkPlace(members, seq, report);
    this.#checkTime(members.time, report);
    const signed = this.#checkSignature(members.key, seq, hash, stated.sig, report);
    if (typeof checked !== 'string' && checked.outcome === 'success' && signed) {
      this.#checkIntroduction(checked, report);
      if (checked.action === 'tenant.erasure_completed') this.#noteErased(checked);
    }
    if (mayHoldSealed(stated.bytes)) this.#sealed += findSealed(members).size;
    if (ascends) this.#highest = seq;
    return ascends;
  }

  #checkPlace({ chain, tenant, prev }: Members, seq: number | null, report: Report): void {
    const header = this.#header;
    if (header !== null && chain !== header.chain) report('sequence', 'the record is of another chain');
    if (header !== null && tenant !== header.tenant) report('sequence', 'the record is of another tenant');
    const before = this.#before;
    if (seq === 1) {
      if (prev !== GENESIS_PREV) report('chain', 'the first record has a predecessor');
    } else if (seq !== null && before?.seq === seq - 1 && prev !== before.hash) {
      report('chain', 'prev is not the hash of the record before');
    }
  }

  #checkTime(time: unknown, report: Report): void {
    const instant = instantOf(time);
    if (Number.isNaN(instant)) return; // named by the schema
    if (this.#timeBefore !== null && instant < this.#timeBefore - TIME_SLACK_MS) {
      report('time', 'the clock went back by more than five minutes since the record before');
    }
    this.#timeBefore = instant;
  }

  #checkSignature(id: unknown, seq: number | null, hash: string, sig: string, report: Report): boolean {
    if (this.#header === null) return false;
    const entry = typeof id === 'string' ? this.ring.get(id) : undefined;
    if (entry === undefined) {
      report('key', "the key is not one of the header's");
      return false;
    }
    entry.records++;
    const inForce = seq === null || this.ring.isInForce(entry, seq);
    if (!inForce) report('key', `key ${entry.description.id} is not in force at this seq`);
    const signature = decodeBase64(sig);
    if (signature !== null && verifySignature(entry.key, signedText(hash), signature)) {
      if (inForce) entry.signed++;
      return inForce;
    }
    report('signature', 'the signature is not one of this record by its key');
    return false;
  }

  /** What the records say of keys, where they stand in the file, goes before the header's word. */
  #checkIntroduction({ action, data, key, seq }: AuditRecord, report: Report): void {
    const stated = this.#header?.keys ?? [];
    const text = "the header's keys are not those this record introduces";
    if (action === 'tenant.created' && describeAll(data.keys) !== describeAll(stated.slice(0, 1))) report('key', text);
    if (action !== 'credential.key_rotated' || data.purpose !== 'signing') return;
    const next = stated[stated.findIndex(({ id }) => id === key) + 1];
    const same = next !== undefined && describeAll([data.newKey]) === describeAll([next]);
    if (!same || next.fromSeq !== seq + 1 || data.oldKey !== key) report('key', text);
  }

  #noteErased({ seq, data }: AuditRecord): void {
    if (!Array.isArray(data.erased)) return;
    for (const { seq: of, path } of data.erased as readonly { seq: number; path: string }[]) {
      if (of < seq && of <= this.#highest) this.erased.add(of, path);
    }
  }

  #checkProof(seq: number | null, { proof, bytes }: StatedExtractRecord, report: Report): void {
    if (this.#header === null || this.#root === null) return;
    const { size } = this.#header;
    const proven = seq !== null && verifyInclusion(hashLeaf(bytes), seq - 1, size, proof, this.#root);
    if (proven) this.#proven++;
    else report('root', 'the proof does not lead to the root');
  }
}

function checkForm({ text, value }: Extract<JsonReading, { ok: true }>, report: Report): void {
  try {
    if (canonicalText(value) !== text) report('not-canonical', 'the bytes are not the canonical form of the record');
  } catch (error) {
    if (!(error instanceof NotCanonicalError)) throw error;
    report('not-canonical', error.message);
  }
}

function describeAll(keys: unknown): string {
  if (!Array.isArray(keys)) return '';
  return keys.map((key) => (isObject(key) ? `${key.id} ${key.alg} ${key.spki} ${key.fromSeq}` : '')).join('\n');
}
