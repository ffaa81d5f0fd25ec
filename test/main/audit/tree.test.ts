import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rootWithRight } from '#main/audit/range-root.ts';
import { EMPTY_ROOT, Frontier, hashLeaf, hashNode } from '#main/audit/tree.ts';
import {
  proveConsistency,
  proveInclusion,
  splitPoint,
  verifyConsistency,
  verifyInclusion,
} from '#main/audit/tree-proof.ts';

/** The eight leaves and their roots used by Certificate Transparency implementations. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => hashLeaf(Buffer.from(`leaf ${index}`)));

/** Section 2.1 of RFC 6962, word for word: what the frontier is compared with. */
function slowRoot(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only === undefined) return EMPTY_ROOT;
  if (hashes.length === 1) return only;
  const split = splitPoint(hashes.length);
  return hashNode(slowRoot(hashes.slice(0, split)), slowRoot(hashes.slice(split)));
}

function grow(hashes: readonly Buffer[]): Frontier {
  const tree = new Frontier();
  for (const hash of hashes) tree.append(hash);
  return tree;
}

const sizes = fc.integer({ min: 1, max: 130 });

describe('Frontier', () => {
  it('has the known roots', () => {
    const tree = new Frontier();
    expect(tree.root().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    for (const [index, leaf] of LEAVES.entries()) {
      tree.append(hashLeaf(Buffer.from(leaf, 'hex')));
      expect(tree.root().toString('hex')).toBe(ROOTS[index]);
    }
  });

  it('has the root of RFC 6962 at any size, and can be put down and taken up again', () => {
    fc.assert(
      fc.property(sizes, sizes, (count, more) => {
        const all = leaves(count + more);
        const first = grow(all.slice(0, count));
        const resumed = new Frontier(first.size, first.nodes);
        for (const leaf of all.slice(count)) resumed.append(leaf);
        expect(resumed.root()).toEqual(slowRoot(all));
      }),
    );
  });

  it('refuses a frontier that does not fit its size', () => {
    expect(() => new Frontier(3, leaves(1))).toThrow();
  });
});

describe('proofs', () => {
  it('of inclusion hold, and for no other place, size or leaf', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, pick) => {
        const all = leaves(size);
        const index = pick % size;
        const leaf = all[index] as Buffer;
        const proof = proveInclusion(index, size, (from, to) => slowRoot(all.slice(from, to)));
        const root = slowRoot(all);
        expect(verifyInclusion(leaf, index, size, proof, root)).toBe(true);
        expect(verifyInclusion(hashLeaf(Buffer.from('other')), index, size, proof, root)).toBe(false);
        if (size > 1) expect(verifyInclusion(leaf, (index + 1) % size, size, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, index, size, [...proof, root], root)).toBe(false);
      }),
    );
  });

  it('of consistency hold, and for no other old root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (size, pick) => {
        const all = leaves(size);
        const old = 1 + (pick % size);
        const proof = proveConsistency(old, size, (from, to) => slowRoot(all.slice(from, to)));
        const oldRoot = slowRoot(all.slice(0, old));
        const root = slowRoot(all);
        expect(verifyConsistency(old, size, oldRoot, root, proof)).toBe(true);
        expect(verifyConsistency(old, size, hashLeaf(oldRoot), root, proof)).toBe(false);
        expect(verifyConsistency(old, size, oldRoot, hashLeaf(root), proof)).toBe(false);
      }),
    );
  });

  it('of a range: subtrees on both sides and the leaves between them make up the root', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (size, a, b) => {
        const all = leaves(size);
        const first = 1 + (a % size);
        const last = first + (b % (size - first + 1));
        const tree = grow(all.slice(0, first - 1));
        const range = new Frontier(first - 1, tree.nodes);
        for (const leaf of all.slice(first - 1, last)) range.append(leaf);
        const right: Buffer[] = [];
        const collect = (from: number, to: number): void => {
          if (from >= last) right.push(slowRoot(all.slice(from, to)));
          else if (to > last) {
            const split = from + splitPoint(to - from);
            collect(from, split);
            collect(split, to);
          }
        };
        collect(0, size);
        expect(rootWithRight(range, size, right)).toEqual(slowRoot(all));
        expect(rootWithRight(range, size, [...right, EMPTY_ROOT])).toBeNull();
      }),
    );
  });
});
