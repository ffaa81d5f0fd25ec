const PAGE_BITS = 2 ** 16;

/** Seqs of a chain, a bit for each record of it: what a filter found, newest first, is walked from the oldest. */
export class SeqSet {
  readonly #pages = new Map<number, Uint8Array>();
  #count = 0;
  #first: number | null = null;
  #last: number | null = null;

  get count(): number {
    return this.#count;
  }

  get first(): number | null {
    return this.#first;
  }

  get last(): number | null {
    return this.#last;
  }

  add(seq: number): void {
    const number = Math.floor(seq / PAGE_BITS);
    const place = seq % PAGE_BITS;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(PAGE_BITS / 8);
      this.#pages.set(number, page);
    }
    const bit = 1 << (place % 8);
    const byte = page[place >> 3] ?? 0;
    if ((byte & bit) !== 0) return;
    page[place >> 3] = byte | bit;
    this.#count++;
    this.#first = this.#first === null ? seq : Math.min(this.#first, seq);
    this.#last = this.#last === null ? seq : Math.max(this.#last, seq);
  }

  /** In ascending order. */
  *[Symbol.iterator](): Generator<number> {
    for (const number of [...this.#pages.keys()].sort((a, b) => a - b)) {
      const page = this.#pages.get(number);
      for (const [index, byte] of page?.entries() ?? []) {
        for (let bit = 0; byte >> bit > 0; bit++) if ((byte >> bit) & 1) yield number * PAGE_BITS + index * 8 + bit;
      }
    }
  }
}

/** The seqs `first` to `last`, one after the other. */
export function* seqsBetween(first: number, last: number): Generator<number> {
  for (let seq = first; seq <= last; seq++) yield seq;
}
