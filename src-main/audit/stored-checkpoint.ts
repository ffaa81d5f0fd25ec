import { CausewayError } from '#shared/errors.ts';
import { parseNote } from './checkpoint.ts';
import type { SqliteRows } from './sqlite-rows.ts';
import type { StoredCheckpoint } from './store.ts';

/** The newest checkpoint the database has, as the store hands it out. */
export function latestStored(rows: SqliteRows): StoredCheckpoint | null {
  const row = rows.checkpoint();
  if (row === undefined) return null;
  const note = parseNote(row.note);
  if (typeof note === 'string') {
    throw new CausewayError('audit-broken', `A checkpoint of the audit store is damaged: ${note}.`, { reason: 'note' });
  }
  const { chain, size, root } = note;
  return { chain, size, root, note: row.note, at: new Date(row.written).toISOString() };
}
