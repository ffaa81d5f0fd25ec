import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expectedSchemaDigest, openDatabase, schemaDigest } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { broken, gone } from './broken.ts';
import { keepCheckpoint, recallCheckpoint } from './checkpoint-keeper.ts';
import { DisclosureVault } from './disclosure-vault.ts';
import { checkHead, checkKey, compareWithKept } from './opening-checks.ts';
import { masterKeyName, signingKeyName, workspaceName } from './secret-names.ts';
import { describeKey } from './signer.ts';
import { keepFirstKey, keepKey, openSigner, recallFirstKey } from './signers/kept-keys.ts';
import { isKmsError } from './signers/kms-errors.ts';
import { destroyRetired, prepareKey } from './signers/rotate-key.ts';
import { SqliteRows } from './sqlite-rows.ts';
import { AUDIT_MIGRATIONS } from './sqlite-schema.ts';
import { SqliteAuditStore, WHAT } from './sqlite-store.ts';
import type { AuditStore, OpenAuditStoreOptions } from './store.ts';
import { toStoredRecord } from './stored-record.ts';
import { BrokenTreeError, loadFrontier } from './stored-tree.ts';

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
  { tenant, secrets, clock, random, generator, kms, beginWith }: OpenAuditStoreOptions,
  rows: SqliteRows,
  workspace: string,
  checkSchema: () => void,
): Promise<AuditStore> {
  const chain = random.uuid();
  const { signer, kept } = await prepareKey({ secrets, random, kms }, beginWith ?? { kind: 'keychain' });
  const firstKey = signer.keyId;
  const masterKey = random.bytes(32);
  if (kept.kind === 'keychain') await secrets.set(signingKeyName(chain), Buffer.from(kept.pkcs8, 'base64'));
  else await keepKey(secrets, chain, firstKey, kept);
  await keepFirstKey(secrets, chain, firstKey);
  await secrets.set(masterKeyName(chain), masterKey);
  const vault = new DisclosureVault(chain, masterKey, random);
  const parts = {
    chain,
    tenant,
    rows,
    signer,
    firstKey,
    kms,
    vault,
    secrets,
    clock,
    random,
    head: null,
    latest: null,
    checkSchema,
  };
  const store = new SqliteAuditStore(parts);
  return finished(store, async () => {
    await store.begin({
      action: 'tenant.created',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'tenant', id: tenant },
      data: { keys: [describeKey(signer, 1)], generator: { name: generator.name, version: generator.version } },
    });
    await store.checkpoint();
    await secrets.set(workspace, Buffer.from(chain, 'utf8'));
  });
}

/** Ends what opening has to do; a store that could not be opened leaves no timer behind. */
async function finished(store: SqliteAuditStore, work: () => Promise<void>): Promise<AuditStore> {
  try {
    await work();
    return store;
  } catch (error) {
    store.abandon();
    throw error;
  }
}

async function openChain(
  { tenant, secrets, clock, random, kms }: OpenAuditStoreOptions,
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
  const firstKey = await recallFirstKey(secrets, chain);
  if (firstKey === null) throw missingSecret(signingKeyName(chain), chain);
  const masterKey = await secretOf(secrets, masterKeyName(chain), chain);
  const keys = checkKey(rows, firstKey);
  const kept = await recallCheckpoint(secrets, chain);
  const opened = kept === null ? openBegun(rows, firstKey) : compareWithKept(rows, chain, keys, kept);
  const signer = await openSigner({ secrets, kms }, chain, keys.current);
  const vault = new DisclosureVault(chain, masterKey, random);
  const { checkSchema } = folder;
  const { head, latest } = opened;
  const store = new SqliteAuditStore({
    chain,
    tenant,
    rows,
    signer,
    firstKey,
    kms,
    vault,
    secrets,
    clock,
    random,
    head,
    latest,
    checkSchema,
  });
  return finished(store, async () => {
    // also after a rotation that was interrupted: its end is a checkpoint of the new key
    if (latest === null || latest.size < keys.current.fromSeq - 1) await firstCheckpoint(store);
    // made, and interrupted before the keychain was told
    else if (kept !== null && latest.size > kept.size) {
      await keepCheckpoint(secrets, chain, { ...latest, head: opened.latestHead });
    }
    await destroyRetired({ chain, rows, secrets, firstKey }, store.latestCheckpoint()?.size ?? 0);
    if (folder.known === null) await secrets.set(folder.workspace, Buffer.from(chain, 'utf8'));
  });
}

/** A KMS that is out of reach keeps nobody from reading; the next record that is written brings the checkpoint. */
async function firstCheckpoint(store: SqliteAuditStore): Promise<void> {
  try {
    await store.checkpoint();
  } catch (error) {
    if (!isKmsError(error)) throw error;
  }
}

/** A chain that was begun, and interrupted before the keychain had its first checkpoint: it has one record, no more. */
function openBegun(rows: SqliteRows, firstKey: string) {
  const { seq, hash } = checkHead(rows, firstKey);
  if (seq > 1)
    throw broken(
      'checkpoint-missing',
      'the keychain no longer has its checkpoint; restore that entry of the keychain if you can',
    );
  return { head: { seq, hash, frontier: loadFrontier(rows, seq) }, latest: null, latestHead: hash };
}

async function secretOf(secrets: OpenAuditStoreOptions['secrets'], name: string, chain: string): Promise<Uint8Array> {
  const secret = await secrets.get(name);
  if (secret !== null) return secret;
  throw missingSecret(name, chain);
}

function missingSecret(name: string, chain: string): CausewayError {
  const text =
    `The keychain has no key for this audit trail (entry "${name}", chain ${chain}). ` +
    'Unlock or restore the keychain of the user who began it, or choose another folder to begin a new trail.';
  return new CausewayError('keychain-unavailable', text, { reason: 'key-missing' });
}
