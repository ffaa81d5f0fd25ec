import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expectedSchemaDigest, openDatabase, schemaDigest } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { parseNote, verifyNote } from './checkpoint.ts';
import { type KeptCheckpoint, keepCheckpoint, recallCheckpoint } from './checkpoint-keeper.ts';
import type { Head } from './commit-batch.ts';
import { DisclosureVault } from './disclosure-vault.ts';
import { hashRecord } from './hash.ts';
import { readKey } from './keys.ts';
import { holdsInChain } from './record-checks.ts';
import { masterKeyName, signingKeyName, workspaceName } from './secret-names.ts';
import { createEd25519Key, describeKey, ed25519Signer, type Signer } from './signer.ts';
import { SqliteRows } from './sqlite-rows.ts';
import { AUDIT_MIGRATIONS } from './sqlite-schema.ts';
import { SqliteAuditStore, WHAT } from './sqlite-store.ts';
import type { AuditStore, OpenAuditStoreOptions } from './store.ts';
import { latestStored } from './stored-checkpoint.ts';
import { toStoredRecord } from './stored-record.ts';
import { BrokenTreeError, extendFrontier, loadFrontier } from './stored-tree.ts';

/** Opens the store, or begins a chain in an empty folder. Every doubt ends in a refusal that names it. */
export async function openSqliteStore(options: OpenAuditStoreOptions): Promise<AuditStore> {
  const folder = preparedFolder(options.folder);
  const workspace = workspaceName(folder);
  const started = await options.secrets.get(workspace);
  const known = started === null ? null : Buffer.from(started).toString('utf8');
  const path = join(folder, 'audit.db');
  if (known !== null && !existsSync(path)) throw gone();
  const db = openDatabase(path, { what: WHAT, migrations: AUDIT_MIGRATIONS });
  try {
    const rows = new SqliteRows(db);
    const expected = expectedSchemaDigest(AUDIT_MIGRATIONS, WHAT);
    const checkSchema = () => {
      if (schemaDigest(db) !== expected) throw broken('schema-changed', 'its tables or guards were changed');
    };
    checkSchema();
    const first = toStoredRecord(rows.bySeq(1));
    if (first === null) {
      if (known !== null) throw gone();
      return await beginChain(options, rows, workspace, checkSchema);
    }
    return await openChain(options, rows, { workspace, known, checkSchema }, first.record);
  } catch (error) {
    db.close();
    throw error instanceof BrokenTreeError
      ? broken('tree-damaged', error.message, error)
      : explainSqliteError(error, WHAT);
  }
}

function preparedFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch (error) {
    throw explainSqliteError(error, WHAT);
  }
}

/** Secrets first, then the database, then what tells of it: a crash in between leaves nothing that looks like an attack. */
async function beginChain(
  { tenant, secrets, clock, random, generator }: OpenAuditStoreOptions,
  rows: SqliteRows,
  workspace: string,
  checkSchema: () => void,
): Promise<AuditStore> {
  const chain = random.uuid();
  const key = createEd25519Key(random);
  const masterKey = random.bytes(32);
  await secrets.set(signingKeyName(chain), key);
  await secrets.set(masterKeyName(chain), masterKey);
  const signer = ed25519Signer(key, secrets.description);
  const vault = new DisclosureVault(chain, masterKey, random);
  const parts = { chain, tenant, rows, signer, vault, secrets, clock, random, head: null, latest: null, checkSchema };
  const store = new SqliteAuditStore(parts);
  await store.begin({
    action: 'tenant.created',
    outcome: 'success',
    actor: { type: 'system', id: 'causeway' },
    target: { type: 'tenant', id: tenant },
    data: { keys: [describeKey(signer, 1)], generator: { name: generator.name, version: generator.version } },
  });
  await store.checkpoint();
  await secrets.set(workspace, Buffer.from(chain, 'utf8'));
  return store;
}

async function openChain(
  { tenant, secrets, clock, random }: OpenAuditStoreOptions,
  rows: SqliteRows,
  folder: { readonly workspace: string; readonly known: string | null; readonly checkSchema: () => void },
  first: AuditRecord,
): Promise<AuditStore> {
  const { chain } = first;
  if (first.tenant !== tenant) {
    const text = `This folder holds the audit trail of tenant "${first.tenant}". Choose another folder for "${tenant}".`;
    throw new CausewayError('conflict', text, { reason: 'other-tenant' });
  }
  if (folder.known !== null && folder.known !== chain) {
    throw broken('chain-replaced', 'the database in this folder is of another chain than the one started here');
  }
  const signer = ed25519Signer(await secretOf(secrets, signingKeyName(chain), chain), secrets.description);
  const masterKey = await secretOf(secrets, masterKeyName(chain), chain);
  checkKey(rows, signer);
  const kept = await recallCheckpoint(secrets, chain);
  const head = compareWithKept(rows, signer, kept);
  const vault = new DisclosureVault(chain, masterKey, random);
  const { checkSchema } = folder;
  const latest = latestStored(rows);
  const parts = { chain, tenant, rows, signer, vault, secrets, clock, random, head, latest, checkSchema };
  const store = new SqliteAuditStore(parts);
  // begun, and interrupted before the keychain was told
  if (kept === null) await store.checkpoint();
  else if (latest !== null && latest.size > kept.size) await keepNewer(secrets, rows, chain, latest);
  if (folder.known === null) await secrets.set(folder.workspace, Buffer.from(chain, 'utf8'));
  return store;
}

/** The key in the keychain must be the one the chain began with: a second one is never made. */
function checkKey(rows: SqliteRows, signer: Signer): void {
  const row = rows.bySeq(1);
  const wrong =
    row === undefined ? undefined : holdsInChain({ rows, signer }, row).find((check) => check.state === 'fails');
  if (wrong !== undefined) {
    throw broken('first-record', `the key in the keychain did not make its first record (${wrong.detail})`);
  }
}

/** Compares the database with the checkpoint the keychain keeps, and returns its head. */
function compareWithKept(rows: SqliteRows, signer: Signer, kept: KeptCheckpoint | null): Head {
  const row = rows.head();
  if (row === undefined) throw gone();
  const wrong = holdsInChain({ rows, signer }, row).find((check) => check.state === 'fails');
  if (wrong !== undefined) throw broken('head-damaged', `its newest record does not hold (${wrong.detail})`);
  if (kept === null) {
    if (row.seq > 1) throw broken('checkpoint-missing', 'the keychain no longer has its checkpoint');
    return { seq: row.seq, hash: row.hash.toString('hex'), frontier: loadFrontier(rows, row.seq) };
  }
  const key = readKey({ id: signer.keyId, alg: signer.alg, spki: signer.spki.toString('base64') });
  const note = parseNote(kept.note);
  const badNote = typeof note === 'string' || typeof key === 'string' ? 'unreadable' : verifyNote(note, [key]);
  if (badNote !== null) throw broken('checkpoint-unreadable', `the keychain's checkpoint does not hold (${badNote})`);
  if (row.seq < kept.size) {
    const text = `it was rolled back: it ends at record ${row.seq}, and had ${kept.size} records on ${kept.at}`;
    throw broken('rolled-back', text);
  }
  const then = rows.bySeq(kept.size);
  if (then === undefined || hashRecord(then.bytes) !== kept.head) {
    throw broken('forked', `it was forked: record ${kept.size} is not the one that was there on ${kept.at}`);
  }
  const frontier = loadFrontier(rows, kept.size);
  if (frontier.root().toString('base64') !== kept.root) {
    throw broken('tree-damaged', `the first ${kept.size} records are not those of the checkpoint of ${kept.at}`);
  }
  extendFrontier(frontier, rows, row.seq);
  return { seq: row.seq, hash: row.hash.toString('hex'), frontier };
}

async function keepNewer(
  secrets: OpenAuditStoreOptions['secrets'],
  rows: SqliteRows,
  chain: string,
  latest: NonNullable<ReturnType<typeof latestStored>>,
): Promise<void> {
  const row = rows.bySeq(latest.size);
  if (row === undefined)
    throw broken('checkpoint-ahead', `it has a checkpoint of ${latest.size} records and fewer records`);
  const { note, size, root, at } = latest;
  await keepCheckpoint(secrets, chain, { note, size, root, at, head: row.hash.toString('hex') });
}

async function secretOf(secrets: OpenAuditStoreOptions['secrets'], name: string, chain: string): Promise<Uint8Array> {
  const secret = await secrets.get(name);
  if (secret !== null) return secret;
  const text =
    `The keychain has no key for this audit trail (entry "${name}", chain ${chain}). ` +
    'Unlock or restore the keychain of the user who began it, or choose another folder to begin a new trail.';
  throw new CausewayError('keychain-unavailable', text, { reason: 'key-missing' });
}

function gone(): CausewayError {
  const text =
    'A trail was begun in this folder, and its database is gone or empty. Restore it from a backup, ' +
    'or choose another folder to begin a new trail.';
  return new CausewayError('audit-broken', text, { reason: 'database-missing' });
}

function broken(reason: string, what: string, cause?: unknown): CausewayError {
  const text = `The audit store cannot be trusted: ${what}. Keep the file for examination and restore a backup.`;
  return new CausewayError('audit-broken', text, { reason, cause });
}
