export class Tree {
  constructor(platform, size = 0, peaks = []) {
    this.platform = platform;
    this.size = size;
    /** Roots of the complete subtrees, from left to right, one for each bit of the size. */
    this.peaks = peaks;
    this.input = new Uint8Array(65).fill(1);
  }

  join(left, right) {
    this.input.set(left, 1);
    this.input.set(right, 33);
    return this.platform.sha256(this.input);
  }

  append(leaf) {
    let node = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) node = this.join(this.peaks.pop(), node);
    this.peaks.push(node);
    this.size++;
  }

  root() {
    if (this.size === 0) return this.platform.sha256(new Uint8Array());
    return this.peaks.reduceRight((right, left) => this.join(left, right));
  }

  /** The root of a tree of `size` leaves that begins with this one, from the subtrees after it; null if they do not fit. */
  rootWith(size, after) {
    if (this.size > size || (this.size === size && after.length > 0)) return null;
    const left = [...this.peaks];
    const right = [...after];
    const build = (from, to) => {
      if (from >= this.size) return right.shift() ?? null;
      if (to <= this.size && isSubtree(from, to)) return left.shift() ?? null;
      let half = 1;
      while (half * 2 < to - from) half *= 2;
      const before = build(from, from + half);
      const behind = before === null ? null : build(from + half, to);
      return behind === null ? null : this.join(before, behind);
    };
    const root = size === 0 ? this.root() : build(0, size);
    return left.length === 0 && right.length === 0 ? root : null;
  }

  /** Where an audit path leads to from leaf `index` in a tree of `size`; null if its length is not that of such a path. */
  follow(leaf, index, size, path) {
    let node = leaf;
    let at = index;
    let last = size - 1;
    let step = 0;
    for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
      if (at === last && at % 2 === 0) continue; // no sibling on this level
      const sibling = path[step++];
      if (sibling === undefined) return null;
      node = at % 2 === 1 ? this.join(sibling, node) : this.join(node, sibling);
    }
    return step === path.length ? node : null;
  }
}

/** A complete subtree: as many leaves as a power of two. */
function isSubtree(from, to) {
  let length = to - from;
  while (length % 2 === 0) length /= 2;
  return length === 1;
}

export function countBits(size) {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
