export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Beyond this many differing lines the shortest edit is not searched for: all is shown as replaced. */
const MOST_EDITS = 1500;

/** The shortest edit from one text to another, line by line (Myers 1986, greedy). */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const trace = searchEdit(a, b);
  if (trace === null) {
    return [
      ...a.map((text) => ({ kind: 'removed' as const, text })),
      ...b.map((text) => ({ kind: 'added' as const, text })),
    ];
  }
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reached = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && at(reached, k - 1) < at(reached, k + 1));
    const previous = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(reached, previous);
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      lines.push({ kind: 'same', text: a[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    if (down) lines.push({ kind: 'added', text: b[fromY] ?? '' });
    else lines.push({ kind: 'removed', text: a[fromX] ?? '' });
    x = fromX;
    y = fromY;
  }
  return lines.reverse();
}

/** How far each diagonal was reached before each further edit, or null when the edit is too long to search for. */
function searchEdit(a: readonly string[], b: readonly string[]): readonly ReadonlyMap<number, number>[] | null {
  const reached = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= a.length + b.length; d += 1) {
    if (d > MOST_EDITS) return null;
    trace.push(new Map(reached));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(reached, k - 1) < at(reached, k + 1));
      let x = down ? at(reached, k + 1) : at(reached, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return trace;
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1;
}

export interface DiffGap {
  readonly kind: 'gap';
  readonly lines: number;
}

/** A difference with long unchanged stretches told by their length; `around` lines stay beside each change. */
export function foldDiff(lines: readonly DiffLine[], around = 3): readonly (DiffLine | DiffGap)[] {
  const near = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === 'same') return;
    for (let i = Math.max(0, index - around); i <= Math.min(lines.length - 1, index + around); i += 1) near[i] = true;
  });
  const folded: (DiffLine | DiffGap)[] = [];
  let hidden: DiffLine[] = [];
  const flush = () => {
    // a gap of one line would take as much room as the line
    if (hidden.length > 1) folded.push({ kind: 'gap', lines: hidden.length });
    else folded.push(...hidden);
    hidden = [];
  };
  lines.forEach((line, index) => {
    if (near[index] === true) {
      flush();
      folded.push(line);
    } else hidden.push(line);
  });
  flush();
  return folded;
}
