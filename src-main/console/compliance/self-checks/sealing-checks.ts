import { hash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { keychainDataKeys } from '#main/credentials/vault/keychain-data-keys.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
import { type KeyPurpose, tenantKey } from '#main/platform/tenant-keys.ts';
import { CausewayError } from '#shared/errors.ts';
import { TenantSlug } from '#shared/model/audit-record.ts';
import type { Parts } from '../../parts.ts';
import { type Found, fails, holds, partial } from './found.ts';
import { inSnapshot, opens, readSealed, type SealedDatabase, wrappingKeyRows } from './sealed-rows.ts';

/** The newest secrets whose data keys are unwrapped: each asks the keychain. */
const MOST_SECRETS = 50;
/** Rows tried with keys they must not open with, of each database. */
const MOST_TRIED = 20;
const MOST_OTHERS = 20;

type Needs = Pick<Parts, 'config' | 'rooms' | 'vault'>;

/**
 * The databases of this workspace as they rest on disk, opened with its keys of the keychain; and the data key of each
 * secret, unwrapped and wiped. No secret is opened: that is done for a use, and put on record.
 */
export async function checkEnvelope(parts: Needs): Promise<Found> {
  const { vault, rooms } = parts;
  const databases = readSealed(rooms.folder);
  const opened = await Promise.all(databases.map((database) => tryOwn(parts, database)));
  const dataKeys = await tryDataKeys(parts);
  const secrets = vault.list();
  const renamed = secrets.filter(({ name }) => name === null).map(({ id }) => id);
  const wrapping = vault.key();
  const looked = { databases: opened, secrets: secrets.length, renamed, dataKeys, wrapping: wrapping?.kind ?? null };
  const closed = opened.filter(({ rows, opened: many }) => many < rows).map(({ file }) => file);
  if (closed.length > 0) {
    return fails(`Not everything in ${closed.join(', ')} opens with the key of this workspace.`, looked);
  }
  if (renamed.length + dataKeys.refused.length > 0) {
    const ids = [...new Set([...renamed, ...dataKeys.refused])].slice(0, 20).join(', ');
    return fails(`Secrets whose name or data key does not open: ${ids}.`, looked);
  }
  if (dataKeys.shared) return fails('Secrets share a data key: each must have its own.', looked);
  if (opened.length === 0 || opened.some(({ rows }) => rows === 0)) {
    return partial('There are databases of this workspace without anything sealed: there is nothing to try.', looked);
  }
  const rows = opened.reduce((sum, one) => sum + one.rows, 0);
  const tried = `${rows} values of ${opened.length} databases open with the keys of this workspace`;
  if (wrapping === null) return partial(`${tried}, but no secret is kept in the vault yet: nothing uses it.`, looked);
  const notTried = secrets.length - dataKeys.unwrapped;
  const rest =
    notTried === 0 ? '' : ` ${notTried} were not unwrapped, as that asks AWS KMS, or as only the newest are.`;
  return holds(
    `${tried}. Of ${secrets.length} secrets the data keys of ${dataKeys.unwrapped} were unwrapped by a wrapping key of this workspace, each its own.${rest}`,
    looked,
  );
}

/** That what this workspace sealed opens with no other workspace's key, and not as another workspace's. */
export async function checkTenants(parts: Needs): Promise<Found> {
  const { config, rooms } = parts;
  const databases = readSealed(rooms.folder);
  const others = await otherTenants(rooms.folder, config.tenant);
  const passed: string[] = [];
  const unknown: string[] = [];
  let tried = 0;
  let keys = 0;
  for (const { file, key, rows } of databases) {
    const own = await tenantKey(config.secrets, config.tenant, key, false);
    const some = rows.slice(0, MOST_TRIED);
    const attempt = (bytes: Uint8Array, scope: string, what: string): void => {
      tried += some.length;
      if (some.some((row) => opens(createCipher(bytes, scope), row))) passed.push(`${file}: ${what}`);
    };
    attempt(own, `${config.tenant}-elsewhere`, 'as of another workspace');
    attempt(randomBytes(32), config.tenant, 'with another key');
    for (const other of others.slice(0, MOST_OTHERS)) {
      const found = await keyOf(parts, other, key);
      if (found === 'unknown') unknown.push(other);
      if (found === 'unknown' || found === 'none') continue;
      keys++;
      attempt(found, config.tenant, `with the key of ${other}`);
      const theirs = createCipher(found, other).seal(Buffer.from('made up'), 'self-check');
      if (opens(createCipher(own, other), { place: 'self-check', sealed: Buffer.from(theirs) })) {
        passed.push(`what ${other} seals, with the key of ${file}`);
      }
    }
  }
  const looked = {
    folder: path.basename(rooms.folder) === config.tenant,
    chain: rooms.store.tenant === config.tenant,
    databases: databases.map(({ file, rows }) => ({ file, rows: rows.length })),
    others: others.length,
    keys,
    tried,
    passed,
    unknown: [...new Set(unknown)],
  };
  if (passed.length > 0) return fails(`Workspaces are not kept apart: ${passed.slice(0, 20).join('; ')}.`, looked);
  if (!looked.folder || !looked.chain) return fails('The folder or the chain is of another workspace.', looked);
  if (tried === 0) return partial('Nothing is sealed here yet, so there is nothing to try.', looked);
  if (unknown.length > 0) {
    return partial(`The keys of ${looked.unknown.join(', ')} could not be read, so it cannot be told.`, looked);
  }
  const beside =
    others.length === 0
      ? 'there is no other workspace on this computer whose keys could be tried'
      : `neither did they with the ${keys} keys of ${Math.min(others.length, MOST_OTHERS)} of ${others.length} other workspaces on this computer`;
  return holds(
    `${databases.length} databases of this workspace were tried as another workspace’s and with a made-up key, and did not open; ${beside}.`,
    looked,
  );
}

async function tryOwn({ config }: Needs, { file, key, rows }: SealedDatabase) {
  const cipher = createCipher(await tenantKey(config.secrets, config.tenant, key, false), config.tenant);
  return { file, rows: rows.length, opened: rows.filter((row) => opens(cipher, row)).length };
}

/** Data keys wrapped in the keychain; those of AWS KMS are only unwrapped for a use. */
async function tryDataKeys({ config, rooms, vault }: Needs) {
  const newest = vault.list().slice(-MOST_SECRETS);
  if (newest.length === 0) return { unwrapped: 0, refused: [], shared: false };
  const cipher = createCipher(await tenantKey(config.secrets, config.tenant, 'vault', false), config.tenant);
  const { references, wrapped } = inSnapshot(rooms.folder, 'vault.db', (db) => ({
    references: wrappingKeyRows(db),
    wrapped: new Map(
      db
        .prepare<[], { id: string; wrapped_key: Buffer }>('SELECT id, wrapped_key FROM secret')
        .all()
        .map((row) => [row.id, row.wrapped_key]),
    ),
  }));
  const kinds = new Map(references.map(({ id, row }) => [id, kindOf(cipher.open(row.sealed, row.place))]));
  const refused: string[] = [];
  const digests: string[] = [];
  for (const { id, wrappingKey } of newest) {
    if (kinds.get(wrappingKey) === 'kms') continue;
    const keys = keychainDataKeys(config.secrets, config.tenant, wrappingKey, systemRandom);
    try {
      const key = await keys.unwrap(id, wrapped.get(id) ?? Buffer.alloc(0), AbortSignal.timeout(1000));
      digests.push(hash('sha256', key, 'hex')); // compared here, and not part of what is kept
      key.fill(0);
    } catch {
      refused.push(id);
    }
  }
  return { unwrapped: digests.length, refused, shared: new Set(digests).size < digests.length };
}

function kindOf(reference: Uint8Array): unknown {
  return (JSON.parse(Buffer.from(reference).toString('utf8')) as { kind?: unknown }).kind;
}

async function otherTenants(folder: string, own: string): Promise<readonly string[]> {
  const found = await readdir(path.dirname(folder), { withFileTypes: true });
  return found
    .filter((entry) => entry.isDirectory() && entry.name !== own && TenantSlug.safeParse(entry.name).success)
    .map(({ name }) => name)
    .sort();
}

async function keyOf({ config }: Needs, tenant: string, purpose: KeyPurpose): Promise<Uint8Array | 'none' | 'unknown'> {
  try {
    return await tenantKey(config.secrets, tenant, purpose, false);
  } catch (error) {
    return error instanceof CausewayError && error.reason === 'key-lost' ? 'none' : 'unknown';
  }
}
