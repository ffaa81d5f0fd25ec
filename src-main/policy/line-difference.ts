export interface DifferentLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Lines between the common beginning and end are matched one by one up to so many pairs, 32 MB of a table. */
const MOST_PAIRS = 16_000_000;

/**
 * The lines of both texts in order, by their longest common subsequence: what was removed stands before what was added
 * in its place. Texts that differ in too many lines are shown as one block removed and one added.
 */
export function diffLines(before: string, after: string): DifferentLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return [
    ...mark('same', old.slice(0, start)),
    ...diffMiddle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...mark('same', old.slice(old.length - end)),
  ];
}

function diffMiddle(old: readonly string[], now: readonly string[]): DifferentLine[] {
  if (old.length * now.length > MOST_PAIRS) return [...mark('removed', old), ...mark('added', now)];
  const width = now.length + 1;
  // common[i * width + j]: the length of the longest common subsequence of old from i on and now from j on
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DifferentLine[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const removed = old[i];
    const added = now[j];
    if (removed !== undefined && removed === added) {
      lines.push({ kind: 'same', text: removed });
      i += 1;
      j += 1;
    } else if (removed !== undefined && (added === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: removed });
      i += 1;
    } else if (added !== undefined) {
      lines.push({ kind: 'added', text: added });
      j += 1;
    } else {
      return lines;
    }
  }
}

function mark(kind: DifferentLine['kind'], lines: readonly string[]): DifferentLine[] {
  return lines.map((text) => ({ kind, text }));
}
