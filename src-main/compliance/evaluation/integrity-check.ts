import { GENESIS_PREV } from '#shared/model/audit-record.ts';
import type { ReportIntegrity, ReportPopulation } from '#shared/model/report.ts';
import { HashTree, leafOfBytes } from './hash-tree.ts';

const MOST_PROBLEMS = 100;
const MOST_ACKNOWLEDGED = 100;

/** Where a record was found: what it says of its place, and what stands beside it. */
export interface FoundRecord {
  readonly bytes: Uint8Array;
  /** As it is stored or stated beside the bytes. */
  readonly statedHash: string;
  /** As computed from the bytes. */
  readonly hash: string;
  /** null where it cannot be read. */
  readonly members: { readonly seq: unknown; readonly prev: unknown } | null;
}

/**
 * Whether the records hold together: each one's hash against its bytes, its link to the one before, its place in the
 * sequence, and the tree over all of them against a checkpoint. Signatures are not looked at.
 */
export class IntegrityCheck {
  readonly #checkpoint: ReportPopulation['checkpoint'];
  readonly #last: number;
  readonly #problems: ReportIntegrity['problems'] = [];
  readonly #acknowledged: ReportIntegrity['acknowledged'] = [];
  readonly #tree = new HashTree();
  #root: string | null = null;
  #problemCount = 0;
  #checked = 0;
  #previous: string | null = GENESIS_PREV;
  #expected = 1;

  /** `last`: the sequence goes on up to there, and no further. */
  constructor(checkpoint: ReportPopulation['checkpoint'], last: number) {
    this.#checkpoint = checkpoint;
    this.#last = last;
  }

  /** The seq that has to come next. */
  get expected(): number {
    return this.#expected;
  }

  problem(seq: number, text: string): void {
    this.#problemCount++;
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ seq, text: text.slice(0, 2000).toWellFormed() });
  }

  /** A break of the history somebody took note of, on record. */
  acknowledge(seq: number, time: string): void {
    if (this.#acknowledged.length < MOST_ACKNOWLEDGED) this.#acknowledged.push({ seq, time });
  }

  /**
   * Checks a record where it stands. `place`: its seq in the store; null in a file, where what it says of itself and how
   * many came before have to do. The seq it counts under; null when it is out of place and cannot be counted.
   */
  take(found: FoundRecord, place: number | null): number | null {
    this.#checked++;
    this.#grow(found.bytes);
    const seq = this.#placeOf(found.members?.seq, place);
    if (seq === null) {
      this.problem(this.#expected, `A record out of place stands where record ${this.#expected} was expected.`);
      return null; // what comes next is linked to the one before it
    }
    if (seq > this.#expected) this.#missing(seq - 1);
    const { statedHash, hash: computed, members } = found;
    if (statedHash !== computed)
      this.problem(seq, `Record ${seq} was altered: its bytes do not give the hash beside it.`);
    if (members === null) this.problem(seq, `Record ${seq} cannot be read.`);
    else {
      if (members.seq !== seq) this.problem(seq, `Record ${seq} says another number of itself.`);
      if (this.#previous !== null && members.prev !== this.#previous) {
        this.problem(seq, `Record ${seq} is not linked to the record before it.`);
      }
    }
    this.#previous = computed;
    this.#expected = seq + 1;
    return seq;
  }

  end(): ReportIntegrity {
    if (this.#expected <= this.#last) this.#missing(this.#last);
    this.#compareRoot();
    return {
      state: this.#problemCount === 0 ? 'holds' : 'broken',
      checked: this.#checked,
      problems: this.#problems,
      problemCount: this.#problemCount,
      acknowledged: this.#acknowledged,
    };
  }

  #placeOf(stated: unknown, place: number | null): number | null {
    if (place !== null) return place >= this.#expected ? place : null;
    if (typeof stated !== 'number' || !Number.isSafeInteger(stated) || stated < 1) return this.#expected;
    // one that was taken out of a file shows by the number of the next; a number far ahead is a lie about itself
    if (stated < this.#expected) return null;
    return stated <= this.#last ? stated : this.#expected;
  }

  #missing(last: number): void {
    const first = this.#expected;
    this.problem(first, first === last ? `Record ${first} is missing.` : `Records ${first} to ${last} are missing.`);
    this.#previous = null; // the next one's link leads to a record that is not there
  }

  #grow(bytes: Uint8Array): void {
    const { size } = this.#checkpoint ?? { size: 0 };
    if (this.#tree.size >= size) return;
    this.#tree.append(leafOfBytes(bytes));
    if (this.#tree.size === size) this.#root = this.#tree.root()?.toString('base64') ?? null;
  }

  #compareRoot(): void {
    if (this.#checkpoint === null) return;
    const { size, root } = this.#checkpoint;
    if (root === '') this.problem(0, `The checkpoint over ${size} records cannot be read.`);
    else if (this.#root === null) this.problem(0, `There are fewer records than the ${size} of the checkpoint.`);
    else if (this.#root !== root) this.problem(0, `The first ${size} records are not those of the checkpoint.`);
  }
}
