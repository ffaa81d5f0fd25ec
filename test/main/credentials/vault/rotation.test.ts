import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openVault, type Vault } from '#main/credentials/vault/vault.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { HandClock, removeFolder, temporaryFolder } from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import {
  AGENT,
  bytes,
  createKmsVaultRoom,
  createVaultRoom,
  keysIn,
  PERSON,
  SANDBOX_KMS,
  textOf,
} from './vault-room.ts';

const COUNT = 4;
const read = (vault: Vault, id: string) => vault.use(id, 'notify', AGENT, async (value) => textOf(value));

async function fill(vault: Vault): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < COUNT; n++) {
    const { id } = await vault.store(PERSON, { integration: 'slack', name: `Hook ${n}`, value: bytes(`value ${n}`) });
    ids.push(id);
  }
  return ids;
}

async function expectAll(vault: Vault, ids: readonly string[]): Promise<void> {
  const values = [];
  for (const id of ids) values.push(await read(vault, id));
  expect(values).toEqual(ids.map((_id, n) => `value ${n}`));
}

/** @securityTest After a rotation every secret has a new data key under the new key, and the old one is gone */
test('rotation in the keychain', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  await expect(vault.rotate(PERSON)).rejects.toMatchObject({ code: 'conflict', reason: 'vault-empty' });
  const ids = await fill(vault);
  const rows = () => room.tamper((db) => db.prepare('SELECT wrapped_key, ciphertext FROM secret').raw().all().flat());
  const [before, old] = [rows(), vault.key()];
  const listed = vault.list();
  await vault.rotate(PERSON);
  const now = vault.key();
  expect(now).toMatchObject({ kind: 'keychain', remaining: 0 });
  expect(now?.id).not.toBe(old?.id);
  expect(vault.list()).toEqual(listed.map((info) => ({ ...info, wrappingKey: now?.id })));
  for (const cell of rows()) expect(before).not.toContainEqual(cell);
  expect(keysIn(room.secrets)).toEqual(['tenant.acme.vault', `tenant.acme.vault.${now?.id}`]);
  await expectAll(vault, ids);
  expect(room.recorded.find(({ action }) => action === 'credential.key_rotated')).toMatchObject({
    outcome: 'success',
    target: { type: 'vault-key', id: now?.id },
    data: { purpose: 'data-encryption', oldKey: old?.id, reason: 'renewed' },
  });
});

test('from the keychain to AWS KMS, there again, and back', async () => {
  const room = await createKmsVaultRoom();
  let vault = await room.open({ kms: room.kms });
  const ids = await fill(vault);
  await vault.rotate(PERSON, SANDBOX_KMS);
  const first = vault.key();
  expect(first).toMatchObject({ kind: 'kms', remaining: 0 });
  expect(keysIn(room.secrets)).toEqual(['tenant.acme.vault']);
  await expectAll(vault, ids);
  await vault.rotate(PERSON); // new data keys under the same key in AWS
  expect(vault.key()?.label).toBe(first?.label);
  expect(vault.key()?.id).not.toBe(first?.id);
  vault = await room.reopen(vault, { kms: room.kms });
  await expectAll(vault, ids);
  await vault.rotate(PERSON, { kind: 'keychain' });
  vault = await room.reopen(vault); // KMS is needed no more
  await expectAll(vault, ids);
  expect(room.tamper((db) => db.prepare('SELECT count(*) FROM wrapping_key').pluck().get())).toBe(1);
  const reasons = room.recorded.flatMap(({ data }) => ('purpose' in data && 'reason' in data ? [data.reason] : []));
  expect(reasons).toEqual(['moved-to-kms', 'renewed', 'moved-to-keychain']);
  expect(room.warnings).toEqual([]);
});

/** @securityTest A KMS that fails in the middle of a rotation loses no secret, and the rotation is finished later */
test.each([0, 1, 2, 3])('KMS fails after %i secrets were moved', async (moved) => {
  const room = await createKmsVaultRoom();
  let vault = await room.open({ kms: room.kms });
  const ids = await fill(vault);
  const old = vault.key()?.id;
  // the probe passes, and so do the first secrets
  Object.assign(room.proxy, { fault: 'denied', only: 'GenerateDataKey', passing: 1 + moved });
  await expect(vault.rotate(PERSON, SANDBOX_KMS)).rejects.toMatchObject({
    code: 'cloud-refused',
    reason: 'rotation-unfinished',
  });
  expect(vault.key()).toMatchObject({ kind: 'kms', remaining: COUNT - moved });
  expect(keysIn(room.secrets)).toContain(`tenant.acme.vault.${old}`);
  await expectAll(vault, ids);
  vault = await room.reopen(vault, { kms: room.kms }); // still denied
  await expect.poll(() => room.warnings.length).toBe(1);
  await expectAll(vault, ids);
  room.proxy.fault = 'none';
  vault = await room.reopen(vault, { kms: room.kms });
  await expect.poll(() => vault.key()?.remaining).toBe(0);
  await expect.poll(() => keysIn(room.secrets)).toEqual(['tenant.acme.vault']);
  await expectAll(vault, ids);
});

test('a KMS that hangs is waited for once, not for each secret; one that was changed keeps no other from being moved', async () => {
  const room = await createKmsVaultRoom();
  let vault = await room.open({ kms: room.kms, kmsWithinMs: 600 });
  const ids = await fill(vault);
  const { seen } = room.proxy;
  Object.assign(room.proxy, { fault: 'hang', only: 'GenerateDataKey', passing: 1 });
  await expect(vault.rotate(PERSON, SANDBOX_KMS)).rejects.toMatchObject({ reason: 'rotation-unfinished' });
  expect(seen.get('GenerateDataKey')).toBe(2); // the probe, and the first secret
  expect(vault.key()?.remaining).toBe(COUNT);
  room.proxy.fault = 'none';
  await vault.close();
  room.tamper((db) => db.prepare("UPDATE secret SET ciphertext = x'00' WHERE id = ?").run(ids[0]));
  vault = await room.open({ kms: room.kms });
  await expect.poll(() => vault.key()?.remaining, { timeout: 5_000 }).toBe(1);
  await expect(read(vault, ids[0] ?? '')).rejects.toMatchObject({ reason: 'secret-changed' });
  expect(await read(vault, ids[1] ?? '')).toBe('value 1');
});

/** Copies disk and keychain as they are before each step of the keychain: what a program killed there leaves. */
function photographed(secrets: MemorySecrets, photograph: () => void): SecretStore {
  return {
    description: 'test',
    durable: false,
    get: (name) => {
      photograph();
      return secrets.get(name);
    },
    set: (name, secret) => {
      photograph();
      return secrets.set(name, secret);
    },
    delete: (name) => {
      photograph();
      return secrets.delete(name);
    },
  };
}

/** @securityTest A program killed at any step of a rotation leaves every secret readable, and no key that nothing uses */
test('killed at any step', { timeout: 60_000 }, async () => {
  const room = await createVaultRoom();
  let vault = await room.open();
  const ids = await fill(vault);
  const pictures: { readonly folder: string; readonly entries: ReadonlyMap<string, Uint8Array> }[] = [];
  const base = temporaryFolder();
  onTestFinished(() => removeFolder(base));
  let counting = false;
  const secrets = photographed(room.secrets, () => {
    if (!counting) return;
    const folder = join(base, String(pictures.length));
    cpSync(join(room.folder, 'tenants/acme'), folder, { recursive: true });
    pictures.push({ folder, entries: new Map(room.secrets.entries) });
  });
  vault = await room.reopen(vault, { secrets });
  counting = true;
  await vault.rotate(PERSON);
  counting = false;
  expect(pictures.length).toBeGreaterThan(2 * COUNT);
  for (const { folder, entries } of pictures) {
    const kept = new MemorySecrets();
    for (const [name, key] of entries) kept.entries.set(name, key);
    const warnings: unknown[] = [];
    const again = await openVault({
      folder,
      tenant: 'acme',
      secrets: kept,
      clock: new HandClock(),
      random: systemRandom,
      audit: room.store,
      onWarning: (error) => warnings.push(error),
    });
    await expect.poll(() => again.key()?.remaining).toBe(0);
    await expect.poll(() => keysIn(kept).sort()).toEqual(['tenant.acme.vault', `tenant.acme.vault.${again.key()?.id}`]);
    await expectAll(again, ids);
    expect(warnings).toEqual([]);
    await again.close();
  }
});

test('a secret used while it is moved opens all the same', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  const ids = await fill(vault);
  const [first = ''] = ids;
  const results = await Promise.all([
    vault.rotate(PERSON),
    ...Array.from({ length: 20 }, () => read(vault, first)),
    vault.rotate(PERSON),
  ]);
  expect(results.slice(1, -1)).toEqual(Array.from({ length: 20 }, () => 'value 0'));
  await expectAll(vault, ids);
});
