import { hash } from 'node:crypto';
import type BetterSqlite3 from 'better-sqlite3';
import { CausewayError } from '#shared/errors.ts';

/** A step of a database's history. Once shipped it never changes: its digest is kept and compared at every opening. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

const TABLE = `CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL
) STRICT`;

/** Applies what is missing, in one write transaction. */
export function migrate(db: BetterSqlite3.Database, migrations: readonly Migration[], what: string): void {
  const run = db.transaction(() => {
    db.exec(TABLE);
    const applied = db
      .prepare<[], { number: number; name: string; digest: string }>(
        'SELECT number, name, digest FROM migration ORDER BY number',
      )
      .all();
    if (applied.length > migrations.length) {
      const text = `The file of ${what} was written by a newer version. Install that version to open it.`;
      throw new CausewayError('conflict', text, { reason: 'newer-version' });
    }
    for (const [index, migration] of migrations.entries()) {
      const { number, name } = migration;
      const digest = hash('sha256', migration.sql, 'hex');
      const before = applied[index];
      if (before === undefined) {
        db.exec(migration.sql);
        db.prepare('INSERT INTO migration (number, name, digest) VALUES (?, ?, ?)').run(number, name, digest);
      } else if (before.number !== number || before.name !== name || before.digest !== digest) {
        const text = `The layout of ${what} is not the one this version made. Keep the file for examination, or choose another folder.`;
        throw new CausewayError('audit-broken', text, { reason: 'migration-changed' });
      }
    }
  });
  run.immediate();
}
