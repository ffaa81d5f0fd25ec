import { broken } from '../broken.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { type CompletedNode, Frontier, hashLeaf } from '../tree.ts';

const CHUNK = 256;
/** More missing records than this are not stood in for: a number far ahead would be work without end. */
const MOST_MISSING = 100_000;
const NOTHING = hashLeaf(Buffer.alloc(0));

/**
 * The tree of the records as they are found. A missing one counts as one without bytes: the numbers stay in their places,
 * and no verifier ever finds the tree whole.
 */
export class FoundTree {
  readonly frontier = new Frontier();
  readonly #onNode: ((node: CompletedNode) => void) | undefined;
  /** The first record that is missing, or null. */
  missing: number | null = null;
  #stoodIn = 0;

  constructor(onNode?: (node: CompletedNode) => void) {
    this.#onNode = onNode;
  }

  get size(): number {
    return this.frontier.size;
  }

  /** Reads some more records, up to `last`. @throws CausewayError `audit-broken` when too many are missing */
  read(rows: SqliteRows, last: number): void {
    const chunk = rows.chunk(this.size, last, CHUNK);
    for (const row of chunk) {
      this.#standIn(row.seq - 1);
      this.frontier.append(hashLeaf(row.bytes), this.#onNode);
    }
    if (chunk.length === 0) this.#standIn(last);
  }

  #standIn(until: number): void {
    if (this.size < until) this.missing ??= this.size + 1;
    for (; this.size < until; this.#stoodIn++) {
      if (this.#stoodIn >= MOST_MISSING) {
        throw broken('too-many-missing', `more than ${MOST_MISSING} records are missing`);
      }
      this.frontier.append(NOTHING, this.#onNode);
    }
  }
}

/** All of it at once, up to `last`, with the first record that is missing. */
export function readTree(rows: SqliteRows, last: number): Pick<FoundTree, 'frontier' | 'missing'> {
  const tree = new FoundTree();
  while (tree.size < last) tree.read(rows, last);
  return tree;
}
