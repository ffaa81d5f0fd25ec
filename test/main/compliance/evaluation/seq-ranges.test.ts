import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeqList } from '#main/compliance/evaluation/growing-list.ts';
import { MOST_LISTED, writeRanges } from '#main/compliance/evaluation/seq-ranges.ts';
import { SeqRanges } from '#shared/model/report.ts';

function readRanges(text: string): number[] {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

test('seqs are written as ranges, and read back as the same seqs', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), (list) => {
      const seqs = list.toSorted((a, b) => a - b);
      const held = new SeqList();
      for (const seq of seqs) held.push(seq);
      const text = writeRanges(held.items(), held.length);
      expect(SeqRanges.safeParse(text).success).toBe(true);
      expect(readRanges(text ?? '?')).toEqual(seqs);
      expect(text).not.toMatch(/(\d+)-\1\b/);
    }),
  );
  expect(writeRanges([1, 2, 3, 5, 8, 9], 6)).toBe('1-3,5,8-9');
});

test('a list that is too long is not written out', () => {
  expect(writeRanges([1], MOST_LISTED)).toBe('1');
  expect(writeRanges([1], MOST_LISTED + 1)).toBeNull();
});
