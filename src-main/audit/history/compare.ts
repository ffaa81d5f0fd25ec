import { hashRecord } from '../hash.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { BrokenTreeError, loadFrontier } from '../stored-tree.ts';
import { Frontier } from '../tree.ts';
import { type Finding, finding, type KnownCheckpoint } from './finding.ts';
import { readTree } from './found-tree.ts';
import type { KeptHead } from './head-keeper.ts';

/**
 * Holds a checkpoint that is kept elsewhere against the database, which ends at record `last`. Null when the database is
 * an extension of it; otherwise the contradiction, by its name. What counts is what the checkpoint says: the database is
 * what an attacker can write.
 */
export function contradiction(rows: SqliteRows, last: number, known: KnownCheckpoint): Finding | null {
  const { size, root, head, source } = known;
  const where = describeSource(known);
  if (last < size) {
    const text = `The database was rolled back: it ends at record ${last}, and ${where} is of ${size} records.`;
    return finding('rolled-back', text, { source, seq: last + 1, checkpoint: known });
  }
  const then = rows.bySeq(size);
  if (head !== null && (then === undefined || hashRecord(then.bytes) !== head)) {
    const text = `The database was forked: record ${size} is not the one that was there by ${where}.`;
    return finding('forked', text, { source, seq: size, checkpoint: known });
  }
  const tree = treeAt(rows, size, root);
  if (tree instanceof Frontier) return null;
  if (tree.missing !== null) {
    const text = `Record ${tree.missing} is missing, and it was there by ${where} of ${size} records.`;
    return finding('records-altered', text, { source, seq: tree.missing, checkpoint: known });
  }
  // the newest record is the same, so an earlier one is another; without it nobody can tell
  const text =
    head === null
      ? `The database was forked: its first ${size} records are not those of ${where}.`
      : `Records were altered: the first ${size} are not those of ${where}, although record ${size} is.`;
  return finding(head === null ? 'forked' : 'records-altered', text, { source, checkpoint: known });
}

/** Holds the newest record the keychain was told of against the database: it is one of a time after its checkpoint. */
export function headContradiction(rows: SqliteRows, last: number, { seq, hash, time }: KeptHead): Finding | null {
  const source = 'keychain';
  if (last < seq) {
    const text = `The database was rolled back: it ends at record ${last}, and the keychain was told of record ${seq} at ${time}.`;
    return finding('rolled-back', text, { source, seq: last + 1 });
  }
  const row = rows.bySeq(seq);
  if (row !== undefined && hashRecord(row.bytes) === hash) return null;
  const text = `The database was forked: record ${seq} is not the one the keychain was told of at ${time}.`;
  return finding('forked', text, { source, seq });
}

/** The tree of the first `size` records if its root is this one; otherwise which record is missing, if one is. */
export function treeAt(rows: SqliteRows, size: number, root: string): Frontier | { readonly missing: number | null } {
  try {
    const stored = loadFrontier(rows, size);
    if (stored.root().toString('base64') === root) return stored;
  } catch (error) {
    if (!(error instanceof BrokenTreeError)) throw error;
  }
  // stored subtrees save reading everything; they can be made again, so that damage to them alone locks nobody out
  const { frontier, missing } = readTree(rows, size);
  return frontier.root().toString('base64') === root ? frontier : { missing };
}

function describeSource({ source, size }: KnownCheckpoint): string {
  if (source === 'keychain') return "the keychain's checkpoint";
  if (source === 'database') return `its own signed checkpoint of ${size}`;
  if (source === 'a witness') return 'the checkpoint a witness signed';
  return `the checkpoint in the folder ${source.slice(0, 200)}`;
}
