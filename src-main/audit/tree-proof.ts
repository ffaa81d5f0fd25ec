import { hashNode } from './tree.ts';

/** The root hash of the leaves [from, to); how it is found (stored nodes, recomputation) is the caller's concern. */
export type SubtreeHash = (from: number, to: number) => Buffer;

/** RFC 6962, 2.1.1: the audit path of leaf `index` (from 0) in the tree of `size` leaves, lowest sibling first. */
export function proveInclusion(index: number, size: number, subtree: SubtreeHash): Buffer[] {
  return path(index, 0, size, subtree);
}

function path(index: number, from: number, to: number, subtree: SubtreeHash): Buffer[] {
  if (to - from <= 1) return [];
  const split = from + splitPoint(to - from);
  return index < split
    ? [...path(index, from, split, subtree), subtree(split, to)]
    : [...path(index, split, to, subtree), subtree(from, split)];
}

/** RFC 6962, 2.1.2: that the tree of `oldSize` leaves is the beginning of the tree of `size` leaves. */
export function proveConsistency(oldSize: number, size: number, subtree: SubtreeHash): Buffer[] {
  if (oldSize === 0 || oldSize === size) return [];
  return subproof(oldSize, 0, size, true, subtree);
}

function subproof(old: number, from: number, to: number, whole: boolean, subtree: SubtreeHash): Buffer[] {
  if (old === to) return whole ? [] : [subtree(from, to)];
  const split = from + splitPoint(to - from);
  return old <= split
    ? [...subproof(old, from, split, whole, subtree), subtree(split, to)]
    : [...subproof(old, split, to, false, subtree), subtree(from, split)];
}

/** Whether the audit path leads from the leaf hash to the root (RFC 9162, 2.1.3.2, which spells out the check). */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index < 0 || index >= size) return false;
  let position = index;
  let last = size - 1;
  let node = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      node = hashNode(sibling, node);
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else node = hashNode(node, sibling);
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node.equals(root);
}

/** Whether the tree with `oldRoot` is the beginning of the tree with `root` (RFC 9162, 2.1.4.2). */
export function verifyConsistency(
  oldSize: number,
  size: number,
  oldRoot: Buffer,
  root: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (oldSize < 1 || oldSize > size) return false;
  if (oldSize === size) return proof.length === 0 && oldRoot.equals(root);
  const nodes = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : [...proof];
  const start = nodes.shift();
  if (start === undefined) return false;
  let position = oldSize - 1;
  let last = size - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  let oldNode = start;
  let node = start;
  for (const sibling of nodes) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      oldNode = hashNode(sibling, oldNode);
      node = hashNode(sibling, node);
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else node = hashNode(node, sibling);
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && oldNode.equals(oldRoot) && node.equals(root);
}

/** The largest power of two smaller than `size` (size ≥ 2). */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function isPowerOfTwo(size: number): boolean {
  let power = 1;
  while (power < size) power *= 2;
  return power === size;
}
