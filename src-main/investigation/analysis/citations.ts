import type { Citation } from '#shared/model/evidence.ts';
import type { LogLine, SourceSegment } from './model.ts';

const MOST_CITATIONS = 4;

/** Citations of the half-open index range [from, to) of a series, one per stored page it touches. */
export function citeRange(source: readonly SourceSegment[], from: number, to: number): readonly Citation[] {
  const citations: Citation[] = [];
  let offset = 0;
  for (const segment of source) {
    const first = Math.max(from, offset);
    const last = Math.min(to, offset + segment.count);
    if (first < last)
      citations.push({
        digest: segment.digest,
        pointer: segment.pointer,
        from: segment.firstRow + first - offset,
        to: segment.firstRow + last - offset,
      });
    offset += segment.count;
  }
  return citations;
}

/** Citations of log lines, neighbouring rows joined; at most four, the earliest. */
export function citeLines(lines: readonly LogLine[]): readonly Citation[] {
  const citations: Citation[] = [];
  for (const { source } of lines) {
    const last = citations.at(-1);
    if (last?.digest === source.digest && last.pointer === source.pointer && last.to === source.row)
      citations[citations.length - 1] = { ...last, to: source.row + 1 };
    // An answer given newest first holds lines in the other direction.
    else if (last?.digest === source.digest && last.pointer === source.pointer && last.from === source.row + 1)
      citations[citations.length - 1] = { ...last, from: source.row };
    else if (citations.length === MOST_CITATIONS) break;
    else citations.push({ digest: source.digest, pointer: source.pointer, from: source.row, to: source.row + 1 });
  }
  return citations;
}
