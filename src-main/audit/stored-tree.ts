import type { SqliteRows } from './sqlite-rows.ts';
import { type CompletedNode, Frontier, hashLeaf, hashNode } from './tree.ts';
import { splitPoint } from './tree-proof.ts';

/** Subtrees of 2^8 records and more are kept; smaller ones are recomputed from their records, 255 at most. */
export const STORED_LEVEL = 8;
const BLOCK = 2 ** STORED_LEVEL;

export class BrokenTreeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenTreeError';
  }
}

export function isStored(node: CompletedNode): boolean {
  return node.level >= STORED_LEVEL;
}

/** The frontier of the first `size` records, from stored nodes and fewer than 256 records: the cost of opening. */
export function loadFrontier(rows: SqliteRows, size: number): Frontier {
  const nodes: Buffer[] = [];
  let place = 0;
  for (let level = 40; level >= STORED_LEVEL; level--) {
    const width = 2 ** level;
    if (size - place < width) continue;
    nodes.push(storedNode(rows, level, place / width));
    place += width;
  }
  const frontier = new Frontier(place, nodes);
  extendFrontier(frontier, rows, size);
  return frontier;
}

/** Adds the records up to `size` to a frontier of earlier ones. */
export function extendFrontier(frontier: Frontier, rows: SqliteRows, size: number): void {
  while (frontier.size < size) {
    const chunk = rows.chunk(frontier.size, size, BLOCK);
    if (chunk.length === 0) throw new BrokenTreeError(`there are fewer than ${size} records`);
    for (const row of chunk) {
      if (row.seq !== frontier.size + 1) throw new BrokenTreeError(`record ${frontier.size + 1} is missing`);
      frontier.append(hashLeaf(row.bytes));
    }
  }
}

/** The root of the records [from, to) counted from 0, for proofs. */
export function storedSubtree(rows: SqliteRows, from: number, to: number): Buffer {
  const width = to - from;
  if (width >= BLOCK && Number.isInteger(Math.log2(width)) && from % width === 0) {
    return storedNode(rows, Math.log2(width), from / width);
  }
  if (width <= BLOCK) {
    const frontier = new Frontier();
    const chunk = rows.chunk(from, to, BLOCK);
    if (chunk.length !== width) throw new BrokenTreeError(`records between ${from + 1} and ${to} are missing`);
    for (const row of chunk) frontier.append(hashLeaf(row.bytes));
    return frontier.root();
  }
  const split = from + splitPoint(width);
  return hashNode(storedSubtree(rows, from, split), storedSubtree(rows, split, to));
}

function storedNode(rows: SqliteRows, level: number, place: number): Buffer {
  const hash = rows.node(level, place);
  if (hash === undefined) throw new BrokenTreeError(`subtree ${place} of level ${level} is missing`);
  return hash;
}
