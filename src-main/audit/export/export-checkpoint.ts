import { CausewayError } from '#shared/errors.ts';
import { broken } from '../broken.ts';
import { chainKeys } from '../chain-keys.ts';
import { type Checkpoint, noteSigner, parseNote } from '../checkpoint.ts';
import { storedSubtree } from '../stored-tree.ts';
import { newestCosigned, noteWithCosignatures } from '../witness/cosigned-notes.ts';
import type { ExportParts } from './export-parts.ts';
import type { SeqRange } from './select-records.ts';

/**
 * The checkpoint of a range: it must be signed by the key that is in force after the range's last record, since a later
 * rotation does not stand in the file. Where there was none that is the newest one; otherwise the newest from before
 * that rotation, and one is always written then. @throws CausewayError `audit-broken`, `bad-input`
 */
export function checkpointForRange(parts: ExportParts, newest: Checkpoint, { first, last }: SeqRange): Checkpoint {
  const { rows } = parts;
  const { ring, current } = chainKeys(rows, last);
  const firstKeys = ring.entries().filter(({ description }) => description.fromSeq === 1).length;
  if (first > 1 && firstKeys > 1) {
    const text = 'A chain that began with several keys cannot be exported in ranges. Export all of it.';
    throw new CausewayError('bad-input', text, { reason: 'several-keys' });
  }
  const key = ring.get(current.id)?.key;
  const next = chainKeys(rows)
    .ring.entries()
    .find(({ description }) => description.fromSeq > last + 1);
  if (next === undefined || key === undefined) return checked(parts, newest);
  // signed by the old key at the latest over the record of the rotation itself
  const until = next.description.fromSeq - 1;
  for (const row of rows.checkpointsAfter(last - 1).reverse()) {
    const note = row.size > until ? 'too new' : parseNote(row.note);
    if (typeof note === 'string' || note.size !== row.size || note.chain !== parts.chain) continue;
    if (typeof noteSigner(note, [key]) !== 'string') return checked(parts, note);
  }
  if (until === last + 1) {
    // approval and rotation are written together: no checkpoint can stand between them
    const text = `Record ${last} approves the change of the signing key that record ${until} makes. End the range at ${until}, or before ${last}.`;
    throw new CausewayError('bad-input', text, { reason: 'range-end' });
  }
  throw broken('checkpoint-missing', `there is no checkpoint by the key in force after record ${last}`);
}

/** The newest checkpoint a witness cosigned. @throws CausewayError `not-found`, `audit-broken` */
export function cosignedCheckpoint(parts: ExportParts): Checkpoint {
  const newest = newestCosigned(parts.rows);
  const note = newest === null ? 'none' : parseNote(newest.note);
  if (typeof note !== 'string') return checked(parts, note);
  const text = 'No checkpoint has been cosigned yet. Ask a witness first (causeway witness request).';
  throw new CausewayError('not-found', text, { reason: 'not-cosigned' });
}

/** A file that does not verify must not be made. The checkpoint comes back with the cosignatures that are kept for it. */
export function checked(parts: ExportParts, { chain, size, root, note }: Checkpoint): Checkpoint {
  const found = storedSubtree(parts.rows, 0, size).toString('base64');
  if (found !== root) throw broken('tree-damaged', `the records do not make up the tree of ${size} it was signed for`);
  return { chain, size, root, note: noteWithCosignatures(parts.rows, size, note) };
}
