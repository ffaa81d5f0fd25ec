import type { Database } from '#main/platform/sqlite.ts';
import { discardDerived, openDerived } from '#main/platform/sqlite-derived.ts';
import { RecordEnvelope } from '#shared/model/audit-record.ts';
import { indexText } from './words.ts';

/** Another number: indexes of before are thrown away and made again. */
const FORMAT = 1;

/**
 * The words, and how far they go. Contentless (https://sqlite.org/fts5.html#contentless_tables): the records are in the
 * store and are not kept twice. The words come parted already, so the simplest tokenizer will do.
 */
const SCHEMA = `
CREATE TABLE built (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL,
  chain TEXT NOT NULL,
  last INTEGER NOT NULL,
  hash BLOB
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', tokenize = 'ascii');
`;

export interface Built {
  readonly format: number;
  readonly chain: string;
  readonly last: number;
  /** Of the record at `last`; null at the beginning. */
  readonly hash: Buffer | null;
}

/** How far an index goes, or null when this is none. */
export function readBuilt(db: Database): Built | null {
  const built = db.prepare<[], Built>('SELECT format, chain, last, hash FROM built WHERE id = 1').get();
  return built?.format === FORMAT ? built : null;
}

/**
 * Opens the index of a chain, or begins one: when there is none, when it cannot be read, when it is of another format or
 * chain, or goes on from a record that is not in the store (the database was put back to an older state, or forked).
 */
export function openIndex(path: string, audit: Database, chain: string, fresh: boolean): Database {
  if (!fresh) {
    const kept = openKept(path, audit, chain);
    if (kept !== null) return kept;
  }
  discardDerived(path);
  const db = openDerived(path);
  db.exec(SCHEMA);
  db.prepare('INSERT INTO built (id, format, chain, last) VALUES (1, ?, ?, 0)').run(FORMAT, chain);
  return db;
}

function openKept(path: string, audit: Database, chain: string): Database | null {
  let db: Database | undefined;
  try {
    db = openDerived(path);
    const built = readBuilt(db);
    if (built?.chain === chain && goesOn(built, audit)) return db;
  } catch {
    // unreadable, or no index at all: it is made again, whatever is wrong with it
  }
  db?.close();
  return null;
}

function goesOn({ last, hash }: Built, audit: Database): boolean {
  if (last === 0) return true;
  const stored = audit.prepare<[number], Buffer>('SELECT hash FROM record WHERE seq = ?').pluck().get(last);
  return stored !== undefined && hash !== null && stored.equals(hash);
}

interface IndexedRow {
  readonly seq: number;
  readonly hash: Buffer;
  readonly bytes: Buffer;
}

/** Adds up to `most` records to the index, all or none. @returns how many; less than `most`: there are no more */
export function extendIndex(index: Database, audit: Database, most: number): number {
  const last = readBuilt(index)?.last ?? 0;
  const rows = audit
    .prepare<[number, number], IndexedRow>('SELECT seq, hash, bytes FROM record WHERE seq > ? ORDER BY seq LIMIT ?')
    .all(last, most);
  const newest = rows.at(-1);
  if (newest === undefined) return 0;
  const insert = index.prepare<[number, string], unknown>('INSERT INTO words (rowid, text) VALUES (?, ?)');
  const note = index.prepare<[number, Buffer], unknown>('UPDATE built SET last = ?, hash = ? WHERE id = 1');
  const run = index.transaction(() => {
    for (const row of rows) insert.run(row.seq, textOf(row.bytes));
    note.run(newest.seq, newest.hash);
  });
  run.immediate();
  return rows.length;
}

/** Damaged bytes have no words: they are found by verification, not by searching. */
function textOf(bytes: Buffer): string {
  try {
    const record = RecordEnvelope.safeParse(JSON.parse(bytes.toString('utf8')));
    return record.success ? indexText(record.data) : '';
  } catch {
    return '';
  }
}
