import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DifferentLine, diffLines } from '#main/policy/line-difference.ts';

const side = (lines: readonly DifferentLine[], kind: 'added' | 'removed') =>
  lines.filter((line) => line.kind === 'same' || line.kind === kind).map(({ text }) => text);
const short = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`);

test('says what was added, removed and kept', () => {
  expect(short('a\nb\nc', 'a\nB\nc\nd')).toEqual([' a', '-b', '+B', ' c', '+d']);
  expect(short('a\nb', 'a\nb')).toEqual([' a', ' b']);
  expect(short('x\na\ny\nb', 'a\nz\nb')).toEqual(['-x', ' a', '-y', '+z', ' b']);
  expect(short('', 'a')).toEqual(['-', '+a']);
});

test('both texts can be made from it, and what is the same in both is as much as can be', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const difference = diffLines(before.join('\n'), after.join('\n'));
      expect(side(difference, 'removed')).toEqual(before);
      expect(side(difference, 'added')).toEqual(after);
      expect(difference.filter(({ kind }) => kind === 'same').length).toBe(longestCommon(before, after));
    }),
    { numRuns: 300 },
  );
});

test('texts without anything in common are two blocks, however long', () => {
  const before = Array.from({ length: 5000 }, (_, line) => `old ${line}`);
  const after = Array.from({ length: 5000 }, (_, line) => `new ${line}`);
  const difference = diffLines(before.join('\n'), after.join('\n'));
  expect(difference.length).toBe(10_000);
  expect(side(difference, 'removed')).toEqual(before);
});

/** By its definition, for short texts. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined) return 0;
  const without = longestCommon(rest, b);
  const at = b.indexOf(first);
  return at < 0 ? without : Math.max(without, 1 + longestCommon(rest, b.slice(at + 1)));
}
