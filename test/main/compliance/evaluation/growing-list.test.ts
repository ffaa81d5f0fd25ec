import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Instants, SeqList, SeqNumbers, TimeList } from '#main/compliance/evaluation/growing-list.ts';

test('instants are counted and found whatever order they came in', () => {
  const instants = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 600 });
  const edge = fc.integer({ min: -2, max: 53 });
  fc.assert(
    fc.property(instants, fc.boolean(), edge, edge, (list, inOrder, from, to) => {
      const times = new TimeList();
      const seqs = new SeqList();
      const came = inOrder ? list.toSorted((a, b) => a - b) : list;
      for (const [index, time] of came.entries()) {
        times.push(time);
        seqs.push(index + 1);
      }
      const found = new Instants(times.items(), seqs.items());
      expect(found.count(from, to)).toBe(came.filter((time) => time >= from && time < to).length);
      const later = came.map((time, index) => ({ time, seq: index + 1 })).filter(({ time }) => time >= from);
      const [first] = later.toSorted((a, b) => a.time - b.time || a.seq - b.seq);
      expect(found.firstFrom(from)).toBe(first?.seq ?? null);
    }),
    { numRuns: 80 },
  );
});

test('numbers by seq are as they were set, whatever the seq', () => {
  const numbers = new SeqNumbers();
  numbers.set(3, 7);
  numbers.set(5000, 8);
  expect([numbers.get(3), numbers.get(5000), numbers.get(4), numbers.get(9_000_000)]).toEqual([
    7,
    8,
    Number.NaN,
    Number.NaN,
  ]);
});
