import { join } from 'node:path';
import { type Database, openDatabase } from '../platform/sqlite.ts';
import type { Migration } from '../platform/sqlite-migrations.ts';

export const POLICY_MIGRATIONS: readonly Migration[] = [
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

interface VersionRow extends Omit<StoredVersion, 'approvedBy'> {
  readonly approved_by: string;
}
type Text = Pick<StoredVersion, 'version' | 'policies' | 'schema'>;

const MOST_CANDIDATES = 50;

/** policies.db: the texts of all versions, those that may become one, and what was decided lately. */
export class PolicyStore {
  readonly #db: Database;

  constructor(folder: string) {
    this.#db = openDatabase(join(folder, 'policies.db'), { what: 'the policies', migrations: POLICY_MIGRATIONS });
  }

  /** Newest first. */
  versions(): StoredVersion[] {
    const rows = this.#db.prepare<[], VersionRow>('SELECT * FROM policy_version ORDER BY number DESC').all();
    return rows.map(({ approved_by, ...row }) => ({ ...row, approvedBy: readNames(approved_by) }));
  }

  /** The text of a version or of a candidate, whichever has it. */
  text(version: string): Text | null {
    const columns = 'version, policies, schema';
    const from = (table: string) =>
      this.#db.prepare<[string], Text>(`SELECT ${columns} FROM ${table} WHERE version = ?`).get(version);
    return from('policy_version') ?? from('candidate') ?? null;
  }

  /** A version gets its number the first time; put again, its text is written anew. */
  putVersion({ version, policies, schema, since, approvedBy }: Omit<StoredVersion, 'number'>): void {
    const sql = `INSERT INTO policy_version (number, version, policies, schema, since, approved_by)
      VALUES ((SELECT coalesce(max(number), 0) + 1 FROM policy_version), ?, ?, ?, ?, ?)
      ON CONFLICT (version) DO UPDATE SET policies = excluded.policies, schema = excluded.schema,
        since = excluded.since, approved_by = excluded.approved_by`;
    this.#db.prepare(sql).run(version, policies, schema, since, JSON.stringify(approvedBy));
  }

  /** Kept before anybody approves it: what is then on record as approved is never without its text. */
  putCandidate({ version, policies, schema }: Text, seen: number): void {
    this.#db.transaction(() => {
      this.#db.prepare('INSERT OR REPLACE INTO candidate VALUES (?, ?, ?, ?)').run(version, policies, schema, seen);
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

  hasDecisions(): boolean {
    return this.#db.prepare('SELECT 1 FROM decision LIMIT 1').get() !== undefined;
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
