import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDetail } from '#renderer/features/access/change-detail.ts';
import { type DiffLine, diffLines, foldDiff } from '#renderer/features/access/line-diff.ts';

const side = (lines: readonly DiffLine[], left: 'added' | 'removed') =>
  lines.filter(({ kind }) => kind !== left).map(({ text }) => text);

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 24 }).map((lines) => lines.join('\n'));

describe('a difference', () => {
  test('holds both texts whole, whatever they are', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(side(lines, 'added').join('\n')).toBe(before);
        expect(side(lines, 'removed').join('\n')).toBe(after);
      }),
    );
  });

  test('of a text and itself has no change', () => {
    fc.assert(
      fc.property(text, (same) => {
        expect(diffLines(same, same).every(({ kind }) => kind === 'same')).toBe(true);
      }),
    );
  });

  test('is the shortest: one changed line is one removed and one added', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc')).toEqual([
      { kind: 'same', text: 'a' },
      { kind: 'removed', text: 'b' },
      { kind: 'added', text: 'x' },
      { kind: 'same', text: 'c' },
    ]);
  });

  test('of long texts with nothing in common is told as replaced, and quickly', () => {
    const before = Array.from({ length: 3000 }, (_, i) => `before ${i}`).join('\n');
    const after = Array.from({ length: 3000 }, (_, i) => `after ${i}`).join('\n');
    const lines = diffLines(before, after);
    expect(side(lines, 'added').join('\n')).toBe(before);
    expect(side(lines, 'removed').join('\n')).toBe(after);
  });
});

describe('a folded difference', () => {
  const same = (n: number): readonly DiffLine[] =>
    Array.from({ length: n }, (_, i) => ({ kind: 'same' as const, text: `line ${i}` }));
  const changed: DiffLine = { kind: 'added', text: 'new' };

  test('keeps three lines beside each change and tells how many are left out', () => {
    const folded = foldDiff([...same(10), changed, ...same(10)]);
    expect(folded[0]).toEqual({ kind: 'gap', lines: 7 });
    expect(folded.at(-1)).toEqual({ kind: 'gap', lines: 7 });
    expect(folded).toHaveLength(9);
  });

  test('loses no changed line, and hides no single line', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (marks) => {
        const lines = marks.map((mark): DiffLine => ({ kind: mark ? 'removed' : 'same', text: 'x' }));
        const folded = foldDiff(lines);
        const shown = folded.filter(({ kind }) => kind === 'removed').length;
        expect(shown).toBe(marks.filter(Boolean).length);
        const hidden = folded.reduce((sum, line) => sum + (line.kind === 'gap' ? line.lines : 1), 0);
        expect(hidden).toBe(marks.length);
        expect(folded.some((line) => line.kind === 'gap' && line.lines < 2)).toBe(false);
      }),
    );
  });
});

describe('a detail of what is to be approved', () => {
  test('is read as a difference when every line has its sign', () => {
    expect(readDetail('  permit (\n- principal\n+ principal is Agent\n\n  );')).toEqual([
      { kind: 'same', text: 'permit (' },
      { kind: 'removed', text: 'principal' },
      { kind: 'added', text: 'principal is Agent' },
      { kind: 'same', text: '' },
      { kind: 'same', text: ');' },
    ]);
  });

  test('may end in a remark on what did not fit', () => {
    expect(readDetail('+ a\n(The rest does not fit here.)')?.at(-1)).toEqual({
      kind: 'same',
      text: '(The rest does not fit here.)',
    });
  });

  test.each(['the keychain of this computer', '-1 is a number', '  indented only\n  twice', '+added\nplain', ''])(
    'stays as it is when it is any other text: %j',
    (other) => {
      expect(readDetail(other)).toBeNull();
    },
  );
});
