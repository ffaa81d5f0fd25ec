import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import { explainSqliteError } from '#main/platform/sqlite-errors.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { broken, gone } from './broken.ts';
import { keepCheckpoint } from './checkpoint-keeper.ts';
import type { Head } from './commit-batch.ts';
import { DisclosureVault } from './disclosure-vault.ts';
import { HeadKeeper } from './history/head-keeper.ts';
import { newHistory, openHistory } from './history/open-history.ts';
import { describeDifferences, SchemaCheck } from './history/schema-check.ts';
import { WitnessFolders } from './history/witness-folders.ts';
import { recordableTime } from './recordable-time.ts';
import { refuseLink, sameFileCheck } from './same-file.ts';
import { masterKeyName, signingKeyName, workspaceName } from './secret-names.ts';
import { describeKey } from './signer.ts';
import { keepFirstKey, keepKey, recallFirstKey } from './signers/kept-keys.ts';
import { isKmsError } from './signers/kms-errors.ts';
import { destroyRetired, prepareKey } from './signers/rotate-key.ts';
import { SqliteRows } from './sqlite-rows.ts';
import { AUDIT_MIGRATIONS } from './sqlite-schema.ts';
import { SqliteAuditStore } from './sqlite-store.ts';
import type { AuditStore, OpenAuditStoreOptions } from './store.ts';
import { type StoreParts, WHAT } from './store-parts.ts';
import { toStoredRecord } from './stored-record.ts';
import { BrokenTreeError, extendFrontier } from './stored-tree.ts';
import { Frontier } from './tree.ts';

/** Where the store is, and what is known of it before its first record is read. */
interface Place {
  readonly folder: string;
  /** Names under which the keychain has, or is to have, the chain that was begun here. */
  readonly workspaces: readonly string[];
  /** The chain that was begun here, by the keychain. */
  readonly known: string | null;
  readonly schema: SchemaCheck;
  readonly checkSchema: () => void;
  readonly checkFile: () => void;
}

/**
 * Opens the store, or begins a chain in an empty folder. What contradicts the history is found, told and kept from being
 * written upon; what cannot be read, or is not this tenant's, is refused.
 */
export async function openSqliteStore(options: OpenAuditStoreOptions): Promise<AuditStore> {
  const folder = preparedFolder(options.folder);
  const workspaces = workspaceNames(options.folder, folder);
  const known = await knownChain(options.secrets, workspaces);
  const path = join(folder, 'audit.db');
  refuseLink(path);
  if (known !== null && !existsSync(path)) throw gone();
  const db = openDatabase(path, { what: WHAT, migrations: AUDIT_MIGRATIONS });
  try {
    const schema = new SchemaCheck();
    const checkSchema = () => {
      const differences = schema.differences(db);
      if (differences.length > 0) throw broken('schema-changed', describeDifferences(differences));
    };
    const place = { folder, workspaces, known, schema, checkSchema, checkFile: sameFileCheck(path) };
    const rows = readableRows(db, checkSchema);
    if (rows.head() === undefined) {
      if (known !== null) throw gone();
      checkSchema();
      if (options.example !== undefined) db.pragma('synchronous = OFF');
      return await beginChain(options, rows, place);
    }
    if (options.example !== undefined) {
      const text = 'There is a history in this folder, and one that is made up is written to a new folder only.';
      throw new CausewayError('conflict', text, { reason: 'example' });
    }
    return await openChain(options, rows, place);
  } catch (error) {
    db.close();
    throw error instanceof BrokenTreeError
      ? broken('tree-damaged', error.message, error)
      : explainSqliteError(error, WHAT);
  }
}

/** Tables that were changed so that nothing can be read from them are named, rather than what SQLite says of them. */
function readableRows(db: Database, checkSchema: () => void): SqliteRows {
  try {
    return new SqliteRows(db);
  } catch (error) {
    checkSchema();
    throw error;
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

/**
 * By the folder as it was asked for, and as it is: a folder that was exchanged for a link is known by the first, one that
 * was reached by another link by the second.
 */
function workspaceNames(asked: string, real: string): readonly string[] {
  return [...new Set([resolve(asked), real])].map(workspaceName);
}

/** @throws CausewayError `audit-broken` when the folder that was asked for is now another one with another chain */
async function knownChain(secrets: SecretStore, workspaces: readonly string[]): Promise<string | null> {
  const chains = new Set<string>();
  for (const name of workspaces) {
    const started = await secrets.get(name);
    if (started !== null) chains.add(Buffer.from(started).toString('utf8'));
  }
  if (chains.size > 1) throw broken('chain-replaced', 'this folder is now a link to the folder of another chain');
  const [known = null] = chains;
  return known;
}

async function rememberChain(secrets: SecretStore, workspaces: readonly string[], chain: string): Promise<void> {
  for (const name of workspaces) {
    if ((await secrets.get(name)) === null) await secrets.set(name, Buffer.from(chain, 'utf8'));
  }
}

/** Secrets first, then the database, then what tells of it: a crash in between leaves nothing that looks like an attack. */
async function beginChain(options: OpenAuditStoreOptions, rows: SqliteRows, place: Place): Promise<AuditStore> {
  const { tenant, secrets, random, generator, kms, beginWith } = options;
  const { folder, workspaces, schema } = place;
  const chain = random.uuid();
  const { signer, kept } = await prepareKey({ secrets, random, kms }, beginWith ?? { kind: 'keychain' });
  const firstKey = signer.keyId;
  const masterKey = random.bytes(32);
  if (kept.kind === 'keychain') await secrets.set(signingKeyName(chain), Buffer.from(kept.pkcs8, 'base64'));
  else await keepKey(secrets, chain, firstKey, kept);
  await keepFirstKey(secrets, chain, firstKey);
  await secrets.set(masterKeyName(chain), masterKey);
  const reading = { folder, chain, secrets, random, keys: () => [], isSuperseded: () => false, warn: () => undefined };
  const { folders } = await WitnessFolders.load(reading);
  const history = newHistory(options, { chain, folder, rows, firstKey, schema }, { signer, folders, breaks: [] });
  const own = { chain, rows, signer, firstKey, masterKey, history, folders };
  const store = storeOf(options, place, { ...own, head: null, latest: null });
  return finished(store, async () => {
    await store.begin({
      action: 'tenant.created',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      target: { type: 'tenant', id: tenant },
      data: { keys: [describeKey(signer, 1)], generator: { name: generator.name, version: generator.version } },
    });
    await store.checkpoint();
    await rememberChain(secrets, workspaces, chain);
  });
}

type OwnNames = 'chain' | 'rows' | 'signer' | 'firstKey' | 'head' | 'latest' | 'history' | 'folders';

/** What a store is made of, as far as beginning a chain and opening one come to it in their own ways. */
interface OwnParts extends Pick<StoreParts, OwnNames> {
  readonly masterKey: Uint8Array;
}

function storeOf(
  options: OpenAuditStoreOptions,
  { schema, checkSchema, checkFile }: Place,
  { masterKey, ...own }: OwnParts,
): SqliteAuditStore {
  const { tenant, secrets, clock, random, kms, example } = options;
  const vault = new DisclosureVault(own.chain, masterKey, random);
  const headKeeper = newHeadKeeper(options, own.chain);
  const given = {
    tenant,
    secrets,
    clock,
    recordClock: example?.recordClock,
    random,
    kms,
    schema,
    checkSchema,
    checkFile,
  };
  return new SqliteAuditStore({ ...own, ...given, vault, headKeeper });
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

async function openChain(options: OpenAuditStoreOptions, rows: SqliteRows, place: Place): Promise<AuditStore> {
  const { tenant, secrets } = options;
  const { known, schema } = place;
  const first = firstRecord(rows, known);
  const chain = first?.chain ?? known ?? '';
  if (first !== null && first.tenant !== tenant) {
    const text = `This folder holds the audit trail of tenant "${first.tenant}". Choose another folder for "${tenant}".`;
    throw new CausewayError('conflict', text, { reason: 'other-tenant' });
  }
  if (known !== null && known !== chain) {
    throw broken('chain-replaced', 'the database in this folder is of another chain than the one started here');
  }
  const firstKey = await recallFirstKey(secrets, chain);
  if (firstKey === null) throw missingSecret(signingKeyName(chain), chain);
  const masterKey = await secretOf(secrets, masterKeyName(chain), chain);
  const found = await openHistory(options, { chain, folder: place.folder, rows, firstKey, schema });
  const { history, folders, opened, kept, keys, signer } = found;
  const { latest } = opened;
  const head = kept === null && !history.blocked ? begunHead(rows) : opened.head;
  const own = { chain, rows, signer, firstKey, masterKey, history, folders };
  const store = storeOf(options, place, { ...own, head, latest });
  return finished(store, async () => {
    await rememberChain(secrets, place.workspaces, chain);
    if (history.blocked || keys === null) return;
    // also after a rotation that was interrupted: its end is a checkpoint of the new key
    if (latest === null || latest.size < keys.current.fromSeq - 1) await firstCheckpoint(store);
    // made, and interrupted before the keychain was told
    else if (kept !== null && latest.size > kept.size) {
      await keepCheckpoint(secrets, chain, { ...latest, head: opened.latestHead }, rows);
    }
    await destroyRetired({ chain, rows, secrets, firstKey }, store.latestCheckpoint()?.size ?? 0);
    const newest = store.latestCheckpoint();
    if (newest !== null) folders.publish(newest);
  });
}

function newHeadKeeper({ secrets, clock, onWarning }: OpenAuditStoreOptions, chain: string): HeadKeeper {
  const onError = (error: unknown) => onWarning?.(error, 'the keychain was not told of the newest record; it will be');
  return new HeadKeeper({ chain, secrets, now: () => recordableTime(clock), onError });
}

/** null when it is damaged and the keychain says whose chain this is. */
function firstRecord(rows: SqliteRows, known: string | null): AuditRecord | null {
  try {
    const stored = toStoredRecord(rows.bySeq(1));
    if (stored !== null) return stored.record;
  } catch (error) {
    if (known === null) throw error;
    return null;
  }
  if (known === null) throw broken('first-record', 'its first record is missing');
  return null;
}

/** A chain that was begun, and interrupted before the keychain had its first checkpoint: it has one record, no more. */
function begunHead(rows: SqliteRows): Head | null {
  const row = rows.head();
  if (row === undefined) return null;
  const frontier = new Frontier();
  extendFrontier(frontier, rows, row.seq);
  return { seq: row.seq, hash: row.hash.toString('hex'), frontier };
}

/** A KMS that is out of reach keeps nobody from reading; the next record that is written brings the checkpoint. */
async function firstCheckpoint(store: SqliteAuditStore): Promise<void> {
  try {
    await store.checkpoint();
  } catch (error) {
    if (!isKmsError(error)) throw error;
  }
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
