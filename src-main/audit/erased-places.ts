/** What one place costs besides its text, roughly. */
const PLACE_COST = 96;
/** Bytes the list may take, roughly: half a million places of ordinary length. */
const BUDGET = 64 * 1024 * 1024;

/**
 * The places erasure records name, each once. What is held is bounded: the records are in a file somebody made. Beyond
 * the bound places are no longer told apart from withheld ones, and that is said.
 */
export class ErasedPlaces {
  readonly #budget: number;
  readonly #places = new Map<number, Set<string>>();
  #cost = 0;
  #full = false;

  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  /** Whether a place was passed over because there is no room. */
  get full(): boolean {
    return this.#full;
  }

  get size(): number {
    let size = 0;
    for (const paths of this.#places.values()) size += paths.size;
    return size;
  }

  add(seq: number, path: string): void {
    const paths = this.#places.get(seq);
    if (paths?.has(path)) return;
    const cost = PLACE_COST + path.length + (paths === undefined ? PLACE_COST : 0);
    if (this.#cost + cost > this.#budget) {
      this.#full = true;
      return;
    }
    this.#cost += cost;
    if (paths === undefined) this.#places.set(seq, new Set([path]));
    else paths.add(path);
  }

  has(seq: number, path: string): boolean {
    return this.#places.get(seq)?.has(path) ?? false;
  }

  delete(seq: number, path: string): void {
    this.#places.get(seq)?.delete(path);
  }

  /** In ascending order of seq. */
  *bySeq(): Generator<readonly [seq: number, paths: ReadonlySet<string>]> {
    for (const seq of [...this.#places.keys()].sort((a, b) => a - b)) {
      const paths = this.#places.get(seq);
      if (paths !== undefined && paths.size > 0) yield [seq, paths];
    }
  }
}
