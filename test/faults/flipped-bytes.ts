import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { type KeptCheckpoint, recallCheckpoint } from '#main/audit/checkpoint-keeper.ts';
import { DisclosureVault } from '#main/audit/disclosure-vault.ts';
import { masterKeyName } from '#main/audit/secret-names.ts';
import { AUDIT_MIGRATIONS } from '#main/audit/sqlite-schema.ts';
import { verifySnapshot } from '#main/audit/verify-store.ts';
import { systemRandom } from '#main/platform/random.ts';
import { expectedSchemaDigest, schemaDigest } from '#main/platform/sqlite.ts';
import { noteInput, openTestStore, roleInput, temporaryFolder } from '../support/audit-store.ts';
import { MemorySecrets } from '../support/memory-secrets.ts';

/** A small closed store, its bytes, and what is known of it elsewhere. */
export interface SmallStore {
  readonly folder: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly secrets: MemorySecrets;
  readonly chain: string;
  readonly firstKey: string;
  readonly vault: DisclosureVault;
  readonly kept: KeptCheckpoint;
  /** Everything a reader of the database can see. */
  readonly content: string;
}

const EXPECTED = expectedSchemaDigest(AUDIT_MIGRATIONS, 'a store');

/** Pages of 512 bytes, so that most bytes of the file mean something. */
export async function makeSmallStore(): Promise<SmallStore> {
  const folder = temporaryFolder();
  const path = join(folder, 'audit.db');
  const empty = new BetterSqlite3(path);
  empty.pragma('page_size = 512');
  empty.exec('VACUUM');
  empty.close();
  const secrets = new MemorySecrets();
  const { store } = await openTestStore(folder, secrets);
  await store.append(noteInput('inc-1', 'somebody said so'));
  await store.append(roleInput('user-2'));
  const { chain, keyId } = store;
  await store.close();
  const bytes = readFileSync(path);
  const kept = await recallCheckpoint(secrets, chain);
  const masterKey = await secrets.get(masterKeyName(chain));
  const content = readAll(path);
  if (kept === null || masterKey === null || content === null) throw new Error('the store could not be made');
  const vault = new DisclosureVault(chain, masterKey, systemRandom);
  return { folder, path, bytes, secrets, chain, firstKey: keyId, vault, kept, content };
}

/**
 * Every row of every table with its schema; null when it cannot be read. Left out is the time beside a checkpoint: the
 * note is what counts, it has none, and nothing rests on when it was written.
 */
function readAll(path: string): string | null {
  const db = new BetterSqlite3(path, { readonly: true });
  try {
    const objects = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').raw().all();
    const rows = (objects as string[][])
      .filter(([type]) => type === 'table')
      .map(([, name]) => {
        const columns = name === 'checkpoint' ? 'size, note' : '*';
        const order = db.prepare(`SELECT ${columns} FROM "${name}" ORDER BY 1, 2`).safeIntegers().raw().all();
        return order.map((row) => (row as unknown[]).map(show).join('|'));
      });
    return JSON.stringify([objects, rows, db.pragma('integrity_check', { simple: true })]);
  } catch {
    return null;
  } finally {
    db.close();
  }
}

function show(value: unknown): string {
  return Buffer.isBuffer(value) ? `x${value.toString('hex')}` : `${typeof value} ${String(value)}`;
}

export type Found = 'nothing changed' | 'by verification' | 'at opening' | 'missed';

/** What becomes of a store in which one byte was changed. */
export async function judgeFlip(store: SmallStore, at: number, mask: number): Promise<Found> {
  const bytes = Buffer.from(store.bytes);
  bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
  writeFileSync(store.path, bytes);
  const content = readAll(store.path);
  if (content === store.content) return 'nothing changed';
  if (content !== null && (await verifies(store)) > 0) return 'by verification';
  return (await opens(store)) ? 'missed' : 'at opening';
}

async function verifies({ path, chain, vault, kept, firstKey }: SmallStore): Promise<number> {
  const db = new BetterSqlite3(path, { readonly: true });
  const schema = schemaDigest(db) === EXPECTED ? null : 'the schema was changed';
  db.close();
  const request = { records: kept.size, firstKey, kept, schema, unreadable: null };
  return (await verifySnapshot({ path, chain, tenant: 'acme', vault }, request, {})).problemCount;
}

/** Whether it opens without a word, and verifies. */
async function opens({ folder, secrets }: SmallStore): Promise<boolean> {
  const copy = new MemorySecrets();
  for (const [name, value] of secrets.entries) copy.entries.set(name, value);
  try {
    const { store } = await openTestStore(folder, copy);
    try {
      if (store.standing().state !== 'whole') return false;
      return (await store.verify()).verdict === 'valid';
    } finally {
      await store.close();
    }
  } catch {
    return false;
  }
}
