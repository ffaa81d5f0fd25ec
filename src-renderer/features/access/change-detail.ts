import type { DiffLine } from './line-diff.ts';

const KINDS: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', '−': 'removed', ' ': 'same' };

/**
 * A detail's text as a difference, when each of its lines begins with a sign and a space (or is empty) and some line
 * differs; null when it is any other text. Guessing wrong would hide the first two characters of what is approved.
 */
export function readDetail(text: string): readonly DiffLine[] | null {
  const lines = text.split('\n').map((line, index, all): DiffLine | null => {
    if (line === '') return { kind: 'same', text: '' };
    // a remark in place of what did not fit
    if (line.startsWith('(') && index > 0 && index === all.length - 1) return { kind: 'same', text: line };
    const kind = KINDS[line.charAt(0)];
    const separated = line.length === 1 || line.charAt(1) === ' ';
    return kind === undefined || !separated ? null : { kind, text: line.slice(2) };
  });
  const read = lines.filter((line) => line !== null);
  if (read.length !== lines.length) return null;
  return read.some(({ kind }) => kind !== 'same') ? read : null;
}
