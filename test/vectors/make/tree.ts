import { sha256 } from './crypto.ts';

/** RFC 6962, section 2.1, by its definitions: no frontier, no cache. */
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.concat([Buffer.from([1]), left, right]));

export function leafOf(record: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from([0]), record]));
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256(Buffer.alloc(0));
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return node(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** Audit path of leaf `index` (from 0), lowest sibling first. */
export function pathOf(index: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return index < split ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - split, right), rootOf(left)];
}

/** Roots of the maximal subtrees before leaf `from` and from leaf `to` on, left to right (chain format, section 5). */
export function besides(leaves: readonly Buffer[], from: number, to: number): { left: Buffer[]; right: Buffer[] } {
  const left: Buffer[] = [];
  const right: Buffer[] = [];
  const walk = (start: number, end: number): void => {
    if (end <= start) return;
    if (end <= from) left.push(rootOf(leaves.slice(start, end)));
    else if (start >= to) right.push(rootOf(leaves.slice(start, end)));
    else if (end - start > 1) {
      const split = start + splitOf(end - start);
      walk(start, split);
      walk(split, end);
    }
  };
  walk(0, leaves.length);
  return { left, right };
}
