import { join } from 'node:path';
import { z } from 'zod';
import { SerialQueue } from '#main/audit/serial-queue.ts';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import { actorOf, deviceOf, type Principal } from '#main/identity/principal.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { appendOrRefuse } from '#main/policy/audit-port.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { wipe } from './data-keys.ts';
import { older, openManifest, type VaultManifest } from './manifest.ts';
import { createRotation } from './rotation.ts';
import { createSecretRows, type SecretRows } from './secret-rows.ts';
import { isSealedVault, openVaultDb, type SecretRow, type VaultDb } from './vault-db.ts';
import type { NewSecret, SecretInfo, VaultKeyInfo, VaultOptions } from './vault-terms.ts';
import { createWrappingKeys, type WrappingKeys } from './wrapping-keys.ts';

const MOST_SECRETS = 1000;
const LARGEST_VALUE = 65_536;
const Word = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const Name = z.string().trim().min(1).max(200);

/**
 * Integration secrets, each encrypted under a data key of its own. Nothing is stored, opened, removed or rotated that
 * could not be put on record first. Errors, where not said otherwise: `audit-unavailable`, `keychain-unavailable`
 * (`key-lost`), of AWS KMS `cloud-refused`, `cloud-unreachable` or `rate-limited` (`kms-…`), `audit-broken`
 * (`secret-changed`). After each of them, what was stored before is still there.
 */
export interface Vault {
  /** In the order they were stored; needs neither wrapping key nor network. */
  list(): readonly SecretInfo[];
  /** Null before the first secret. */
  key(): VaultKeyInfo | null;
  /** Stores a secret; one of the same integration and name is replaced under its id. @throws `bad-input`, `conflict` when full */
  store(by: Principal, secret: NewSecret): Promise<SecretInfo>;
  /**
   * Hands a secret to `f`, and to nobody else: the bytes are wiped when `f` has ended, so `f` must not keep or return
   * them. Recorded before it is opened. @throws `not-found`, `denied`, and what `f` throws
   */
  use<T>(id: string, purpose: string, by: Actor, f: (value: Uint8Array) => Promise<T>): Promise<T>;
  /** @throws `not-found` */
  remove(by: Principal, id: string): Promise<void>;
  /**
   * Takes a new wrapping key, of the same kind unless `to` says otherwise, and gives every secret a new data key under
   * it, one after the other. What an interruption leaves under the old key stays usable, and is moved at the next opening
   * or rotation. The old key is deleted when nothing is under it.
   */
  rotate(by: Principal, to?: KeyChoice): Promise<void>;
  /** Waits for what is under way; calls to AWS KMS are given up. */
  close(): Promise<void>;
}

/**
 * Opens (and creates) the vault of a workspace: `vault.db` in its folder. Goes on with a rotation that was cut short, in
 * the background. @throws CausewayError as `openDatabase` and `tenantKey`; `audit-broken` with reason `vault-key`
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { folder, tenant, secrets, kms, kmsWithinMs, clock, random, onWarning } = options;
  const file = join(folder, 'vault.db');
  const cipher = createCipher(await tenantKey(secrets, tenant, 'vault', !isSealedVault(file)), tenant);
  const db = openVaultDb(file, cipher);
  const closing = new AbortController();
  const { signal } = closing;
  const keys = createWrappingKeys({ db, cipher, tenant, secrets, kms, kmsWithinMs, clock, random, signal });
  const rows = createSecretRows({ tenant, cipher, random, keys, signal });
  const warn = (error: unknown, what: string) => {
    if (!signal.aborted) onWarning?.(error, what);
  };
  let manifest: VaultManifest;
  try {
    manifest = await openManifest({ db, cipher, secrets, tenant, warn });
  } catch (error) {
    db.close();
    throw error;
  }
  if (manifest.misfit !== null) warn(manifest.misfit, 'the vault is not as it was left');
  const rotation = createRotation({ db, keys, rows, manifest, warn, audit: options.audit });
  const room: Room = { options, db, keys, rows, manifest, queue: new SerialQueue(), uses: new Set(), signal };
  const inTurn = <T>(work: () => Promise<T>) =>
    room.queue.run(async () => {
      demandOpen(signal);
      return work();
    });
  const removed = inTurn(() => finishRemovals(room));
  removed.catch((error) => warn(error, 'a secret that is on record as removed could not be removed yet'));
  const resumed = inTurn(() => rotation.resume());
  resumed.catch((error) => warn(error, 'the vault could not go on with the change of its key'));
  return {
    list: () => {
      demandOpen(signal);
      return db.secrets().map((row) => infoOf(row, rows));
    },
    key: () => {
      demandOpen(signal);
      const key = keys.current();
      if (key === null) return null;
      const remaining = db.secrets().filter(({ wrapping_key }) => wrapping_key !== key.id).length;
      return { id: key.id, kind: key.kind, label: key.label, since: key.since, remaining };
    },
    store: (by, secret) => inTurn(() => storeSecret(room, by, secret)),
    use: (id, purpose, by, f) => track(room.uses, useSecret(room, id, purpose, by, f)),
    remove: (by, id) => inTurn(() => removeSecret(room, by, id, rotation.sweep)),
    rotate: (by, to) => inTurn(() => rotation.rotate(by, to)),
    close: async () => {
      closing.abort();
      await room.queue.run(async () => undefined);
      await Promise.allSettled(room.uses);
      db.close();
    },
  };
}

interface Room {
  readonly options: VaultOptions;
  readonly db: VaultDb;
  readonly keys: WrappingKeys;
  readonly rows: SecretRows;
  readonly manifest: VaultManifest;
  readonly queue: SerialQueue;
  /** Uses under way: closing waits for them. */
  readonly uses: Set<Promise<unknown>>;
  readonly signal: AbortSignal;
}

function track<T>(running: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  running.add(work);
  const done = () => void running.delete(work);
  work.then(done, done);
  return work;
}

function demandOpen(signal: AbortSignal): void {
  if (signal.aborted) throw new CausewayError('cancelled', 'The vault is closed.', { reason: 'closing' });
}

async function storeSecret(room: Room, by: Principal, input: NewSecret): Promise<SecretInfo> {
  const { options, db, keys, rows, manifest } = room;
  const { integration, name } = checkInput(input);
  const stored = db.secrets();
  const before = stored.find((row) => row.integration === integration && rows.nameOf(row) === name);
  if (before === undefined && stored.length >= MOST_SECRETS) {
    throw new CausewayError('conflict', `The vault holds ${MOST_SECRETS} secrets already. Remove one first.`, {
      reason: 'vault-full',
    });
  }
  const value = Buffer.from(input.value); // as it is now, whatever the caller does with its own meanwhile
  let row: SecretRow;
  try {
    const key = keys.current() ?? (await firstKey(room));
    if (!manifest.isKey(key.id)) throw older(null);
    const id = before?.id ?? `sec-${Buffer.from(options.random.bytes(6)).toString('hex')}`;
    const head = { id, integration, name, version: manifest.versionAfter(before) };
    row = await rows.seal(head, new Date(options.clock.now()).toISOString(), value, key);
  } finally {
    wipe(value);
  }
  const data = { secret: row.id, integration, wrappingKey: keys.get(row.wrapping_key).label };
  const record = { actor: actorOf(by), device: deviceOf(by), target: { type: 'secret', id: row.id }, data } as const;
  const action = 'credential.secret_stored';
  await appendOrRefuse(options.audit, { action, outcome: 'success', ...record }, 'so the secret was not stored');
  try {
    const kept = { version: row.version, state: 'kept' } as const;
    await manifest.change({ secrets: new Map([...manifest.secrets(), [row.id, kept]]) }, () => db.putSecret(row));
    db.forget();
  } catch (error) {
    await options.audit.append({ action, outcome: 'failure', ...record }).catch(() => undefined); // the disk's error is told
    throw error;
  }
  return infoOf(row, rows);
}

async function firstKey({ keys, manifest, options }: Room) {
  const key = await keys.plan(options.beginWith ?? { kind: 'keychain' });
  await manifest.change({ key: key.id }, () => keys.activate(key));
  return key;
}

function checkInput({ integration, name, value }: NewSecret) {
  const refuse = (text: string) => new CausewayError('bad-input', text, { reason: 'secret' });
  const word = Word.safeParse(integration);
  if (!word.success) throw refuse('An integration is named by a word of lower-case letters, digits and hyphens.');
  const called = Name.safeParse(name);
  if (!called.success) throw refuse('A secret needs a name of 1 to 200 characters.');
  if (value.length < 1 || value.length > LARGEST_VALUE) {
    throw refuse(`A secret has 1 to ${LARGEST_VALUE} bytes.`);
  }
  return { integration: word.data, name: called.data };
}

async function useSecret<T>(
  room: Room,
  id: string,
  purpose: string,
  by: Actor,
  f: (value: Uint8Array) => Promise<T>,
): Promise<T> {
  const { options, signal } = room;
  demandOpen(signal);
  const { integration } = demandRow(room, id);
  await options.allow?.({ secret: id, integration, purpose, by });
  const record = { actor: by, target: { type: 'secret', id }, data: { secret: id, integration, purpose } } as const;
  const action = 'credential.secret_used';
  await appendOrRefuse(options.audit, { action, outcome: 'success', ...record }, 'so the secret was not opened');
  let value: Buffer;
  try {
    value = await openLatest(room, id);
  } catch (error) {
    // the record above says that it was to be opened; this one that it was not
    await appendOrRefuse(options.audit, { action, outcome: 'failure', ...record }, 'and the secret was not opened');
    throw error;
  }
  try {
    return await f(value);
  } finally {
    wipe(value);
  }
}

/** Once more when a rotation moved the secret to another key while the old one was asked. */
async function openLatest(room: Room, id: string): Promise<Buffer> {
  demandOpen(room.signal);
  const row = demandRow(room, id);
  room.manifest.demandNewest(row);
  try {
    return await room.rows.open(row);
  } catch (error) {
    demandOpen(room.signal);
    const now = room.db.secret(id);
    if (now === undefined || (now.wrapping_key === row.wrapping_key && now.version === row.version)) throw error;
    room.manifest.demandNewest(now);
    return room.rows.open(now);
  }
}

/**
 * Marked first, then on record, then gone: wherever the program ends in between, the next opening finds the mark and goes
 * on, and what is marked is not opened.
 */
async function removeSecret(room: Room, by: Principal, id: string, sweep: () => Promise<void>): Promise<void> {
  const { manifest } = room;
  const { version } = demandRow(room, id);
  const before = manifest.secrets();
  await manifest.change({ secrets: new Map([...before, [id, { version, state: 'removing' }]]) }, () => undefined);
  const who = { actor: actorOf(by), device: deviceOf(by) };
  await deleteMarked(room, id, who, 'removed', () => manifest.change({ secrets: before }, () => undefined));
  await sweep();
}

const VAULT: Actor = { type: 'system', id: 'secret-vault' };

/** Whether the person's own record of it was written before the program ended is not known here; this one says why it is there. */
async function finishRemovals(room: Room): Promise<void> {
  for (const id of room.manifest.removing()) {
    if (room.db.secret(id) !== undefined) await deleteMarked(room, id, { actor: VAULT }, 'removal-finished');
  }
}

async function deleteMarked(
  { options, db, manifest }: Room,
  id: string,
  who: { readonly actor: Actor; readonly device?: ReturnType<typeof deviceOf> },
  reason: string,
  unmark?: () => Promise<void>,
): Promise<void> {
  const integration = db.secret(id)?.integration ?? '';
  const record = { ...who, target: { type: 'secret', id }, data: { secret: id, integration, reason } } as const;
  const action = 'credential.secret_deleted';
  try {
    await appendOrRefuse(options.audit, { action, outcome: 'success', ...record }, 'so the secret was not removed');
  } catch (error) {
    await unmark?.().catch(() => undefined); // the trail's error is told; a mark that stays is followed at the next opening
    throw error;
  }
  try {
    const left = new Map(manifest.secrets());
    left.delete(id);
    await manifest.change({ secrets: left }, () => db.deleteSecret(id));
    db.forget();
  } catch (error) {
    await options.audit.append({ action, outcome: 'failure', ...record }).catch(() => undefined); // the disk's error is told
    throw error;
  }
}

function demandRow({ db }: Room, id: string): SecretRow {
  const row = db.secret(id);
  if (row !== undefined) return row;
  throw new CausewayError('not-found', 'There is no such secret in the vault.', { reason: 'secret' });
}

function infoOf(row: SecretRow, rows: SecretRows): SecretInfo {
  const { id, integration, version, stored_at: storedAt, wrapping_key: wrappingKey } = row;
  return { id, integration, name: rows.nameOf(row), version, storedAt, wrappingKey };
}
