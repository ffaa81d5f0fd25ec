import type { SqliteRows } from '../sqlite-rows.ts';
import type { Incident } from './incident-bundle.ts';

const MAX_ROWS = 1000;
const MAX_TEXT = 300;
/** Bytes of disclosures in a bundle: each may have megabytes. */
const MAX_BOXES = 4 * 1024 * 1024;

type CutOff = NonNullable<Incident['cutOff']>;

/**
 * What still stands beside records that are no longer there. An acknowledgement takes it out of the database, and for
 * records that were cut off it may be all that is left. Null when there is none.
 */
export function rowsCutOff({ db }: SqliteRows, last: number): CutOff | null {
  const count = (table: string) =>
    db.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE seq > ?`).pluck().get(last) ?? 0;
  const all = count('trail') + count('disclosure');
  if (all === 0) return null;
  const trail = db
    .prepare<[number], unknown[]>(
      `SELECT seq, time, action, outcome, actor_type, actor_id, target_type, target_id, incident FROM trail
       WHERE seq > ? ORDER BY seq LIMIT ${MAX_ROWS}`,
    )
    .raw()
    .all(last)
    .map((row) => row.map(asText));
  let room = MAX_BOXES;
  const disclosures = db
    .prepare<[number], { seq: number; path: string; subject: Buffer; box: Buffer }>(
      `SELECT seq, path, subject, box FROM disclosure WHERE seq > ? ORDER BY seq, path LIMIT ${MAX_ROWS}`,
    )
    .all(last)
    .flatMap(({ seq, path, subject, box }) => {
      room -= box.length;
      if (room < 0) return [];
      return [[asText(seq), asText(path), subject.toString('base64').slice(0, MAX_TEXT), box.toString('base64')]];
    });
  return { trail, disclosures, omitted: all - trail.length - disclosures.length };
}

/** A damaged database holds anything: numbers that have no canonical form, halves of characters. */
function asText(value: unknown): string {
  return String(value ?? '')
    .toWellFormed()
    .slice(0, MAX_TEXT)
    .toWellFormed();
}
