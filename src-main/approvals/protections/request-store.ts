import { join } from 'node:path';
import { type Cipher, createCipher } from '#main/platform/cipher.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import type { Migration } from '#main/platform/sqlite-migrations.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { CausewayError } from '#shared/errors.ts';

const WHAT = 'the requests of this workspace';

/**
 * `box` holds everything a row says, encrypted and bound to its place; the other columns are for finding it and count for
 * nothing by themselves.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'protection requests',
    sql: `CREATE TABLE key_check (
      number INTEGER PRIMARY KEY CHECK (number = 1),
      box BLOB NOT NULL
    ) STRICT;
    CREATE TABLE protection_request (
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

const CHECK = Buffer.from('causeway requests', 'ascii');
const CHECK_PLACE = 'key-check';

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
    const check = db.prepare<[], { box: Buffer }>('SELECT box FROM key_check').get();
    const cipher = createCipher(await tenantKey(secrets, tenant, 'requests', check === undefined), tenant);
    if (check === undefined) {
      db.prepare('INSERT INTO key_check (number, box) VALUES (1, ?)').run(cipher.seal(CHECK, CHECK_PLACE));
    } else demandSameKey(cipher, check.box);
    return { db, cipher, close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The key may have been lost and made anew for something else that is kept under it. */
function demandSameKey(cipher: Cipher, box: Buffer): void {
  try {
    cipher.open(box, CHECK_PLACE);
  } catch (cause) {
    const text = `The keychain has another key than the one under which ${WHAT} are kept. Restore the keychain entry; without it nothing stored under it can be read.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'key-lost', cause });
  }
}
