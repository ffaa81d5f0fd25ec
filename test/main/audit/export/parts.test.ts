import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineWriter } from '#main/audit/export/line-writer.ts';
import { ProofTree, subtreesAfter } from '#main/audit/export/proof-tree.ts';
import { SeqSet } from '#main/audit/export/seq-set.ts';
import type { SqliteRows } from '#main/audit/sqlite-rows.ts';
import { type CompletedNode, Frontier, hashLeaf } from '#main/audit/tree.ts';
import { verifyInclusion } from '#main/audit/tree-proof.ts';
import { removeFolder, temporaryFolder } from '../../../support/audit-store.ts';

it('a set of seqs gives back what was put in, in ascending order, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300_000 })), (seqs) => {
      const set = new SeqSet();
      for (const seq of seqs) set.add(seq);
      const sorted = [...new Set(seqs)].sort((a, b) => a - b);
      expect([...set]).toEqual(sorted);
      expect([set.count, set.first, set.last]).toEqual([sorted.length, sorted[0] ?? null, sorted.at(-1) ?? null]);
    }),
  );
});

/** Rows of so many small records, and how often each was read. */
function fakeRows(size: number) {
  const nodes = new Map<string, Buffer>();
  const frontier = new Frontier();
  const bytes = (seq: number) => Buffer.from(`record ${seq}`);
  const note = ({ level, index, hash }: CompletedNode) => nodes.set(`${level}/${index}`, hash);
  for (let seq = 1; seq <= size; seq++) frontier.append(hashLeaf(bytes(seq)), note);
  let read = 0;
  const row = (seq: number) => {
    read++;
    return { seq, hash: Buffer.alloc(0), sig: Buffer.alloc(0), bytes: bytes(seq) };
  };
  const rows = {
    bySeq: (seq: number) => (seq <= size ? row(seq) : undefined),
    chunk: (after: number, last: number, limit: number) =>
      Array.from({ length: Math.min(limit, last - after) }, (_, index) => row(after + 1 + index)),
    node: (level: number, place: number) => (level >= 8 ? nodes.get(`${level}/${place}`) : undefined),
  };
  return { rows: rows as unknown as SqliteRows, root: frontier.root(), bytes, reads: () => read };
}

it.each([1, 2, 3, 255, 256, 257, 511, 512, 513, 1000, 1281])('proofs in a tree of %i lead to its root', (size) => {
  const { rows, root, bytes, reads } = fakeRows(size);
  const tree = new ProofTree(rows, size);
  for (let seq = 1; seq <= size; seq++) {
    expect(verifyInclusion(hashLeaf(bytes(seq)), seq - 1, size, tree.prove(seq), root), `${seq}`).toBe(true);
  }
  // each block is read once, its ragged last one again at most a few times
  expect(reads()).toBeLessThanOrEqual(size + 3 * 256);
  for (let last = 1; last <= size; last += 7) expect(subtreesAfter(rows, last, size).length).toBeLessThan(24);
});

it('a writer holds little, hashes what it wrote, and writes all of it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'x');
  const handle = await open(path, 'wx');
  const sizes: number[] = [];
  const watched = {
    writeFile: (bytes: Buffer) => {
      sizes.push(bytes.length);
      return handle.writeFile(bytes);
    },
  } as unknown as FileHandle;
  const writer = new LineWriter(watched);
  const line = 'x'.repeat(10_000);
  for (let index = 0; index < 2000; index++) {
    writer.add(line, '\n');
    await writer.drain();
  }
  await writer.flush();
  await handle.close();
  expect(Math.max(...sizes)).toBeLessThan(256 * 1024 + 10_002);
  const written = readFileSync(path);
  expect(written.length).toBe(2000 * 10_001);
  expect(writer.written).toBe(written.length);
  expect(writer.digest()).toBe(createHash('sha256').update(written).digest('hex'));
  removeFolder(folder);
});
