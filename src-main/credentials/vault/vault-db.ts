import { existsSync } from 'node:fs';
import type { Cipher } from '#main/platform/cipher.ts';
import { type Database, openDatabase, openSnapshot } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { CausewayError } from '#shared/errors.ts';

const WHAT = 'the vault';
const PROOF = Buffer.from('causeway vault 1', 'utf8');
/** What proves the key of the vault is bound to this as it is encrypted. */
export const PROOF_PLACE = 'vault/proof';

export const VAULT_MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'secrets and the keys that wrap them',
    sql: `
      CREATE TABLE protection (id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL) STRICT;
      CREATE TABLE wrapping_key (
        id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('planned', 'current', 'retired')),
        created_at TEXT NOT NULL, reference BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX wrapping_key_current ON wrapping_key (state) WHERE state = 'current';
      CREATE TABLE secret (
        id TEXT PRIMARY KEY, integration TEXT NOT NULL, version INTEGER NOT NULL CHECK (version >= 1),
        wrapping_key TEXT NOT NULL REFERENCES wrapping_key (id), stored_at TEXT NOT NULL,
        name BLOB NOT NULL, wrapped_key BLOB NOT NULL, ciphertext BLOB NOT NULL
      ) STRICT;
      CREATE INDEX secret_wrapping_key ON secret (wrapping_key);
    `,
  },
  {
    number: 2,
    name: 'what the vault holds, to be compared with the keychain',
    sql: 'CREATE TABLE manifest (id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT;',
  },
];

export interface SecretRow {
  readonly id: string;
  readonly integration: string;
  readonly version: number;
  readonly wrapping_key: string;
  readonly stored_at: string;
  /** Encrypted under the workspace's own key, so that a list needs no wrapping key. */
  readonly name: Buffer;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

export type WrappingKeyState = 'planned' | 'current' | 'retired';

export interface WrappingKeyRow {
  readonly id: string;
  readonly state: WrappingKeyState;
  readonly created_at: string;
  /** Encrypted: an account number and a profile's name are nobody else's business. */
  readonly reference: Buffer;
}

/** The rows of a vault. Every method throws a CausewayError of {@link explainSqliteError}. */
export interface VaultDb {
  secrets(): readonly SecretRow[];
  secret(id: string): SecretRow | undefined;
  putSecret(row: SecretRow): void;
  /** Whether the row still had this version and key, and has the new ones now. */
  rewrapSecret(old: SecretRow, changes: Pick<SecretRow, 'wrapping_key' | 'wrapped_key' | 'ciphertext'>): boolean;
  deleteSecret(id: string): void;
  keys(): readonly WrappingKeyRow[];
  addKey(row: WrappingKeyRow): void;
  /** The planned key becomes the current one, and what was current retires, in one step. */
  activateKey(id: string): void;
  deleteKey(id: string): void;
  /** Encrypted. */
  manifest(): Buffer | undefined;
  /** Makes changes and replaces the manifest, all or nothing. */
  changeWith(manifest: Buffer, work: () => void): void;
  /** Empties the log: what was replaced or deleted stands there until then. */
  forget(): void;
  close(): void;
}

/**
 * Whether a vault file holds anything encrypted: then its key must already exist. Errors as {@link openSnapshot}.
 */
export function isSealedVault(file: string): boolean {
  if (!existsSync(file)) return false;
  const db = openSnapshot(file, WHAT);
  try {
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'protection'").get();
    if (known === undefined) return false;
    return ['protection', 'wrapping_key', 'secret'].some((table) => db.prepare(`SELECT 1 FROM ${table}`).get());
  } catch (error) {
    throw explainSqliteError(error, WHAT);
  } finally {
    db.close();
  }
}

/**
 * Opens (and creates) a vault's database. `cipher` is of the workspace's own vault key.
 * @throws CausewayError as `openDatabase`; `audit-broken` with reason `vault-key` when it is another workspace's
 */
export function openVaultDb(file: string, cipher: Cipher): VaultDb {
  const db = openDatabase(file, { what: WHAT, migrations: VAULT_MIGRATIONS });
  try {
    db.pragma('secure_delete = ON'); // ciphertext, but nobody needs to keep what was removed
    prove(db, cipher);
    return wrap(db);
  } catch (error) {
    db.close();
    throw explainSqliteError(error, WHAT);
  }
}

function prove(db: Database, cipher: Cipher): void {
  const proof = db.prepare<[], Buffer>('SELECT proof FROM protection').pluck().get();
  if (proof === undefined) {
    const used = db.prepare('SELECT 1 FROM wrapping_key UNION SELECT 1 FROM secret').get();
    if (used !== undefined) throw wrongKey();
    db.prepare('INSERT INTO protection (id, proof) VALUES (1, ?)').run(cipher.seal(PROOF, PROOF_PLACE));
    return;
  }
  let opened: Uint8Array;
  try {
    opened = cipher.open(proof, PROOF_PLACE);
  } catch (cause) {
    throw wrongKey(cause);
  }
  if (!PROOF.equals(opened)) throw wrongKey();
}

function wrongKey(cause?: unknown): CausewayError {
  const text =
    'This vault file is not encrypted with the key of this workspace: it belongs to another one, or the keychain entry was replaced. Nothing was changed. Put back the file or the keychain entry that belongs here.';
  return new CausewayError('audit-broken', text, { reason: 'vault-key', cause });
}

function wrap(db: Database): VaultDb {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explainSqliteError(error, WHAT);
    }
  };
  const sql = {
    secrets: db.prepare<[], SecretRow>('SELECT * FROM secret ORDER BY stored_at, id'),
    secret: db.prepare<[string], SecretRow>('SELECT * FROM secret WHERE id = ?'),
    put: db.prepare<SecretRow>(
      `INSERT OR REPLACE INTO secret (id, integration, version, wrapping_key, stored_at, name, wrapped_key, ciphertext)
       VALUES (:id, :integration, :version, :wrapping_key, :stored_at, :name, :wrapped_key, :ciphertext)`,
    ),
    rewrap: db.prepare(
      `UPDATE secret SET wrapping_key = ?, wrapped_key = ?, ciphertext = ?
       WHERE id = ? AND version = ? AND wrapping_key = ?`,
    ),
    delete: db.prepare('DELETE FROM secret WHERE id = ?'),
    keys: db.prepare<[], WrappingKeyRow>('SELECT * FROM wrapping_key ORDER BY created_at, id'),
    addKey: db.prepare<WrappingKeyRow>(
      'INSERT INTO wrapping_key (id, state, created_at, reference) VALUES (:id, :state, :created_at, :reference)',
    ),
    retire: db.prepare("UPDATE wrapping_key SET state = 'retired' WHERE state = 'current'"),
    activate: db.prepare("UPDATE wrapping_key SET state = 'current' WHERE id = ? AND state = 'planned'"),
    deleteKey: db.prepare('DELETE FROM wrapping_key WHERE id = ?'),
    manifest: db.prepare<[], Buffer>('SELECT sealed FROM manifest').pluck(),
    putManifest: db.prepare('INSERT OR REPLACE INTO manifest (id, sealed) VALUES (1, ?)'),
  };
  const together = db.transaction((manifest: Buffer, work: () => void) => {
    work();
    sql.putManifest.run(manifest);
  });
  const activate = db.transaction((id: string) => {
    sql.retire.run();
    if (sql.activate.run(id).changes !== 1) throw new Error('the planned key is gone');
  });
  return {
    secrets: () => attempt(() => sql.secrets.all()),
    secret: (id) => attempt(() => sql.secret.get(id)),
    putSecret: (row) => attempt(() => void sql.put.run(row)),
    rewrapSecret: (old, { wrapping_key, wrapped_key, ciphertext }) =>
      attempt(() => {
        const ran = sql.rewrap.run(wrapping_key, wrapped_key, ciphertext, old.id, old.version, old.wrapping_key);
        return ran.changes === 1;
      }),
    deleteSecret: (id) => attempt(() => void sql.delete.run(id)),
    keys: () => attempt(() => sql.keys.all()),
    addKey: (row) => attempt(() => void sql.addKey.run(row)),
    activateKey: (id) => attempt(() => activate.immediate(id)),
    deleteKey: (id) => attempt(() => void sql.deleteKey.run(id)),
    manifest: () => attempt(() => sql.manifest.get()),
    changeWith: (manifest, work) => attempt(() => together.immediate(manifest, work)),
    forget: () => attempt(() => void db.pragma('wal_checkpoint(TRUNCATE)')),
    close: () => db.close(),
  };
}
