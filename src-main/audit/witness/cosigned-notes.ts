import { MAX_NOTE, parseNote } from '../checkpoint.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { WitnessRows } from './witness-rows.ts';

/**
 * A checkpoint's note with the cosignatures that are kept for its size, as exports carry it. A kept line that is none,
 * or for which a note has no room, is left out: it must not make the chain's own note unreadable.
 */
export function noteWithCosignatures(rows: Pick<SqliteRows, 'db'>, size: number, note: string): string {
  const kept = new WitnessRows(rows.db);
  // a line belongs to the text that was cosigned; a note of another root is another checkpoint
  const stored = kept.checkpoint(size);
  if (stored === undefined || textOf(stored.note) === null || textOf(stored.note) !== textOf(note)) return note;
  let whole = note;
  for (const { line } of kept.cosignatures(size)) {
    if (whole.includes(`\n${line}`)) continue; // it stands there already
    const longer = whole + line;
    if (longer.length <= MAX_NOTE && typeof parseNote(longer) !== 'string') whole = longer;
  }
  return whole;
}

/** The newest checkpoint of at most `last` records that somebody cosigned, its note with the cosignatures; null if none. */
export function newestCosigned(
  rows: Pick<SqliteRows, 'db'>,
  last?: number,
): { readonly size: number; readonly note: string } | null {
  const kept = new WitnessRows(rows.db);
  const [size] = kept.cosigned(last);
  const stored = size === undefined ? undefined : kept.checkpoint(size);
  if (size === undefined || stored === undefined) return null;
  return { size, note: noteWithCosignatures(rows, size, stored.note) };
}

function textOf(note: string): string | null {
  const parsed = parseNote(note);
  return typeof parsed === 'string' ? null : parsed.text;
}
