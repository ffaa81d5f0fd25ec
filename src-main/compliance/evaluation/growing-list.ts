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

  /** How many there are from a seq on, for items in ascending order. */
  countFrom(seq: number): number {
    let place = this.#length;
    while (place > 0 && (this.#items[place - 1] ?? 0) >= seq) place--;
    return this.#length - place;
  }

  /** Takes the last ones away. */
  drop(count: number): void {
    this.#length -= Math.min(count, this.#length);
  }

  at(place: number): number | undefined {
    return place < this.#length ? this.#items[place] : undefined;
  }

  /** A view, not a copy. */
  items(): Uint32Array {
    return this.#items.subarray(0, this.#length);
  }
}

/** Instants in the order they come, outside of the heap. */
export class TimeList {
  #items = new Float64Array(256);
  #length = 0;

  push(time: number): void {
    if (this.#length === this.#items.length) {
      const grown = new Float64Array(this.#items.length * 2);
      grown.set(this.#items);
      this.#items = grown;
    }
    this.#items[this.#length++] = time;
  }

  /** Takes the last ones away. */
  drop(count: number): void {
    this.#length -= Math.min(count, this.#length);
  }

  /** A view, not a copy. */
  items(): Float64Array {
    return this.#items.subarray(0, this.#length);
  }
}

/** Seqs to a page: small, so that a file whose records claim to be far apart takes little more than its own length. */
const PAGE = 256;

/** One number for each seq, NaN where none was set; outside of the heap. */
export class SeqNumbers {
  readonly #pages = new Map<number, Float64Array>();
  #number = -1;
  #page: Float64Array = new Float64Array(0);

  set(seq: number, value: number): void {
    const number = Math.floor(seq / PAGE);
    if (number !== this.#number) this.#turnTo(number);
    this.#page[seq % PAGE] = value;
  }

  get(seq: number): number {
    return this.#pages.get(Math.floor(seq / PAGE))?.[seq % PAGE] ?? Number.NaN;
  }

  #turnTo(number: number): void {
    const page = this.#pages.get(number) ?? new Float64Array(PAGE).fill(Number.NaN);
    this.#pages.set(number, page);
    this.#number = number;
    this.#page = page;
  }
}

/** Occurrences by their time, in ascending order of it: to be asked how many lie between two instants. */
export class Instants {
  readonly #times: Float64Array;
  readonly #seqs: Uint32Array;

  /** `times` and `seqs` in the order of the chain; clocks may have gone back a little. */
  constructor(times: Float64Array, seqs: Uint32Array) {
    if (isAscending(times)) {
      this.#times = times;
      this.#seqs = seqs;
      return;
    }
    const time = (place: number) => times[place] ?? Number.NaN;
    const order = Uint32Array.from(seqs, (_seq, place) => place).sort((a, b) => time(a) - time(b) || a - b);
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

function isAscending(times: Float64Array): boolean {
  for (let place = 1; place < times.length; place++) {
    if ((times[place] ?? 0) < (times[place - 1] ?? 0)) return false;
  }
  return true;
}
