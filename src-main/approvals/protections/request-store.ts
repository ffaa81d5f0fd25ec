import { join } from 'node:path';
import { type Cipher, createCipher } from '#main/platform/cipher.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';

const WHAT = 'the requests of this workspace';

/**
 * `box` holds everything a row says, encrypted and bound to its place; the other columns are for finding it and count for
 * nothing by themselves.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'protection requests',
    sql: `CREATE TABLE protection_request (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      state TEXT NOT NULL,
      digest TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      box BLOB NOT NULL
    ) STRICT`,
  },
  {
    number: 2,
    name: 'decisions by file',
    sql: `CREATE TABLE trusted_chain (
      chain TEXT PRIMARY KEY,
      box BLOB NOT NULL
    ) STRICT;
    CREATE TABLE given_answer (
      request TEXT NOT NULL,
      person TEXT NOT NULL,
      box BLOB NOT NULL,
      PRIMARY KEY (request, person)
    ) STRICT`,
  },
];

const TABLES = ['protection_request', 'trusted_chain', 'given_answer'] as const;

/** What of requests is kept beside the trail, encrypted: `protections.db` in the workspace's folder. */
export interface RequestStore {
  readonly db: Database;
  readonly cipher: Cipher;
  close(): void;
}

/**
 * @param folder of the workspace
 * @throws CausewayError as `openDatabase`; `keychain-unavailable`, with reason `key-lost` when something was kept under a
 * key the keychain no longer has
 */
export async function openRequestStore(options: {
  readonly folder: string;
  readonly tenant: string;
  readonly secrets: SecretStore;
}): Promise<RequestStore> {
  const { folder, tenant, secrets } = options;
  const db = openDatabase(join(folder, 'protections.db'), { what: WHAT, migrations: MIGRATIONS });
  try {
    const empty = TABLES.every((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined);
    const key = await tenantKey(secrets, tenant, 'requests', empty);
    return { db, cipher: createCipher(key, tenant), close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}
