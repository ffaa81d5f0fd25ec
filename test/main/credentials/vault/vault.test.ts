import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '#main/credentials/vault/vault.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { findInFolder } from '../../../support/find-in-folder.ts';
import { AGENT, bytes, createVaultRoom, PERSON, textOf } from './vault-room.ts';

const VALUE = 'canary-secret-of-the-vault-4711';
const NAME = 'Token of Placeholder Person';
const read = (vault: Vault, id: string) => vault.use(id, 'notify', AGENT, async (value) => textOf(value));

async function withSecret(vault: Vault, name = NAME, value = VALUE) {
  return vault.store(PERSON, { integration: 'pagerduty', name, value: bytes(value) });
}

test('a secret is stored, listed, used, replaced and removed, and all of it is on record', async () => {
  const room = await createVaultRoom();
  let vault = await room.open();
  expect([vault.list(), vault.key()]).toEqual([[], null]);
  const stored = await withSecret(vault);
  expect(stored).toMatchObject({
    integration: 'pagerduty',
    name: NAME,
    version: 1,
    storedAt: '2026-03-01T12:00:00.000Z',
  });
  expect(stored.id).toMatch(/^sec-[0-9a-f]{12}$/);
  expect(vault.key()).toMatchObject({ kind: 'keychain', id: stored.wrappingKey, remaining: 0 });
  vault = await room.reopen(vault);
  expect(vault.list()).toEqual([stored]);
  expect(await read(vault, stored.id)).toBe(VALUE);
  const replaced = await withSecret(vault, NAME, 'another value');
  expect(replaced).toMatchObject({ id: stored.id, version: 2 });
  const second = await withSecret(vault, 'Another', VALUE);
  expect(await read(vault, stored.id)).toBe('another value');
  await vault.remove(PERSON, stored.id);
  expect(vault.list()).toEqual([second]);
  await expect(read(vault, stored.id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(vault.remove(PERSON, stored.id)).rejects.toMatchObject({ code: 'not-found' });
  expect(room.events).toEqual([
    'credential.secret_stored success',
    'credential.secret_used success',
    'credential.secret_stored success',
    'credential.secret_stored success',
    'credential.secret_used success',
    'credential.secret_deleted success',
  ]);
  expect(room.recorded[0]).toMatchObject({
    actor: { type: 'user', id: PERSON.id },
    device: { id: 'device-1' },
    target: { type: 'secret', id: stored.id },
    data: { secret: stored.id, integration: 'pagerduty', wrappingKey: stored.wrappingKey },
  });
  expect(room.warnings).toEqual([]);
});

/** @securityTest A secret is handed to a function only, after its use was recorded, and its bytes are wiped afterwards */
test('use', async () => {
  const room = await createVaultRoom();
  const asked: unknown[] = [];
  const vault = await room.open({ allow: async (use) => void asked.push(use) });
  const given = bytes(VALUE);
  const { id } = await vault.store(PERSON, { integration: 'pagerduty', name: NAME, value: given });
  expect(textOf(given)).toBe(VALUE); // the caller's own
  const kept: Uint8Array[] = [];
  const result = await vault.use(id, 'notify', AGENT, async (value) => {
    room.events.push(`used ${textOf(value)}`);
    kept.push(value);
    return 7;
  });
  expect(result).toBe(7);
  expect(room.events.slice(1)).toEqual(['credential.secret_used success', `used ${VALUE}`]);
  expect(asked).toEqual([{ secret: id, integration: 'pagerduty', purpose: 'notify', by: AGENT }]);
  await expect(
    vault.use(id, 'notify', AGENT, async (value) => {
      kept.push(value);
      throw new RangeError('of the caller');
    }),
  ).rejects.toThrow(RangeError);
  expect(kept.map((value) => value.every((byte) => byte === 0))).toEqual([true, true]);
});

/** @securityTest A secret whose use is not permitted or cannot be recorded is not opened */
test('use refused', async () => {
  const room = await createVaultRoom();
  let vault = await room.open();
  const { id } = await withSecret(vault);
  const never = () => expect.unreachable('must not be opened');
  room.refused.add('credential.secret_used');
  await expect(vault.use(id, 'notify', AGENT, never)).rejects.toMatchObject({ code: 'audit-unavailable' });
  room.refused.clear();
  const denied = new Error('denied by the test');
  vault = await room.reopen(vault, { allow: () => Promise.reject(denied) });
  await expect(vault.use(id, 'notify', AGENT, never)).rejects.toBe(denied);
  expect(room.events).toEqual(['credential.secret_stored success']);
});

/** @securityTest What cannot be recorded is neither stored nor removed */
test('store and remove refused', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  room.refused.add('credential.secret_stored').add('credential.secret_deleted').add('credential.key_rotated');
  await expect(withSecret(vault)).rejects.toMatchObject({ code: 'audit-unavailable' });
  expect(vault.list()).toEqual([]);
  room.refused.delete('credential.secret_stored');
  const { id } = await withSecret(vault);
  await expect(vault.remove(PERSON, id)).rejects.toMatchObject({ code: 'audit-unavailable' });
  const entries = [...room.secrets.entries.keys()];
  await expect(vault.rotate(PERSON)).rejects.toMatchObject({ code: 'audit-unavailable' });
  expect([...room.secrets.entries.keys()]).toEqual(entries);
  expect(await read(vault, id)).toBe(VALUE);
});

test.each([
  ['an integration that is no word', { integration: 'Pager Duty' }],
  ['no name', { name: ' ' }],
  ['a name too long', { name: 'x'.repeat(201) }],
  ['no value', { value: new Uint8Array() }],
  ['a value too long', { value: new Uint8Array(65_537) }],
])('%s is refused', async (_what, change) => {
  const room = await createVaultRoom();
  const vault = await room.open();
  const input = { integration: 'pagerduty', name: NAME, value: bytes(VALUE), ...change };
  await expect(vault.store(PERSON, input)).rejects.toMatchObject({ code: 'bad-input' });
  expect([vault.list(), room.events]).toEqual([[], []]);
});

/** @securityTest A stored secret opens in its own row, column, version and under its own key only */
test.each([
  ["another's ciphertext", 'UPDATE secret SET ciphertext = (SELECT ciphertext FROM secret s WHERE s.id <> secret.id)'],
  ["another's data key", 'UPDATE secret SET wrapped_key = (SELECT wrapped_key FROM secret s WHERE s.id <> secret.id)'],
  ["another's name", 'UPDATE secret SET name = (SELECT name FROM secret s WHERE s.id <> secret.id)'],
  [
    'the other one as a whole',
    `UPDATE secret SET (name, wrapped_key, ciphertext) =
     (SELECT name, wrapped_key, ciphertext FROM secret s WHERE s.id <> secret.id)`,
  ],
  ['data key and ciphertext exchanged', 'UPDATE secret SET wrapped_key = ciphertext, ciphertext = wrapped_key'],
  ['another integration', "UPDATE secret SET integration = 'slack'"],
  ['another version', 'UPDATE secret SET version = version + 1'],
  ['a shorter ciphertext', "UPDATE secret SET ciphertext = x'00'"],
  [
    'another wrapping key',
    `INSERT INTO wrapping_key SELECT 'wk-0000000000000000', 'retired', created_at, reference FROM wrapping_key;
     UPDATE secret SET wrapping_key = 'wk-0000000000000000'`,
  ],
])('with %s nothing opens', async (_what, sql) => {
  const room = await createVaultRoom();
  let vault = await room.open();
  const { id } = await withSecret(vault);
  await withSecret(vault, 'Another', 'another value');
  await vault.close();
  room.tamper((db) => db.exec(sql));
  vault = await room.open();
  await expect(vault.use(id, 'notify', AGENT, () => expect.unreachable('opened'))).rejects.toMatchObject({
    code: 'audit-broken',
    reason: expect.stringMatching(/^(secret-changed|ciphertext|vault-older)$/),
  });
  expect(room.events.slice(-2)).toEqual(['credential.secret_used success', 'credential.secret_used failure']);
  expect(vault.list()).toHaveLength(2);
});

/** @securityTest A vault of another workspace does not open, and its rows open in no other vault */
test('vaults of two workspaces', async () => {
  const room = await createVaultRoom();
  const [own, other] = [await room.open(), await room.open({ tenant: 'other' })];
  const { id } = await withSecret(own);
  await own.close();
  await other.close();
  room.tamper((db) => {
    db.exec(`ATTACH '${join(room.folder, 'tenants/acme/vault.db')}' AS acme;
      INSERT INTO wrapping_key SELECT * FROM acme.wrapping_key; INSERT INTO secret SELECT * FROM acme.secret;`);
  }, 'other');
  // even with the wrapping key of the one in the keychain of the other
  for (const [name, key] of room.secrets.entries) {
    if (name.startsWith('tenant.acme.vault.wk-')) room.secrets.entries.set(name.replace('acme', 'other'), key);
  }
  const again = await room.open({ tenant: 'other' });
  await expect(read(again, id)).rejects.toMatchObject({ code: 'audit-broken' });
  expect(again.list()[0]?.name).toBeNull();
  const folder = join(room.folder, 'tenants/acme');
  await expect(room.open({ tenant: 'other', folder })).rejects.toMatchObject({ reason: 'vault-key' });
  const fresh = room.open({ tenant: 'third', folder });
  await expect(fresh).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
});

/** @securityTest A vault whose keys are lost says so, and makes no new ones over them */
test('lost keys', async () => {
  const room = await createVaultRoom();
  let vault = await room.open();
  const { id, wrappingKey } = await withSecret(vault);
  const entry = `tenant.acme.vault.${wrappingKey}`;
  const key = room.secrets.entries.get(entry);
  expect(key).toHaveLength(32);
  room.secrets.entries.delete(entry);
  await expect(read(vault, id)).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
  await expect(vault.rotate(PERSON)).rejects.toMatchObject({ code: 'keychain-unavailable' });
  expect(vault.list()).toHaveLength(1);
  room.secrets.entries.set(entry, key ?? new Uint8Array());
  expect(await read(vault, id)).toBe(VALUE);
  vault = await room.reopen(vault); // goes on with the rotation
  expect(await read(vault, id)).toBe(VALUE);
  await vault.close();
  room.secrets.entries.delete('tenant.acme.vault');
  await expect(room.open()).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
});

/** @securityTest Nothing of a vault can be read in its files, not even the names; removed secrets are gone from the log too */
test('files', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  const { id } = await withSecret(vault);
  await read(vault, id);
  expect(findInFolder(room.folder, [VALUE, NAME, 'Placeholder Person'])).toEqual([]);
  const ciphertext: Buffer | undefined = room.tamper((db) =>
    db.prepare<[], Buffer>('SELECT ciphertext FROM secret').pluck().get(),
  );
  await vault.remove(PERSON, id);
  await vault.close();
  expect(findInFolder(room.folder, [VALUE, NAME])).toEqual([]);
  const folder = join(room.folder, 'tenants/acme');
  const rest = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  expect(rest.length).toBeGreaterThan(0);
  expect(ciphertext?.length).toBeGreaterThan(VALUE.length);
  expect(rest.some((file) => file.includes(ciphertext ?? ''))).toBe(false);
});

test('once closed it does nothing more, and closing waits for a use under way', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  const { id } = await withSecret(vault);
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const using = vault.use(id, 'notify', AGENT, async (value) => {
    reached.resolve();
    await goOn.promise;
    return textOf(value);
  });
  await reached.promise;
  let closed = false;
  const closing = vault.close().then(() => {
    closed = true;
  });
  await expect(withSecret(vault)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(read(vault, id)).rejects.toMatchObject({ code: 'cancelled' });
  expect(() => vault.list()).toThrowError(expect.objectContaining({ code: 'cancelled' }));
  expect(closed).toBe(false);
  goOn.resolve();
  expect(await using).toBe(VALUE);
  await closing;
});

test('a proof that is gone from a vault in use is not made anew', async () => {
  const room = await createVaultRoom();
  const vault = await room.open();
  await withSecret(vault);
  await vault.close();
  room.tamper((db) => db.exec('DELETE FROM protection'));
  await expect(room.open()).rejects.toMatchObject({ reason: 'vault-key' });
  const forged = createCipher(Buffer.alloc(32), 'acme').seal(bytes('causeway vault 1'), 'vault/proof');
  room.tamper((db) => db.prepare('INSERT INTO protection VALUES (1, ?)').run(forged));
  await expect(room.open()).rejects.toMatchObject({ reason: 'vault-key' });
});
