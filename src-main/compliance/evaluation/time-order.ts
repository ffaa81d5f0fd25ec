/** How far a clock may go back between two records without a word. Milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
const MOST_LISTED = 100;

/** Records whose time is earlier than that of a record before them, by more than clocks differ. */
export interface TimeProblems {
  readonly count: number;
  /** The first hundred. */
  readonly seqs: readonly number[];
}

/**
 * The order of the records' times. A record says its own time, and a clock that was put back would put it into a period
 * that is over: such a record is counted, and meets nothing.
 */
export class TimeOrder {
  readonly #seqs: number[] = [];
  #latest: number;
  #count: number;
  #isBack = false;

  /** What an earlier reading ended with. */
  constructor(latest = Number.NEGATIVE_INFINITY, count = 0) {
    this.#latest = latest;
    this.#count = count;
  }

  take(seq: number, time: number): void {
    this.#isBack = time < this.#latest - CLOCK_TOLERANCE_MS;
    if (this.#isBack) {
      this.#count++;
      if (this.#seqs.length < MOST_LISTED) this.#seqs.push(seq);
    }
    if (time > this.#latest) this.#latest = time;
  }

  /** The latest time any record had so far, milliseconds. */
  get latest(): number {
    return this.#latest;
  }

  /** Whether the record taken last is such a one. */
  get isBack(): boolean {
    return this.#isBack;
  }

  problems(): TimeProblems {
    return { count: this.#count, seqs: [...this.#seqs] };
  }
}
