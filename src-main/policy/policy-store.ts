import { join } from 'node:path';
import type { Cipher } from '../platform/cipher.ts';
import { type Database, openDatabase } from '../platform/sqlite.ts';
import type { Migration } from '../platform/sqlite-migrations.ts';
import { demandKey } from './key-check.ts';

const WHAT = 'the policies';

const POLICY_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'policies',
    sql: `
      CREATE TABLE policy_version (
        number INTEGER PRIMARY KEY,
        version TEXT NOT NULL UNIQUE,
        policies TEXT NOT NULL,
        schema TEXT NOT NULL,
        since INTEGER NOT NULL,
        approved_by TEXT NOT NULL
      ) STRICT;
      CREATE TABLE candidate (
        version TEXT PRIMARY KEY,
        policies TEXT NOT NULL,
        schema TEXT NOT NULL,
        seen INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE decision (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        decision TEXT NOT NULL,
        version TEXT NOT NULL,
        request_digest TEXT NOT NULL,
        place TEXT NOT NULL,
        request BLOB NOT NULL
      ) STRICT;
      CREATE INDEX decision_by_time ON decision (time);
    `,
  },
  {
    number: 2,
    name: 'sealed texts',
    // A text stands in "sealed"; in "policies" only until it was encrypted.
    sql: `
      ALTER TABLE policy_version ADD COLUMN sealed BLOB;
      ALTER TABLE candidate ADD COLUMN sealed BLOB;
      CREATE TABLE key_check (number INTEGER PRIMARY KEY CHECK (number = 1), sealed BLOB NOT NULL) STRICT;
    `,
  },
];

/** A policy text that is or was in force, as it is stored: nothing of it is believed before its digest was compared. */
export interface StoredVersion {
  readonly number: number;
  readonly version: string;
  readonly policies: string;
  readonly schema: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly approvedBy: readonly string[];
}

export interface StoredDecision {
  readonly id: number;
  readonly time: number;
  readonly decision: string;
  readonly version: string;
  readonly requestDigest: string;
  /** What the request's ciphertext is bound to. */
  readonly place: string;
  /** Encrypted. */
  readonly request: Buffer;
}

/** A version as it is listed, without its text. */
export type ListedVersion = Omit<StoredVersion, 'policies'>;
type VersionRow = Omit<ListedVersion, 'approvedBy'> & { readonly approved_by: string };
type Text = Pick<StoredVersion, 'version' | 'policies' | 'schema'>;
type TextRow = Text & { readonly sealed: Buffer | null };

const MOST_CANDIDATES = 50;

const TABLES = ['policy_version', 'candidate'] as const;
const placeOf = (version: string) => `policies/text/${version}`;

/** An opened policies.db before its key is there: whether one was in use, and the store under one. */
export interface LockedPolicyStore {
  /** Whether something is encrypted in it. */
  readonly inUse: boolean;
  /** @throws CausewayError `keychain-unavailable` with reason `key-lost` when it is another key than the one in use */
  unlock(cipher: Cipher): PolicyStore;
  close(): void;
}

/** @param folder of the workspace */
export function openPolicyStore(folder: string): LockedPolicyStore {
  const db = openDatabase(join(folder, 'policies.db'), { what: WHAT, migrations: POLICY_MIGRATIONS });
  db.pragma('secure_delete = ON'); // a text that was readable is overwritten, not only unlinked
  return {
    inUse: ['key_check', 'decision'].some((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined),
    unlock: (cipher) => {
      demandKey(db, cipher, WHAT);
      sealReadable(db, cipher);
      return new PolicyStore(db, cipher);
    },
    close: () => db.close(),
  };
}

/** Encrypts texts an earlier version kept readable, and clears the pages and the log they went through. */
function sealReadable(db: Database, cipher: Cipher): void {
  const sealed = db.transaction(() =>
    TABLES.map((table) => {
      const sql = `SELECT version, policies, schema, sealed FROM ${table} WHERE policies <> ''`;
      const rows = db.prepare<[], TextRow>(sql).all();
      const put = db.prepare(`UPDATE ${table} SET policies = '', sealed = coalesce(sealed, ?) WHERE version = ?`);
      for (const { version, policies } of rows) {
        put.run(cipher.seal(Buffer.from(policies, 'utf8'), placeOf(version)), version);
      }
      return rows.length;
    }),
  )();
  if (sealed.every((count) => count === 0)) return;
  db.exec('VACUUM'); // texts that were removed while they were readable are still in free pages
  db.pragma('wal_checkpoint(TRUNCATE)');
}

/** policies.db: the texts of all versions, those that may become one, and what was decided lately. Texts are encrypted. */
export class PolicyStore {
  readonly #db: Database;
  readonly #cipher: Cipher;

  /** Made by openPolicyStore. */
  constructor(db: Database, cipher: Cipher) {
    this.#db = db;
    this.#cipher = cipher;
  }

  /** Newest first. */
  versions(): ListedVersion[] {
    const sql = 'SELECT number, version, schema, since, approved_by FROM policy_version ORDER BY number DESC';
    const rows = this.#db.prepare<[], VersionRow>(sql).all();
    return rows.map(({ approved_by, ...row }) => ({ ...row, approvedBy: readNames(approved_by) }));
  }

  /** The text of a version or of a candidate, whichever has it; one that was changed is empty, which is no version's. */
  text(version: string): Text | null {
    for (const table of TABLES) {
      const sql = `SELECT version, policies, schema, sealed FROM ${table} WHERE version = ?`;
      const row = this.#db.prepare<[string], TextRow>(sql).get(version);
      if (row !== undefined) return { version, schema: row.schema, policies: this.#open(row) };
    }
    return null;
  }

  #open({ version, sealed }: TextRow): string {
    if (sealed === null) return '';
    try {
      return Buffer.from(this.#cipher.open(sealed, placeOf(version))).toString('utf8');
    } catch {
      return ''; // said to whoever compares it with its version
    }
  }

  #seal({ version, policies }: Text): Uint8Array {
    return this.#cipher.seal(Buffer.from(policies, 'utf8'), placeOf(version));
  }

  /** A version gets its number the first time; put again, its text is written anew. */
  putVersion({ since, approvedBy, ...text }: Omit<StoredVersion, 'number'>): void {
    const sql = `INSERT INTO policy_version (number, version, policies, schema, since, approved_by, sealed)
      VALUES ((SELECT coalesce(max(number), 0) + 1 FROM policy_version), ?, '', ?, ?, ?, ?)
      ON CONFLICT (version) DO UPDATE SET policies = '', schema = excluded.schema, sealed = excluded.sealed,
        since = excluded.since, approved_by = excluded.approved_by`;
    this.#db.prepare(sql).run(text.version, text.schema, since, JSON.stringify(approvedBy), this.#seal(text));
  }

  /** Kept before anybody approves it: what is then on record as approved is never without its text. */
  putCandidate(text: Text, seen: number): void {
    this.#db.transaction(() => {
      const sql = `INSERT OR REPLACE INTO candidate (version, policies, schema, seen, sealed) VALUES (?, '', ?, ?, ?)`;
      this.#db.prepare(sql).run(text.version, text.schema, seen, this.#seal(text));
      const old = 'SELECT version FROM candidate ORDER BY seen DESC, version LIMIT -1 OFFSET ?';
      this.#db.prepare(`DELETE FROM candidate WHERE version IN (${old})`).run(MOST_CANDIDATES);
    })();
  }

  putDecisions(decisions: readonly Omit<StoredDecision, 'id'>[]): void {
    const insert = this.#db.prepare(
      'INSERT INTO decision (time, decision, version, request_digest, place, request) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#db.transaction(() => {
      for (const { time, decision, version, requestDigest, place, request } of decisions) {
        insert.run(time, decision, version, requestDigest, place, request);
      }
    })();
  }

  /** Deletes those before a time, and the oldest beyond a number. */
  pruneDecisions(before: number, most: number): void {
    this.#db.prepare('DELETE FROM decision WHERE time < ?').run(before);
    const last = 'SELECT id FROM decision ORDER BY id DESC LIMIT 1 OFFSET ?';
    this.#db.prepare(`DELETE FROM decision WHERE id <= (${last})`).run(most);
  }

  /** Newest first, `limit` of those below `before`, from a time on. */
  decisions(from: number, before: number, limit: number): StoredDecision[] {
    const sql = `SELECT id, time, decision, version, request_digest AS requestDigest, place, request FROM decision
      WHERE id < ? AND time >= ? ORDER BY id DESC LIMIT ?`;
    return this.#db.prepare<[number, number, number], StoredDecision>(sql).all(before, from, limit);
  }

  close(): void {
    this.#db.close();
  }
}

/** For people to read only: who approved stands in the chain. */
function readNames(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
