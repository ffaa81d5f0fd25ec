import type { ErasedPlaces } from './erased-places.ts';
import type { DisclosureLine } from './export-lines.ts';
import type { ProblemList } from './problems.ts';
import { sealDigest } from './seal.ts';

export type FindSealed = (seq: number) => ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>;

export interface SealedCounts {
  readonly disclosed: number;
  readonly withheld: number;
  readonly erased: number;
  readonly mismatched: number;
}

/** The four states of sealed values. Disclosures must come in order of seq and path, so that a repeat is noticed. */
export class DisclosureVerifier {
  readonly #problems: ProblemList;
  readonly #find: FindSealed;
  readonly #erased: ErasedPlaces;
  #lastSeq = 0;
  #lastPath = '';
  #disclosed = 0;
  #mismatched = 0;

  constructor(problems: ProblemList, find: FindSealed, erased: ErasedPlaces) {
    this.#problems = problems;
    this.#find = find;
    this.#erased = erased;
  }

  async check(line: number, { seq, path, value }: DisclosureLine): Promise<void> {
    const ordered = seq > this.#lastSeq || (seq === this.#lastSeq && path > this.#lastPath);
    if (!ordered) {
      const repeated = seq === this.#lastSeq && path === this.#lastPath;
      const code = repeated ? 'disclosure' : 'unreadable';
      this.#problems.add(line, code, repeated ? 'the value is disclosed twice' : 'disclosures are out of order', seq);
      return; // not looked up: going back and forth in the file would be work at the file's choice
    }
    this.#lastSeq = seq;
    this.#lastPath = path;
    const digest = (await this.#find(seq)).get(path);
    if (digest === undefined) {
      this.#problems.add(line, 'disclosure', `there is no sealed value at ${path}`, seq);
    } else if (sealDigest(value) !== digest) {
      this.#mismatched++;
      this.#problems.add(line, 'disclosure', `the value disclosed for ${path} is not the one that was sealed`, seq);
    } else this.#disclosed++;
    this.#erased.delete(seq, path); // present in this file, so not counted as erased
  }

  /** Of `sealed` values in all. Call after the last disclosure. */
  async count(sealed: number): Promise<SealedCounts> {
    let erased = 0;
    for (const [seq, paths] of this.#erased.bySeq()) {
      const found = await this.#find(seq);
      for (const path of paths) if (found.has(path)) erased++;
    }
    const rest = sealed - this.#disclosed - this.#mismatched - erased;
    return { disclosed: this.#disclosed, withheld: Math.max(0, rest), erased, mismatched: this.#mismatched };
  }
}
