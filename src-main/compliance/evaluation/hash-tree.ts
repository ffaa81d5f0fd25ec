import { hash } from 'node:crypto';

/**
 * The RFC 6962 tree of audit/tree.ts for millions of leaves that are gone through once: hashes are texts of 32 Latin-1
 * characters, one a byte ('binary' to Node), made in a third of the time a buffer of the same bytes takes.
 */
let scratch = Buffer.alloc(4096);
const leafInput = Buffer.alloc(33, 0);
const nodeInput = Buffer.alloc(65, 1);

/** SHA-256(0x00 ‖ bytes). */
export function leafOfBytes(bytes: Uint8Array): string {
  if (bytes.length >= scratch.length) scratch = Buffer.alloc(bytes.length * 2);
  scratch.set(bytes, 1);
  return hash('sha256', scratch.subarray(0, bytes.length + 1), 'binary');
}

/** The leaf over the 32 bytes of a hash given as lowercase hex. */
export function leafOfHash(hex: string): string {
  leafInput.write(hex, 1, 'hex');
  return hash('sha256', leafInput, 'binary');
}

function hashNode(left: string, right: string): string {
  nodeInput.write(left, 1, 'latin1');
  nodeInput.write(right, 33, 'latin1');
  return hash('sha256', nodeInput, 'binary');
}

/** The maximal complete subtrees of a growing tree, from left to right: at most one for each bit of its size. */
export class HashTree {
  #size = 0;
  readonly #nodes: string[] = [];

  get size(): number {
    return this.#size;
  }

  append(leaf: string): void {
    let node = leaf;
    for (let index = this.#size; index % 2 === 1; index = (index - 1) / 2) {
      const left = this.#nodes.pop();
      if (left === undefined) throw new Error('the tree lost a subtree');
      node = hashNode(left, node);
    }
    this.#nodes.push(node);
    this.#size++;
  }

  /** null of no leaves: nobody takes the hash of nothing for a root. */
  root(): Buffer | null {
    let root = this.#nodes.at(-1);
    if (root === undefined) return null;
    for (let index = this.#nodes.length - 2; index >= 0; index--) root = hashNode(this.#nodes[index] ?? '', root);
    return Buffer.from(root, 'latin1');
  }
}
