import { type Frontier, foldRoot, hashNode } from './tree.ts';
import { splitPoint } from './tree-proof.ts';

/**
 * The root of a tree of `size` leaves, from the frontier up to leaf `end` and the roots of the maximal subtrees after it
 * (chain format, section 5, `range.right`). null when their number does not fit.
 */
export function rootWithRight(frontier: Frontier, size: number, right: readonly Buffer[]): Buffer | null {
  const end = frontier.size;
  if (end > size) return null;
  if (end === size) return right.length === 0 ? foldRoot(frontier.nodes) : null;
  const before = [...frontier.nodes];
  const after = [...right];
  const root = (from: number, to: number): Buffer | null => {
    if (from >= end) return after.shift() ?? null;
    if (to <= end) return before.shift() ?? null;
    const split = from + splitPoint(to - from);
    const left = root(from, split);
    const rest = left === null ? null : root(split, to);
    return left === null || rest === null ? null : hashNode(left, rest);
  };
  const found = root(0, size);
  return after.length === 0 && before.length === 0 ? found : null;
}
