import { existsSync, rmSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { makePrivateFile } from './private-file.ts';

type Database = BetterSqlite3.Database;

/**
 * Databases that hold nothing but what can be made again from another one: a crash may lose their newest changes
 * (synchronous=NORMAL keeps the file whole), and a damaged one is thrown away. Throws SQLite's own errors: what to do
 * about them is always the same.
 */
export function openDerived(path: string): Database {
  makePrivateFile(path);
  return configured(new BetterSqlite3(path, { timeout: 5000 }), (db) => {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
  });
}

/** A connection that reads only; each statement sees the newest state. The file has to be there. */
export function openReading(path: string): Database {
  return configured(new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 2000 }), () => {});
}

/** Throws a derived database away, with what SQLite lays beside it. Nobody may have it open. */
export function discardDerived(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(path + suffix)) rmSync(path + suffix);
  }
}

function configured(db: Database, more: (db: Database) => void): Database {
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('temp_store = MEMORY');
    more(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
