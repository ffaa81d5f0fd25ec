/** Numbers in order, outside of the heap: 4 bytes a seq, so that a million records cost four megabytes. */
export class SeqList {
  #items = new Uint32Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(seq: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Uint32Array(this.#items.length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length++] = seq;
  }

  at(place: number): number | undefined {
    return place < this.#length ? this.#items[place] : undefined;
  }

  /** A view, not a copy. */
  items(): Uint32Array {
    return this.#items.subarray(0, this.#length);
  }
}

/** One number for each seq, NaN where none was set. */
export class SeqNumbers {
  #items = new Float64Array(1024).fill(Number.NaN);

  set(seq: number, value: number): void {
    if (seq >= this.#items.length) {
      const grown = new Float64Array(Math.max(seq + 1, this.#items.length * 2)).fill(Number.NaN);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[seq] = value;
  }

  get(seq: number): number {
    return this.#items[seq] ?? Number.NaN;
  }
}

/** Occurrences by their time, in ascending order of it: to be asked how many lie between two instants. */
export class Instants {
  readonly #times: Float64Array;
  readonly #seqs: Uint32Array;

  /** `times` and `seqs` in the order of the chain; clocks may have gone back a little. */
  constructor(times: readonly number[] | Float64Array, seqs: Uint32Array) {
    const order = Uint32Array.from(seqs, (_seq, place) => place);
    const time = (place: number) => times[place] ?? Number.NaN;
    order.sort((a, b) => time(a) - time(b) || a - b);
    this.#times = Float64Array.from(order, time);
    this.#seqs = Uint32Array.from(order, (place) => seqs[place] ?? 0);
  }

  /** From `from`, included, to `to`, not. */
  count(from: number, to: number): number {
    return Math.max(0, this.#lowerBound(to) - this.#lowerBound(from));
  }

  /** The first at or after an instant. */
  firstFrom(instant: number): number | null {
    return this.#seqs[this.#lowerBound(instant)] ?? null;
  }

  #lowerBound(instant: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? Number.POSITIVE_INFINITY) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
