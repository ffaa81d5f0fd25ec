import { describe, expect, it } from 'vitest';
import { Frontier, foldRoot, hashLeaf } from '#main/audit/tree.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from '#main/audit/tree-proof.ts';

/**
 * The reference tree of Certificate Transparency (google/certificate-transparency, merkle_tree_test.cc; the same in
 * transparency-dev/merkle): its leaves, and the proofs made by the C++ reference implementation.
 */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (leaf) => hashLeaf(Buffer.from(leaf, 'hex')),
);

const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const F = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7';
const G = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const FIRST = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d';
const TWO = 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125';

function rootOf(from: number, to: number): Buffer {
  const tree = new Frontier();
  for (const leaf of LEAVES.slice(from, to)) tree.append(leaf);
  return foldRoot(tree.nodes);
}

const bytes = (proof: readonly string[]) => proof.map((hash) => Buffer.from(hash, 'hex'));
const hex = (proof: readonly Buffer[]) => proof.map((hash) => hash.toString('hex'));

describe('the proofs of the Certificate Transparency reference tree', () => {
  it.each([
    [0, 1, []],
    [1, 2, [FIRST]],
    [0, 8, [A, B, C]],
    [5, 8, [D, E, F]],
    [2, 3, [TWO]],
    [1, 5, [FIRST, B, D]],
  ] as const)('of inclusion: leaf %i in a tree of %i', (index, size, proof) => {
    expect(hex(proveInclusion(index, size, rootOf))).toEqual(proof);
    const leaf = LEAVES[index] ?? Buffer.alloc(0);
    expect(verifyInclusion(leaf, index, size, bytes(proof), rootOf(0, size))).toBe(true);
    expect(verifyInclusion(leaf, index + 1, size, bytes(proof), rootOf(0, size))).toBe(false);
  });

  it.each([
    [1, 1, []],
    [1, 8, [A, B, C]],
    [6, 8, [G, E, F]],
    [2, 5, [B, D]],
    [2, 8, [B, C]],
  ] as const)('of consistency: from %i to %i', (old, size, proof) => {
    expect(hex(proveConsistency(old, size, rootOf))).toEqual(proof);
    const [before, now] = [rootOf(0, old), rootOf(0, size)];
    expect(verifyConsistency(old, size, before, now, bytes(proof))).toBe(true);
    expect(verifyConsistency(old, size, before, now, bytes([...proof, A]))).toBe(false);
    if (old !== size) expect(verifyConsistency(old, size, now, now, bytes(proof))).toBe(false);
  });
});
