import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slot } from '#main/compliance/controls/record-values.ts';

test('no two lists of texts out of records come to the same place, whatever stands in them', () => {
  expect(slot('a\u0000b', 'c')).not.toBe(slot('a', 'b\u0000c'));
  const text = fc.string({ unit: fc.constantFrom('a', ',', ':', '1', '2', '/', '\u0000'), maxLength: 6 });
  const list = fc.tuple(text, text, text);
  fc.assert(
    fc.property(list, list, ([a, b, c], [d, e, f]) => {
      expect(slot(a, b, c) === slot(d, e, f)).toBe(a === d && b === e && c === f);
      expect(slot(a, b) === slot(d, e)).toBe(a === d && b === e);
    }),
  );
});
