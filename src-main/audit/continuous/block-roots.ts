import type { SqliteRows } from '../sqlite-rows.ts';
import { type CompletedNode, Frontier, hashLeaf } from '../tree.ts';
import { BLOCK, BLOCK_LEVEL } from './coverage.ts';

/**
 * The roots of the blocks before the one that is checked: what was computed from the records when a block was checked,
 * otherwise what the database says. The latter may lie; when a checkpoint does not fit, `confirm` computes it anew, so
 * that the checkpoint is not blamed for a subtree that was damaged, nor the other way round.
 */
export class BlockRoots {
  readonly #rows: SqliteRows;
  readonly #known: (Buffer | null)[];
  readonly #computed = new Map<number, Buffer | null>();

  /** `known`: by block, computed from the records when it was checked; null where it was not. */
  constructor(rows: SqliteRows, known: readonly (Uint8Array | null)[]) {
    this.#rows = rows;
    this.#known = known.map((root) => (root === null ? null : Buffer.from(root)));
  }

  /**
   * The tree up to where `block` begins; null when a record before it is missing. `completed` is told of every subtree
   * larger than a block.
   */
  before(block: number, completed?: (node: CompletedNode) => void): Frontier | null {
    const tree = new Frontier();
    const tell = (node: CompletedNode) => completed?.({ ...node, level: node.level + BLOCK_LEVEL });
    for (let place = 0; place < block; place++) {
      const root = this.#root(place);
      if (root === null) return null;
      tree.append(root, tell);
    }
    return new Frontier(block * BLOCK, tree.nodes);
  }

  /** Computes from the records what was only the database's word; whether any of it was wrong. */
  confirm(block: number): boolean {
    let changed = false;
    for (let place = 0; place < block; place++) {
      if (this.#known[place] != null || this.#computed.has(place)) continue;
      const root = computeRoot(this.#rows, place);
      const stored = this.#rows.node(BLOCK_LEVEL, place);
      this.#computed.set(place, root);
      if (root === null || stored === undefined || !root.equals(stored)) changed = true;
    }
    return changed;
  }

  #root(place: number): Buffer | null {
    const known = this.#known[place];
    if (known != null) return known;
    const computed = this.#computed.get(place);
    if (computed !== undefined) return computed;
    const stored = this.#rows.node(BLOCK_LEVEL, place);
    if (stored !== undefined) return stored;
    const root = computeRoot(this.#rows, place);
    this.#computed.set(place, root);
    return root;
  }
}

/** null when records are missing. */
function computeRoot(rows: SqliteRows, block: number): Buffer | null {
  const tree = new Frontier();
  const [first, last] = [block * BLOCK, (block + 1) * BLOCK];
  while (tree.size < BLOCK) {
    const chunk = rows.chunk(first + tree.size, last, 256);
    if (chunk.length === 0) return null;
    for (const { seq, bytes } of chunk) {
      if (seq !== first + tree.size + 1) return null;
      tree.append(hashLeaf(bytes));
    }
  }
  return tree.root();
}

/** How many maximal subtrees the records before `block` fall into. */
export function subtreesBefore(block: number): number {
  let count = 0;
  for (let rest = block; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
