import { type AuditRecord, GENESIS_PREV, type KeyDescription } from '#shared/model/audit-record.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import { beginsSynthetic } from './begins-synthetic.ts';
import { isCanonical, NotCanonicalError } from './canonical.ts';
import { ErasedPlaces } from './erased-places.ts';
import { hashRecord, signedText } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import { KeyIntroductions, type Report } from './key-introductions.ts';
import type { KeyRing, RingEntry } from './key-ring.ts';
import { verifySignature } from './keys.ts';
import type { ProblemList } from './problems.ts';
import type { RecordRun, TriedSignature } from './record-block.ts';
import { checkRecordSchema } from './record-schema.ts';
import { instantOf } from './record-time.ts';
import { findSealed } from './seal.ts';
import { mayHoldSealed } from './sealed-mark.ts';
import { type CompletedNode, Frontier, hashLeaf } from './tree.ts';

/** How far `time` may go back from one record to the next before it is worth a warning. */
const TIME_SLACK_MS = 5 * 60 * 1000;

export interface Expectation {
  readonly chain: string | null;
  readonly tenant: string | null;
  readonly first: number;
  /** Roots of the maximal subtrees before `first`; none when the chain is read from its beginning. */
  readonly left: readonly Buffer[];
  /** Keys to go by where the chain's own introduction cannot be read. */
  readonly keys: readonly KeyDescription[];
  /** Hash of the record before `first`, where it is known. */
  readonly prev?: string | undefined;
  /** False: record signatures are passed over, as if each held. */
  readonly signatures?: boolean | undefined;
  /** Told of every subtree the records complete. */
  readonly onNode?: ((node: CompletedNode) => void) | undefined;
}

export interface StatedRecord {
  /** 0 where there are no lines. */
  readonly line: number;
  readonly hash: string;
  /** null when it is not the base64 of anything. */
  readonly sig: Uint8Array | null;
  readonly bytes: Buffer;
  /** Signature that was tried beforehand under the key of that id that stands in `Expectation.keys` first. */
  readonly tried?: TriedSignature | null;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Section 6 for records in order, one at a time: each check is made on the bytes, and a record that fails one is still
 * put through the others, so that every problem is named.
 */
export class RecordVerifier {
  readonly tree: Frontier;
  /** What erasure records name. */
  readonly erased = new ErasedPlaces();
  readonly #keys: KeyIntroductions;
  readonly #problems: ProblemList;
  readonly #expect: Expectation;
  #expectedSeq: number;
  #previousHash: string | null;
  #previousTime: number | null = null;
  #records = 0;
  #skipped = 0;
  #sealed = 0;
  #lastSeq: number | null = null;
  #firstKey: string | null = null;
  #expected: Map<string, KeyDescription> | null = null;
  #synthetic = false;

  constructor(problems: ProblemList, expect: Expectation) {
    this.#problems = problems;
    this.#expect = expect;
    this.#expectedSeq = expect.first;
    this.tree = new Frontier(expect.first - 1, expect.left);
    this.#previousHash = expect.first === 1 ? GENESIS_PREV : (expect.prev ?? null);
    this.#keys = new KeyIntroductions(expect.keys, expect.first);
  }

  get ring(): KeyRing {
    return this.#keys.ring;
  }

  get records(): number {
    return this.#records;
  }

  get sealedValues(): number {
    return this.#sealed;
  }

  get lastSeq(): number | null {
    return this.#lastSeq;
  }

  get head(): string | null {
    return this.#lastSeq === null ? null : this.#previousHash;
  }

  /** Whether the first record could be read, so that the keys are those the chain introduced. */
  get introduced(): boolean {
    return this.#keys.introduced;
  }

  /** Whether the first record says that the chain is made up. */
  get synthetic(): boolean {
    return this.#synthetic;
  }

  /** Id of the key that signed the first record. */
  get firstKey(): string | null {
    return this.#firstKey;
  }

  /** A place where a record should stand and nothing readable does: its successor's link cannot be checked. */
  skip(): void {
    this.#skipped++;
    this.#expectedSeq++;
    this.#previousHash = null;
  }

  /**
   * Takes records that are in order by themselves and among themselves, if they also are where they stand. False when they
   * are not, or when that cannot be told: nothing was done then, and each is to be checked.
   */
  takeRun(run: RecordRun): boolean {
    const { firstSeq, count } = run;
    if (this.#expect.onNode !== undefined || this.tree.size !== firstSeq - 1) return false;
    if (this.#expectedSeq !== firstSeq) return false;
    if (this.#previousHash !== null && run.prev !== this.#previousHash) return false;
    if (this.#previousTime !== null && Date.parse(run.firstTime) < this.#previousTime - TIME_SLACK_MS) return false;
    this.#keys.settle();
    const entry = this.ring.get(run.key);
    if (entry === undefined || !this.#isExpected(entry)) return false;
    if (!this.ring.isInForce(entry, firstSeq) || !this.ring.isInForce(entry, firstSeq + count - 1)) return false;
    for (const { level, hash } of run.subtrees) this.tree.appendSubtree(Buffer.from(hash), level);
    entry.records += count;
    entry.signed += count;
    this.#records += count;
    this.#sealed += run.sealed;
    this.#expectedSeq = firstSeq + count;
    this.#lastSeq = firstSeq + count - 1;
    this.#previousHash = run.head;
    this.#previousTime = Date.parse(run.lastTime);
    return true;
  }

  /** The record when it keeps section 1 and its action's schema, whatever else is wrong with it; otherwise null. */
  check(stated: StatedRecord): AuditRecord | null {
    const { line, bytes } = stated;
    const hash = hashRecord(bytes);
    const seqHint = this.#expectedSeq;
    this.tree.append(hashLeaf(bytes), this.#expect.onNode);
    this.#records++;
    const reading = readJson(bytes);
    if (!reading.ok) {
      this.#problems.add(line, 'unreadable', `the record is ${reading.reason}`, seqHint);
    }
    const members = reading.ok && isObject(reading.value) ? reading.value : null;
    const seq = Number.isSafeInteger(members?.seq) ? (members?.seq as number) : seqHint;
    const report = (code: ProblemCode, message: string) => this.#problems.add(line, code, message, seq);

    if (hash !== stated.hash) report('hash', 'the stated hash is not the SHA-256 of the record');
    if (reading.ok) {
      this.#checkForm(reading.text, reading.value, report);
      if (members === null) report('schema', 'the record is not an object');
    }
    if (members === null) {
      this.#expectedSeq++;
      this.#lastSeq = seqHint;
    }
    const record = members === null ? null : this.#checkMembers(members, seq, hash, stated, report);
    this.#previousHash = hash;
    return record;
  }

  #checkForm(text: string, value: unknown, report: Report): void {
    try {
      if (!isCanonical(text, value)) report('not-canonical', 'the bytes are not the canonical form of the record');
    } catch (error) {
      if (!(error instanceof NotCanonicalError)) throw error;
      report('not-canonical', error.message);
    }
  }

  #checkMembers(members: Members, seq: number, hash: string, stated: StatedRecord, report: Report): AuditRecord | null {
    const checked = checkRecordSchema(members);
    if (typeof checked === 'string') report('schema', checked);
    this.#checkPlace(members, seq, report);
    this.#checkTime(members.time, report);
    if (seq === 1) this.#keys.takeFirst(members, report);
    const signed = this.#checkSignature(members.key, seq, hash, stated, report);
    if (beginsSynthetic(checked)) this.#synthetic = true;
    // what a record says it tried and failed to do has no effect
    if (typeof checked !== 'string' && checked.outcome === 'success') {
      if (checked.action === 'credential.key_rotated')
        this.#keys.rotate(checked.data, checked.key, seq, signed, report);
      if (checked.action === 'tenant.erasure_completed' && signed) this.#noteErased(checked.data.erased, seq);
    }
    if (mayHoldSealed(stated.bytes)) this.#sealed += findSealed(members).size;
    this.#expectedSeq = seq + 1; // go on from what stands there: one wrong seq is one problem, not one for each record
    this.#lastSeq = seq;
    return typeof checked === 'string' ? null : checked;
  }

  #checkPlace(members: Members, seq: number, report: Report): void {
    const { chain, tenant, prev } = members;
    if (members.seq !== this.#expectedSeq) {
      const found = Number.isSafeInteger(members.seq) ? String(members.seq) : 'none';
      report('sequence', `seq ${this.#expectedSeq} was expected, ${found} stands there`);
    }
    if (this.#expect.chain !== null && chain !== this.#expect.chain)
      report('sequence', 'the record is of another chain');
    if (this.#expect.tenant !== null && tenant !== this.#expect.tenant) {
      report('sequence', 'the record is of another tenant');
    }
    if (this.#previousHash !== null && prev !== this.#previousHash) {
      report('chain', seq === 1 ? 'the first record has a predecessor' : 'prev is not the hash of the record before');
    }
  }

  #checkTime(time: unknown, report: Report): void {
    const instant = instantOf(time);
    if (Number.isNaN(instant)) return; // named by the schema
    if (this.#previousTime !== null && instant < this.#previousTime - TIME_SLACK_MS) {
      report('time', 'the clock went back by more than five minutes since the record before');
    }
    this.#previousTime = instant;
  }

  #checkSignature(id: unknown, seq: number, hash: string, stated: StatedRecord, report: Report): boolean {
    this.#keys.settle();
    if (seq === 1 && typeof id === 'string') this.#firstKey ??= id;
    const entry = typeof id === 'string' ? this.ring.get(id) : undefined;
    if (entry === undefined) {
      report('key', 'the key was not introduced by the chain');
      return false;
    }
    entry.records++;
    const inForce = this.ring.isInForce(entry, seq);
    if (!inForce) report('key', `key ${entry.description.id} is not in force at this seq`);
    if (this.#holds(entry, hash, stated)) {
      if (inForce) entry.signed++;
      return inForce;
    }
    report('signature', 'the signature is not one of this record by its key');
    return false;
  }

  #holds(entry: RingEntry, hash: string, { sig, tried }: StatedRecord): boolean {
    if (this.#expect.signatures === false) return true;
    if (sig === null) return false;
    if (tried?.key === entry.description.id && this.#isExpected(entry)) return tried.holds;
    return verifySignature(entry.key, signedText(hash), sig);
  }

  /** Whether a key is the very one that was expected under its id: ids are short, and two keys may be made to share one. */
  #isExpected({ key }: RingEntry): boolean {
    if (this.#expected === null) {
      this.#expected = new Map();
      for (const known of this.#expect.keys) if (!this.#expected.has(known.id)) this.#expected.set(known.id, known);
    }
    const known = this.#expected.get(key.id);
    return known?.alg === key.alg && known.spki === key.spki.toString('base64');
  }

  /** Entries that point at no earlier record are passed over. */
  #noteErased(list: unknown, seq: number): void {
    if (!Array.isArray(list)) return;
    const { first } = this.#expect;
    const here = first + this.#records + this.#skipped - 1;
    for (const { seq: of, path } of list as readonly { seq: number; path: string }[]) {
      if (of >= first && of < seq && of < here) this.erased.add(of, path);
    }
  }
}
