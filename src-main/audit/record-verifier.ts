import { type AuditRecord, GENESIS_PREV, KeyDescription } from '#shared/model/audit-record.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import { canonicalText, NotCanonicalError } from './canonical.ts';
import { hashRecord, signedText } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import { KeyRing } from './key-ring.ts';
import { readKey, verifySignature } from './keys.ts';
import type { ProblemList } from './problems.ts';
import { checkRecordSchema } from './record-schema.ts';
import { findSealed } from './seal.ts';
import { Frontier, hashLeaf } from './tree.ts';

/** How far `time` may go back from one record to the next before it is worth a warning. */
const TIME_SLACK_MS = 5 * 60 * 1000;
const SEALED_MARK = Buffer.from('"sealed":"');

export interface Expectation {
  readonly chain: string | null;
  readonly tenant: string | null;
  readonly first: number;
  /** Roots of the maximal subtrees before `first`; none when the chain is read from its beginning. */
  readonly left: readonly Buffer[];
  /** Keys to go by where the chain's own introduction cannot be read. */
  readonly keys: readonly KeyDescription[];
}

export interface StatedRecord {
  /** 0 where there are no lines. */
  readonly line: number;
  readonly hash: string;
  /** null when it is not the base64 of anything. */
  readonly sig: Uint8Array | null;
  readonly bytes: Buffer;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Section 6 for records in order, one at a time: each check is made on the bytes, and a record that fails one is still
 * put through the others, so that every problem is named.
 */
export class RecordVerifier {
  readonly ring = new KeyRing();
  readonly tree: Frontier;
  /** What erasure records name: seq to JSON pointers. */
  readonly erased = new Map<number, Set<string>>();
  readonly #problems: ProblemList;
  readonly #expect: Expectation;
  #expectedSeq: number;
  #previousHash: string | null;
  #previousTime: number | null = null;
  #introduced = false;
  #ringReady = false;
  #records = 0;
  #sealed = 0;
  #lastSeq: number | null = null;
  #firstKey: string | null = null;

  constructor(problems: ProblemList, expect: Expectation) {
    this.#problems = problems;
    this.#expect = expect;
    this.#expectedSeq = expect.first;
    this.tree = new Frontier(expect.first - 1, expect.left);
    this.#previousHash = expect.first === 1 ? GENESIS_PREV : null;
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
    return this.#introduced;
  }

  /** Id of the key that signed the first record. */
  get firstKey(): string | null {
    return this.#firstKey;
  }

  /** A place where a record should stand and nothing readable does: its successor's link cannot be checked. */
  skip(): void {
    this.#expectedSeq++;
    this.#previousHash = null;
  }

  /** The record when it keeps section 1 and its action's schema, whatever else is wrong with it; otherwise null. */
  check(stated: StatedRecord): AuditRecord | null {
    const { line, bytes } = stated;
    const hash = hashRecord(bytes);
    const seqHint = this.#expectedSeq;
    this.tree.append(hashLeaf(bytes));
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

  #checkForm(text: string, value: unknown, report: (code: ProblemCode, message: string) => void): void {
    try {
      if (canonicalText(value) !== text) report('not-canonical', 'the bytes are not the canonical form of the record');
    } catch (error) {
      if (!(error instanceof NotCanonicalError)) throw error;
      report('not-canonical', error.message);
    }
  }

  #checkMembers(
    members: Members,
    seq: number,
    hash: string,
    stated: StatedRecord,
    report: (code: ProblemCode, message: string) => void,
  ): AuditRecord | null {
    const checked = checkRecordSchema(members);
    if (typeof checked === 'string') report('schema', checked);
    this.#checkPlace(members, seq, report);
    this.#checkTime(members.time, report);
    if (seq === 1 && !this.#ringReady) this.#introduceFirst(members, report);
    const signed = this.#checkSignature(members.key, seq, hash, stated.sig, report);
    if (typeof checked !== 'string') {
      if (checked.action === 'credential.key_rotated') this.#rotate(checked.data, checked.key, seq, signed, report);
      if (checked.action === 'tenant.erasure_completed') this.#noteErased(checked.data.erased, seq);
    }
    if (stated.bytes.includes(SEALED_MARK)) this.#sealed += findSealed(members).size;
    this.#expectedSeq = seq + 1; // go on from what stands there: one wrong seq is one problem, not one for each record
    this.#lastSeq = seq;
    return typeof checked === 'string' ? null : checked;
  }

  #checkPlace(members: Members, seq: number, report: (code: ProblemCode, message: string) => void): void {
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

  #checkTime(time: unknown, report: (code: ProblemCode, message: string) => void): void {
    const instant = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    if (Number.isNaN(instant)) return; // named by the schema
    if (this.#previousTime !== null && instant < this.#previousTime - TIME_SLACK_MS) {
      report('time', 'the clock went back by more than five minutes since the record before');
    }
    this.#previousTime = instant;
  }

  /** The first record introduces the first keys; a header cannot add to them. */
  #introduceFirst(members: Members, report: (code: ProblemCode, message: string) => void): void {
    const data = isObject(members.data) ? members.data : {};
    const keys = KeyDescription.array().min(1).safeParse(data.keys);
    if (!keys.success || members.action !== 'tenant.created') return;
    this.#introduced = true;
    this.#ringReady = true;
    for (const description of keys.data) {
      if (description.fromSeq !== 1)
        report('key', `key ${description.id} is said to be in force from another seq than 1`);
      this.#introduce({ ...description, fromSeq: 1 }, report);
    }
    if (this.ring.entries().length === 0) this.#fallBackToHeader();
  }

  #introduce(description: KeyDescription, report: (code: ProblemCode, message: string) => void): boolean {
    const key = readKey(description);
    if (typeof key === 'string') {
      report('key', `key ${description.id}: ${key}`);
      return false;
    }
    if (!this.ring.introduce(description, key)) {
      report('key', `key ${description.id} is introduced a second time`);
      return false;
    }
    return true;
  }

  /**
   * Where the first record is missing or damaged, the header's keys are all there is to go by: those in force at the
   * first seq. Later ones must still come by a rotation.
   */
  #fallBackToHeader(): void {
    this.#ringReady = true;
    const known = this.#expect.keys.filter((description) => description.fromSeq <= this.#expect.first);
    for (const [index, description] of known.entries()) {
      const key = readKey(description);
      if (typeof key !== 'string') this.ring.introduce(description, key);
      const next = known[index + 1]?.fromSeq ?? 1;
      if (next > description.fromSeq) this.ring.retire(description.id, next);
    }
  }

  #checkSignature(
    id: unknown,
    seq: number,
    hash: string,
    sig: Uint8Array | null,
    report: (code: ProblemCode, message: string) => void,
  ): boolean {
    if (!this.#ringReady) this.#fallBackToHeader();
    if (seq === 1 && typeof id === 'string') this.#firstKey ??= id;
    const entry = typeof id === 'string' ? this.ring.get(id) : undefined;
    if (entry === undefined) {
      report('key', 'the key was not introduced by the chain');
      return false;
    }
    entry.records++;
    const inForce = this.ring.isInForce(entry, seq);
    if (!inForce) report('key', `key ${entry.description.id} is not in force at this seq`);
    if (sig !== null && verifySignature(entry.key, signedText(hash), sig)) return inForce;
    report('signature', 'the signature is not one of this record by its key');
    return false;
  }

  /** A new key counts only from a record that is itself signed under a key in force. */
  #rotate(
    data: Members,
    signedBy: string,
    seq: number,
    signed: boolean,
    report: (code: ProblemCode, message: string) => void,
  ): void {
    const parsed = KeyDescription.safeParse(data.newKey);
    if (data.purpose !== 'signing' || !parsed.success) return;
    if (!signed) {
      report('key', 'the new key is not introduced, because the record of the rotation is not signed properly');
      return;
    }
    if (data.oldKey !== signedBy) report('key', 'the key that is replaced is not the one that signed the rotation');
    if (parsed.data.fromSeq !== seq + 1) report('key', 'a new key is in force from the seq after its introduction');
    if (this.#introduce({ ...parsed.data, fromSeq: seq + 1 }, report)) this.ring.retire(signedBy, seq + 1);
  }

  #noteErased(list: unknown, seq: number): void {
    if (!Array.isArray(list)) return;
    for (const { seq: of, path } of list as readonly { seq: number; path: string }[]) {
      if (of >= seq) continue; // only a later record can name what was erased
      const paths = this.erased.get(of) ?? new Set();
      paths.add(path);
      this.erased.set(of, paths);
    }
  }
}
