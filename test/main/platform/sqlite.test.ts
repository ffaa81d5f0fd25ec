import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectedSchemaDigest, openDatabase, schemaDigest } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { CausewayError } from '#shared/errors.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));
const what = 'the test store';
const one: Migration = { number: 1, name: 'one', sql: 'CREATE TABLE a (b INTEGER) STRICT' };
const two: Migration = { number: 2, name: 'two', sql: 'CREATE TABLE c (d TEXT) STRICT; INSERT INTO a VALUES (1)' };
let count = 0;
const fresh = () => join(folder, `deep/er/${count++}.db`);

describe('openDatabase', () => {
  it('makes writes durable and the schema trustworthy', () => {
    const db = openDatabase(fresh(), { what, migrations: [one] });
    const read = (name: string) => db.pragma(name, { simple: true });
    expect(read('journal_mode')).toBe('wal');
    expect(read('synchronous')).toBe(2);
    expect(read('foreign_keys')).toBe(1);
    expect(read('recursive_triggers')).toBe(1);
    expect(read('trusted_schema')).toBe(0);
    db.pragma('writable_schema = ON');
    expect(() => db.exec("UPDATE sqlite_schema SET sql = ''")).toThrow(/may not be modified/);
    db.close();
  });

  it('applies each migration once, in order', () => {
    const path = fresh();
    openDatabase(path, { what, migrations: [one] }).close();
    openDatabase(path, { what, migrations: [one, two] }).close();
    const db = openDatabase(path, { what, migrations: [one, two] });
    expect(db.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 });
    db.close();
  });

  it('refuses a migration that was changed, and a database from a newer version', () => {
    const path = fresh();
    openDatabase(path, { what, migrations: [one, two] }).close();
    const changed = { ...one, sql: 'CREATE TABLE a (b TEXT) STRICT' };
    expect(() => openDatabase(path, { what, migrations: [changed, two] })).toThrow(
      expect.objectContaining({ reason: 'migration-changed' }),
    );
    expect(() => openDatabase(path, { what, migrations: [one] })).toThrow(
      expect.objectContaining({ reason: 'newer-version' }),
    );
  });

  it('leaves nothing of a migration that fails', () => {
    const path = fresh();
    const bad = { number: 2, name: 'bad', sql: 'CREATE TABLE x (y INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' };
    expect(() => openDatabase(path, { what, migrations: [one, bad] })).toThrow(CausewayError);
    const db = openDatabase(path, { what, migrations: [one] });
    expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'x'").get()).toEqual({ n: 0 });
    db.close();
  });

  it('says when the file is no database', () => {
    const path = join(folder, 'text.db');
    writeFileSync(path, 'no database '.repeat(1000));
    expect(() => openDatabase(path, { what, migrations: [one] })).toThrow(
      expect.objectContaining({ code: 'audit-broken' }),
    );
  });

  it('waits for a lock as long as it is told, then says who is in the way', () => {
    const path = fresh();
    const holder = openDatabase(path, { what, migrations: [one] });
    holder.exec('BEGIN IMMEDIATE');
    expect(() => openDatabase(path, { what, migrations: [one], busyTimeoutMs: 20 })).toThrow(
      expect.objectContaining({ code: 'already-running' }),
    );
    holder.close();
  });
});

describe('schemaDigest', () => {
  it('is that of the migrations, and changes with the schema', () => {
    const db = openDatabase(fresh(), { what, migrations: [one, two] });
    const expected = expectedSchemaDigest([one, two], what);
    expect(schemaDigest(db)).toBe(expected);
    db.exec('CREATE VIEW v AS SELECT b FROM a');
    expect(schemaDigest(db)).not.toBe(expected);
    db.close();
  });
});

describe('explainSqliteError', () => {
  it.each([
    ['SQLITE_FULL', 'disk-full'],
    ['ENOSPC', 'disk-full'],
    ['SQLITE_READONLY_DIRECTORY', 'read-only'],
    ['EACCES', 'read-only'],
    ['EROFS', 'read-only'],
    ['SQLITE_CANTOPEN', 'read-only'],
    ['SQLITE_CORRUPT_VTAB', 'audit-broken'],
    ['SQLITE_NOTADB', 'audit-broken'],
    ['SQLITE_BUSY_SNAPSHOT', 'already-running'],
    ['SQLITE_IOERR_FSYNC', 'audit-unavailable'],
    ['SOMETHING', 'audit-unavailable'],
  ])('%s is %s, with a sentence', (code, expected) => {
    const cause = Object.assign(new Error('x'), { code });
    const explained = explainSqliteError(cause, what);
    expect(explained).toMatchObject({ code: expected, cause });
    expect(explained.message.toLowerCase()).toContain(what);
  });

  it('lets an explained error pass', () => {
    const error = new CausewayError('conflict', 'x');
    expect(explainSqliteError(error, what)).toBe(error);
  });
});
