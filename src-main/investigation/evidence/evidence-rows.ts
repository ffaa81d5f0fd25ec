import { CausewayError } from '#shared/errors.ts';
import type { EvidenceRows } from '#shared/ipc/views.ts';
import type { EvidenceStore } from './evidence-book.ts';
import { readPointer } from './pointer.ts';

const MOST_ROWS = 200;
const LONGEST_ROW = 2000;

/**
 * Rows of a stored answer as text, [from, to). The text was written by the observed system, so possibly by an attacker:
 * it is shown as text and nothing else. `not-found` when the pointer names no array.
 */
export function readEvidenceRows(
  store: Pick<EvidenceStore, 'readEvidence'>,
  digest: string,
  pointer: string,
  from: number,
  to: number,
): EvidenceRows {
  const { info, content } = store.readEvidence(digest);
  const document: unknown = JSON.parse(new TextDecoder().decode(content));
  const rows = readPointer(document, pointer);
  if (!Array.isArray(rows)) throw new CausewayError('not-found', 'This evidence has no rows at that place.');
  const first = Math.min(Math.max(0, from), rows.length);
  const last = Math.min(Math.max(first, to), rows.length, first + MOST_ROWS);
  const stamps = timestampsFor(document, pointer);
  const text = (row: unknown, index: number) => {
    const stamp = stamps?.[index];
    return `${typeof stamp === 'string' ? `${stamp}  ` : ''}${rowText(row)}`.slice(0, LONGEST_ROW);
  };
  return {
    digest,
    operation: info.operation,
    collectedAt: info.collectedAt,
    bytes: info.bytes,
    pointer,
    from: first,
    to: last,
    total: rows.length,
    rows: rows.slice(first, last).map((row: unknown, index) => text(row, first + index)),
  };
}

/** A metric's values stand apart from their times: they are shown together. */
function timestampsFor(document: unknown, pointer: string): readonly unknown[] | undefined {
  if (!/^\/MetricDataResults\/\d+\/Values$/.test(pointer)) return undefined;
  const stamps = readPointer(document, pointer.replace(/Values$/, 'Timestamps'));
  return Array.isArray(stamps) ? stamps : undefined;
}

function rowText(row: unknown): string {
  if (typeof row === 'string') return row;
  // A row of CloudWatch Logs Insights: a list of {field, value}, of which @ptr says nothing to people.
  if (Array.isArray(row) && row.every((cell) => typeof cell === 'object' && cell !== null && 'field' in cell)) {
    return row
      .filter((cell) => cell.field !== '@ptr')
      .map((cell) => String(cell.value ?? ''))
      .join('  ');
  }
  return JSON.stringify(row);
}
