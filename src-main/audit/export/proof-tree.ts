import type { SqliteRows } from '../sqlite-rows.ts';
import { BrokenTreeError, STORED_LEVEL, storedSubtree } from '../stored-tree.ts';
import { hashLeaf, hashNode } from '../tree.ts';
import { proveInclusion, splitPoint } from '../tree-proof.ts';

const BLOCK = 2 ** STORED_LEVEL;
/** Blocks whose leaf hashes are held: the one of the record at hand, and the tree's ragged last one. */
const MOST_BLOCKS = 2;
const MOST_NODES = 8 * BLOCK;

/**
 * Audit paths of many records of one tree, asked for in ascending order: hashes below the stored level are computed once
 * for a block of 256 records, not once for each record. Memory is bounded whatever the records' size.
 */
export class ProofTree {
  readonly #rows: SqliteRows;
  readonly #size: number;
  readonly #blocks = new Map<number, readonly Buffer[]>();
  readonly #nodes = new Map<string, Buffer>();

  constructor(rows: SqliteRows, size: number) {
    this.#rows = rows;
    this.#size = size;
  }

  /** RFC 6962, 2.1.1: the path of record `seq`. @throws BrokenTreeError */
  prove(seq: number): Buffer[] {
    return proveInclusion(seq - 1, this.#size, (from, to) => this.#subtree(from, to));
  }

  #subtree(from: number, to: number): Buffer {
    const width = to - from;
    const complete = width >= BLOCK && Number.isInteger(Math.log2(width)) && from % width === 0;
    if (complete) return storedSubtree(this.#rows, from, to);
    const name = `${from}-${to}`;
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const made = width === 1 ? this.#leaf(from) : this.#join(from, to);
    if (this.#nodes.size >= MOST_NODES) this.#nodes.clear();
    this.#nodes.set(name, made);
    return made;
  }

  #join(from: number, to: number): Buffer {
    const split = from + splitPoint(to - from);
    return hashNode(this.#subtree(from, split), this.#subtree(split, to));
  }

  #leaf(index: number): Buffer {
    const block = Math.floor(index / BLOCK);
    let leaves = this.#blocks.get(block);
    if (leaves === undefined) {
      leaves = this.#readBlock(block);
      const [oldest] = this.#blocks.keys();
      if (this.#blocks.size >= MOST_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    } else this.#blocks.delete(block);
    this.#blocks.set(block, leaves); // the newest last
    const leaf = leaves[index - block * BLOCK];
    if (leaf === undefined) throw new BrokenTreeError(`record ${index + 1} is missing`);
    return leaf;
  }

  /** One record at a time: each may have 4 MiB. */
  #readBlock(block: number): readonly Buffer[] {
    const leaves: Buffer[] = [];
    const end = Math.min((block + 1) * BLOCK, this.#size);
    for (let seq = block * BLOCK + 1; seq <= end; seq++) {
      const row = this.#rows.bySeq(seq);
      if (row === undefined) throw new BrokenTreeError(`record ${seq} is missing`);
      leaves.push(hashLeaf(row.bytes));
    }
    return leaves;
  }
}

/** Chain format, section 5, `range`: the maximal subtrees after record `last`, from left to right. @throws BrokenTreeError */
export function subtreesAfter(rows: SqliteRows, last: number, size: number): Buffer[] {
  const found: Buffer[] = [];
  const walk = (from: number, to: number): void => {
    if (to <= last) return;
    if (from >= last) {
      found.push(storedSubtree(rows, from, to));
      return;
    }
    const split = from + splitPoint(to - from);
    walk(from, split);
    walk(split, to);
  };
  if (last < size) walk(0, size);
  return found;
}
