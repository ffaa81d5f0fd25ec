import { hash } from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import { CausewayError } from '#shared/errors.ts';
import { makePrivateFile } from './private-file.ts';
import { explainSqliteError } from './sqlite-errors.ts';
import { type Migration, migrate } from './sqlite-migrations.ts';

/** The only file that opens databases: what makes a write durable and a schema trustworthy is set here, once. */
export type Database = BetterSqlite3.Database;
export type Statement<Parameters extends unknown[], Row> = BetterSqlite3.Statement<Parameters, Row>;

export interface OpenOptions {
  /** The database in a sentence, e.g. "the audit store". */
  readonly what: string;
  readonly migrations: readonly Migration[];
  /** How long a statement waits for another connection's lock, milliseconds. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens (and creates, with its folder) a database: WAL with synchronous=FULL, foreign keys, recursive triggers,
 * untrusted schema, defensive mode; then migrates it.
 * @throws CausewayError `read-only`, `disk-full`, `already-running`, `audit-broken`, `conflict`, `audit-unavailable`
 */
export function openDatabase(path: string, options: OpenOptions): Database {
  let db: Database | undefined;
  try {
    makePrivateFile(path);
    db = new BetterSqlite3(path, { timeout: options.busyTimeoutMs ?? 5000 });
    configure(db);
    migrate(db, options.migrations, options.what);
    requireFull(db, options.what); // WAL runs with NORMAL unless told otherwise: read back after the first write
    return db;
  } catch (error) {
    db?.close();
    throw explainSqliteError(error, options.what);
  }
}

/** The log is folded into the file when it has so many pages (16 MB): each time, a write waits for it. */
const LOG_PAGES = 4000;

function configure(db: Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON'); // macOS: fsync alone leaves data in the drive's cache
  db.pragma('checkpoint_fullfsync = ON');
  db.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON'); // otherwise REPLACE deletes rows without asking the DELETE trigger
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('temp_store = MEMORY'); // nothing of the store in a temporary file outside its folder
}

function requireFull(db: Database, what: string): void {
  const found = {
    journal_mode: db.pragma('journal_mode', { simple: true }),
    synchronous: db.pragma('synchronous', { simple: true }),
    recursive_triggers: db.pragma('recursive_triggers', { simple: true }),
    foreign_keys: db.pragma('foreign_keys', { simple: true }),
  };
  const wanted = { journal_mode: 'wal', synchronous: 2, recursive_triggers: 1, foreign_keys: 1 };
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    const text = `The disk of ${what} does not support durable writes. Choose a folder on a local disk.`;
    throw new CausewayError('audit-unavailable', text, {
      cause: new Error(JSON.stringify(found)),
      reason: 'not-durable',
    });
  }
}

/**
 * One state of a database, read-only, whatever other connections write meanwhile; to be closed soon, since the log
 * cannot be folded into the file as long as somebody reads an old state.
 */
export function openSnapshot(path: string, what: string): Database {
  let db: Database | undefined;
  try {
    db = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // the state is fixed by the first read, not by BEGIN
    return db;
  } catch (error) {
    db?.close();
    throw explainSqliteError(error, what);
  }
}

/** A database file that serves as a lock only: held in an exclusive transaction until closed or the process is gone. */
export function openLockFile(path: string, what: string): Database {
  let db: Database | undefined;
  try {
    makePrivateFile(path);
    db = new BetterSqlite3(path, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    throw explainSqliteError(error, what);
  }
}

/** One object of a schema. `sql` as SQLite keeps it. */
export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
}

/**
 * What SQLite makes by itself: indexes of keys, without text, and tables of known text. All three columns are compared: a
 * name that is reserved for SQLite keeps nobody who writes the schema as a file from using it, and SQLite obeys a trigger
 * of such a name like any other.
 */
const MADE_BY_SQLITE = `(type = 'index' AND name GLOB 'sqlite_autoindex_*' AND sql IS NULL)
  OR (type = 'table' AND (name, sql) IN (
    VALUES ('sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)'),
      ('sqlite_stat1', 'CREATE TABLE sqlite_stat1(tbl,idx,stat)'),
      ('sqlite_stat4', 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)')))`;

const SCHEMA = `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
  WHERE ((${MADE_BY_SQLITE}) IS NOT TRUE) ORDER BY type, name, rowid`;

/** Every row of the schema but those SQLite makes by itself, in order of type and name. */
export function readSchema(db: Database): SchemaObject[] {
  return db.prepare<[], SchemaObject>(SCHEMA).all();
}

/** What this connection has besides the file: a temporary trigger can swallow what is written, and is in no schema. */
export function readTemporarySchema(db: Database): SchemaObject[] {
  return db.prepare<[], SchemaObject>(SCHEMA.replace('sqlite_schema', 'sqlite_temp_schema')).all();
}

/** Digest of everything in the schema. In-process nothing can stop DROP TRIGGER; comparing this detects it. */
export function schemaDigest(db: Database): string {
  const rows = readSchema(db).map(({ type, name, table, sql }) => [type, name, table, sql]);
  return hash('sha256', JSON.stringify(rows), 'hex');
}

/** The schema a database has right after these migrations. */
export function expectedSchema(migrations: readonly Migration[], what: string): SchemaObject[] {
  const db = new BetterSqlite3(':memory:');
  try {
    migrate(db, migrations, what);
    return readSchema(db);
  } finally {
    db.close();
  }
}

/** The schema digest a database has right after these migrations. */
export function expectedSchemaDigest(migrations: readonly Migration[], what: string): string {
  const db = new BetterSqlite3(':memory:');
  try {
    migrate(db, migrations, what);
    return schemaDigest(db);
  } finally {
    db.close();
  }
}

/** A database in memory with the settings of a real one, empty or a copy of what `serialize` gave. */
export function openScratch(copy?: Buffer): Database {
  const db = copy === undefined ? new BetterSqlite3(':memory:') : new BetterSqlite3(copy);
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  db.pragma('trusted_schema = OFF');
  return db;
}

/**
 * Runs `work` with the schema writable and nothing defended, as whoever has the file can: for databases in memory only.
 * @throws what `work` throws; the defences are back then, too
 */
export function undefended(scratch: Database, work: () => void): void {
  if (!scratch.memory) throw new Error('only a database in memory may be left undefended');
  scratch.unsafeMode(true);
  try {
    scratch.pragma('writable_schema = ON');
    work();
  } finally {
    scratch.pragma('writable_schema = OFF');
    scratch.unsafeMode(false);
  }
}
