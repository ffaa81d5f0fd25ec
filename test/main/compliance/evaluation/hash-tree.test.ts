import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf } from '#main/audit/record-time.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import { HashTree, leafOfBytes, leafOfHash } from '#main/compliance/evaluation/hash-tree.ts';
import { instantOfRecord } from '#main/compliance/evaluation/record-instant.ts';

test('the quick tree is the tree of the audit trail', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 70 }), (leaves) => {
      const quick = new HashTree();
      const plain = new Frontier();
      for (const bytes of leaves) {
        quick.append(leafOfBytes(bytes));
        plain.append(hashLeaf(bytes));
        expect(quick.root()?.toString('hex')).toBe(plain.root().toString('hex'));
      }
      expect(quick.size).toBe(plain.size);
    }),
    { numRuns: 40 },
  );
  expect(new HashTree().root()).toBeNull();
});

test('a leaf over a hash is over its 32 bytes', () => {
  const hex = createHash('sha256').update('a record').digest('hex');
  expect(Buffer.from(leafOfHash(hex), 'latin1')).toEqual(hashLeaf(Buffer.from(hex, 'hex')));
});

test('times of records are read as the audit trail reads them', () => {
  const texts = fc.oneof(
    fc
      .date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.constantFrom(
      '2026-02-28T23:59:59.999Z',
      '2026-02-28T24:00:00.000Z',
      '2026-02-28T23:60:00.000Z',
      '2026-02-28T23:59:60.000Z',
      '2026-02-28T23:59:59.999z',
      '2026-02-28 23:59:59.999Z',
      '2026-02-28T23:59:59.9990Z',
      '2026-02-28T23:59:59.99Z',
      '2026-02-28',
      '2026-02-29T00:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '',
      null,
      7,
    ),
  );
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 12 }), (list) => {
      for (const text of list) expect(instantOfRecord(text)).toBe(instantOf(text));
    }),
    { numRuns: 300 },
  );
});
