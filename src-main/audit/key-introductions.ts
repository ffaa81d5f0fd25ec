import { KeyDescription } from '#shared/model/audit-record.ts';
import type { ProblemCode } from '#shared/model/verdict.ts';
import { isObject } from './json-read.ts';
import { endsOf, KeyRing } from './key-ring.ts';
import { readKey } from './keys.ts';

export type Report = (code: ProblemCode, message: string) => void;
type Members = Readonly<Record<string, unknown>>;

/** As many first keys as the schema of `tenant.created` has room for. */
const MAX_FIRST_KEYS = 8;

/** How keys come to be known: by the first record, by rotations, and, where there is no first record, by the header. */
export class KeyIntroductions {
  readonly ring = new KeyRing();
  readonly #headerKeys: readonly KeyDescription[];
  readonly #first: number;
  #introduced = false;
  #ready = false;

  constructor(headerKeys: readonly KeyDescription[], first: number) {
    this.#headerKeys = headerKeys;
    this.#first = first;
  }

  /** Whether the first record could be read, so that the keys are those the chain introduced. */
  get introduced(): boolean {
    return this.#introduced;
  }

  /** The first record introduces the first keys; a header cannot add to them. */
  takeFirst(members: Members, report: Report): void {
    if (this.#ready || members.action !== 'tenant.created' || members.outcome !== 'success') return;
    const list = isObject(members.data) ? members.data.keys : undefined;
    // counted before each is looked at: the line may hold a million
    if (!Array.isArray(list) || list.length > MAX_FIRST_KEYS) return;
    const keys = KeyDescription.array().min(1).safeParse(list);
    if (!keys.success) return;
    this.#introduced = true;
    this.#ready = true;
    for (const description of keys.data) {
      if (description.fromSeq !== 1)
        report('key', `key ${description.id} is said to be in force from another seq than 1`);
      this.#introduce({ ...description, fromSeq: 1 }, null, report);
    }
    if (this.ring.entries().length === 0) this.#fallBackToHeader();
  }

  /** To be called before a record's key is looked up. */
  settle(): void {
    if (!this.#ready) this.#fallBackToHeader();
  }

  /** A new key counts only from a rotation that succeeded and is itself signed under a key in force. */
  rotate(data: Members, signedBy: string, seq: number, signed: boolean, report: Report): void {
    const parsed = KeyDescription.safeParse(data.newKey);
    if (data.purpose !== 'signing' || !parsed.success) return;
    if (!signed) {
      report('key', 'the new key is not introduced, because the record of the rotation is not signed properly');
      return;
    }
    if (data.oldKey !== signedBy) report('key', 'the key that is replaced is not the one that signed the rotation');
    if (parsed.data.fromSeq !== seq + 1) report('key', 'a new key is in force from the seq after its introduction');
    const introduced = this.#introduce({ ...parsed.data, fromSeq: seq + 1 }, signedBy, report);
    if (introduced) this.ring.retire(signedBy, seq + 1);
  }

  #introduce(description: KeyDescription, by: string | null, report: Report): boolean {
    const key = readKey(description);
    if (typeof key === 'string') {
      report('key', `key ${description.id}: ${key}`);
      return false;
    }
    if (!this.ring.introduce(description, key, by)) {
      report('key', `key ${description.id} is introduced a second time`);
      return false;
    }
    return true;
  }

  /**
   * Where the first record is missing or damaged, the header's word is all there is to go by: of the keys up to the
   * first seq the newest is in force, each earlier one until the next came. That is right for a chain that began with
   * one key, where every rotation retires the only one there is; other headers are reported (verifyHeader).
   */
  #fallBackToHeader(): void {
    this.#ready = true;
    const known = this.#headerKeys.filter((description) => description.fromSeq <= this.#first);
    const ends = endsOf(known);
    for (const [index, description] of known.entries()) {
      const key = readKey(description);
      if (typeof key !== 'string') this.ring.introduce(description, key);
      const end = ends[index];
      if (end !== undefined) this.ring.retire(description.id, end);
    }
  }
}
