import type { SqliteRows } from '../sqlite-rows.ts';
import { STORED_LEVEL } from '../stored-tree.ts';
import { type Finding, finding } from './finding.ts';

/** Subtrees of more levels than this are of more records than there can be. */
const MAX_LEVEL = 52;

/**
 * Rows that stand where the next records will need their place. Each would keep a record or a checkpoint from being written
 * for good, so that they are told at the start, and taken away when that is acknowledged.
 */
export function rowsBeyond({ db }: SqliteRows, last: number): Finding | null {
  const there = (sql: string, ...values: readonly number[]) =>
    db.prepare<number[], unknown>(sql).get(...values) !== undefined;
  const beside = (table: string, column: string) => there(`SELECT 1 FROM ${table} WHERE ${column} > ? LIMIT 1`, last);
  const subtrees = () => {
    const outside = 'SELECT 1 FROM tree_node WHERE level < ? OR level > ? LIMIT 1';
    if (there(outside, STORED_LEVEL, MAX_LEVEL)) return true;
    for (let level = STORED_LEVEL; level <= MAX_LEVEL; level++) {
      const complete = Math.floor(last / 2 ** level);
      if (there('SELECT 1 FROM tree_node WHERE level = ? AND place >= ? LIMIT 1', level, complete)) return true;
    }
    return false;
  };
  const found = [
    ...(beside('trail', 'seq') ? ['the trail'] : []),
    ...(beside('disclosure', 'seq') ? ['the disclosures'] : []),
    ...(beside('checkpoint', 'size') ? ['the checkpoints'] : []),
    ...(beside('cosignature', 'size') ? ['the cosignatures'] : []),
    ...(subtrees() ? ['the subtrees'] : []),
  ];
  if (found.length === 0) return null;
  const text =
    `Rows were put where the next records will stand, after record ${last}, in ${found.join(', ')}. Records would be kept ` +
    'from being written; no record is touched by them.';
  return finding('records-altered', text, { seq: last + 1 });
}
