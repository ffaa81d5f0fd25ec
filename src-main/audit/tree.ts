import { hash } from 'node:crypto';

/**
 * RFC 6962 Merkle tree. The domain bytes keep a leaf from being presented as a node (second preimage). Every node of
 * the frontier is the root of a complete subtree; together they are all an append needs to know of the past.
 */
const LEAF = Buffer.from([0]);

/** SHA-256(0x00 ‖ record bytes). */
export function hashLeaf(bytes: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, bytes]), 'buffer');
}

const nodeInput = Buffer.alloc(65, 1);

/** SHA-256(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return hash('sha256', nodeInput, 'buffer');
}

/** SHA-256 of nothing: the root of the empty tree. */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

export interface CompletedNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Buffer;
}

/** The maximal complete subtrees of a growing tree, from left to right: at most one for each bit of its size. */
export class Frontier {
  #size: number;
  readonly #nodes: Buffer[]; // as the set bits of #size, most significant first

  constructor(size = 0, nodes: readonly Buffer[] = []) {
    if (nodes.length !== countBits(size)) throw new Error(`a tree of ${size} leaves has ${countBits(size)} subtrees`);
    this.#size = size;
    this.#nodes = [...nodes];
  }

  get size(): number {
    return this.#size;
  }

  get nodes(): readonly Buffer[] {
    return this.#nodes;
  }

  /** Adds a leaf hash; `completed` is told of every subtree that became complete above the leaf. */
  append(leaf: Buffer, completed?: (node: CompletedNode) => void): void {
    this.appendSubtree(leaf, 0, completed);
  }

  /** Adds the root of a complete subtree of 2^level leaves, where one can stand. */
  appendSubtree(root: Buffer, rootLevel: number, completed?: (node: CompletedNode) => void): void {
    const leaves = 2 ** rootLevel;
    if (this.#size % leaves !== 0) throw new Error(`no subtree of ${leaves} leaves begins at ${this.#size}`);
    let node = root;
    let level = rootLevel;
    let index = this.#size / leaves;
    while (index % 2 === 1) {
      const left = this.#nodes.pop();
      if (left === undefined) throw new Error('the frontier lost a subtree');
      node = hashNode(left, node);
      level++;
      index = (index - 1) / 2;
      completed?.({ level, index, hash: node });
    }
    this.#nodes.push(node);
    this.#size += leaves;
  }

  root(): Buffer {
    return foldRoot(this.#nodes);
  }

  clone(): Frontier {
    return new Frontier(this.#size, this.#nodes);
  }
}

/** The maximal complete subtrees over leaves from some place on, without those to the left of it. */
export class Subtrees {
  readonly #nodes: { readonly level: number; readonly hash: Buffer }[] = [];
  #index: number;

  /** `start`: how many leaves stand before the first one. */
  constructor(start: number) {
    this.#index = start;
  }

  get nodes(): readonly { readonly level: number; readonly hash: Buffer }[] {
    return this.#nodes;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    let level = 0;
    for (let index = this.#index; index % 2 === 1; index = (index - 1) / 2) {
      const left = this.#nodes.at(-1);
      if (left?.level !== level) break; // its left neighbour stands before the start
      this.#nodes.pop();
      hash = hashNode(left.hash, hash);
      level++;
    }
    this.#nodes.push({ level, hash });
    this.#index++;
  }
}

/** The root over maximal subtrees given from left to right. */
export function foldRoot(subtrees: readonly Buffer[]): Buffer {
  let root = subtrees.at(-1);
  if (root === undefined) return EMPTY_ROOT;
  for (let index = subtrees.length - 2; index >= 0; index--) {
    const left = subtrees[index];
    if (left !== undefined) root = hashNode(left, root);
  }
  return root;
}

/** How many subtrees a tree of `size` leaves falls into. Sizes reach past 2^31, so no bit operators. */
function countBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
