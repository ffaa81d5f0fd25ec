import { beforeEach, describe, expect, test } from 'vitest';
import type { Vault } from '#main/credentials/vault/vault.ts';
import type { SecretRow, WrappingKeyRow } from '#main/credentials/vault/vault-db.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { AGENT, bytes, createVaultRoom, PERSON, textOf, type VaultRoom } from './vault-room.ts';

const OLDER = { code: 'audit-broken', reason: 'vault-older' };
const ANCHOR = 'tenant.acme.vault-anchor';

let room: VaultRoom;
let vault: Vault;
beforeEach(async () => {
  room = await createVaultRoom();
  vault = await room.open();
});

const store = (value: string, name = 'key') =>
  vault.store(PERSON, { integration: 'pagerduty', name, value: bytes(value) });
const use = (id: string) => vault.use(id, 'notify', AGENT, async (value) => textOf(value));

interface Copy {
  readonly secrets: readonly SecretRow[];
  readonly manifest: Buffer;
}
const copy = () =>
  room.tamper<Copy>((db) => ({
    secrets: db.prepare<[], SecretRow>('SELECT * FROM secret').all(),
    manifest: db.prepare<[], Buffer>('SELECT sealed FROM manifest').pluck().get() ?? Buffer.alloc(0),
  }));
const putBack = ({ secrets, manifest }: Copy, withManifest: boolean) =>
  room.tamper((db) => {
    db.exec('DELETE FROM secret');
    const put = db.prepare<SecretRow>(
      'INSERT INTO secret VALUES (:id, :integration, :version, :wrapping_key, :stored_at, :name, :wrapped_key, :ciphertext)',
    );
    for (const row of secrets) put.run(row);
    if (withManifest) db.prepare('UPDATE manifest SET sealed = ?').run(manifest);
  });
const reopen = async () => {
  vault = await room.reopen(vault);
};

describe('an older state of the vault', () => {
  /** @securityTest A secret that was replaced does not come back with its old row, or with the whole old file */
  test.each([false, true])('of a replaced secret is not opened (with its manifest: %s)', async (withManifest) => {
    const { id } = await store('leaked');
    await vault.close();
    const old = copy();
    await reopen();
    await store('new');
    await vault.close();
    putBack(old, withManifest);
    await reopen();
    expect(room.warnings).toEqual([expect.stringContaining('vault')]);
    await expect(use(id)).rejects.toMatchObject(OLDER);
    expect(room.events.slice(-2)).toEqual(['credential.secret_used success', 'credential.secret_used failure']);
  });

  test('put back while the vault is open is not opened', async () => {
    const { id } = await store('leaked');
    const old = copy();
    await store('new');
    putBack(old, true);
    await expect(use(id)).rejects.toMatchObject(OLDER);
  });

  /** @securityTest A removed secret does not come back */
  test('of a removed secret is not opened', async () => {
    const { id } = await store('leaked');
    const old = copy();
    await vault.remove(PERSON, id);
    await vault.close();
    putBack(old, false);
    await reopen();
    await expect(use(id)).rejects.toMatchObject(OLDER);
    await vault.remove(PERSON, id);
    expect(vault.list()).toEqual([]);
  });

  test('can be left behind: with a new key and the secret stored anew, above every version there was', async () => {
    const { id } = await store('leaked');
    const other = await store('untouched', 'other');
    const old = copy();
    await store('second');
    await vault.close();
    putBack(old, true);
    await reopen();
    await expect(store('third')).rejects.toMatchObject(OLDER);
    await vault.rotate(PERSON);
    await expect(use(id)).rejects.toMatchObject(OLDER);
    expect((await store('third')).version).toBeGreaterThan(2);
    expect(await use(id)).toBe('third');
    await expect(use(other.id)).rejects.toMatchObject(OLDER);
  });

  test('whose manifest was taken away or changed is not opened', async () => {
    const { id } = await store('value');
    await vault.close();
    room.tamper((db) => db.exec('DELETE FROM manifest'));
    await reopen();
    await expect(use(id)).rejects.toMatchObject(OLDER);
  });

  /** @securityTest A key that was given up does not become the current one again */
  test('of the keys moves nothing back to a key that was given up', async () => {
    await store('value');
    const [old] = room.tamper((db) => db.prepare<[], WrappingKeyRow>('SELECT * FROM wrapping_key').all());
    if (old === undefined) throw new Error('There is no key');
    const entry = `tenant.acme.vault.${old.id}`;
    const kept = await room.secrets.get(entry);
    await vault.rotate(PERSON);
    await vault.close();
    await room.secrets.set(entry, kept ?? new Uint8Array()); // somebody else has it
    room.tamper((db) => {
      db.exec("UPDATE wrapping_key SET state = 'retired'");
      db.prepare('INSERT INTO wrapping_key VALUES (:id, :state, :created_at, :reference)').run(old);
    });
    await reopen();
    await expect(store('more', 'other')).rejects.toMatchObject(OLDER);
    expect(copy().secrets.map((row) => row.wrapping_key)).not.toContain(old.id);
  });
});

describe('a vault nobody meddled with', () => {
  test('from before there was a manifest is taken as it is, once', async () => {
    const { id } = await store('value');
    await vault.close();
    room.tamper((db) => db.exec('DELETE FROM manifest'));
    room.secrets.entries.delete(ANCHOR);
    await reopen();
    expect(await use(id)).toBe('value');
    await reopen();
    expect(await use(id)).toBe('value');
    expect(room.warnings).toEqual([]);
  });

  /** A keychain that forgets to take the anchor: as when the program is killed before it. */
  const withoutAnchor = (): SecretStore => ({
    description: 'test',
    durable: true,
    get: (name) => room.secrets.get(name),
    set: (name, value) => (name === ANCHOR ? Promise.reject(new Error('killed')) : room.secrets.set(name, value)),
    delete: (name) => room.secrets.delete(name),
  });

  test('may be one step ahead of the keychain, and no more', async () => {
    const { id } = await store('first');
    vault = await room.reopen(vault, { secrets: withoutAnchor() });
    await store('second');
    await expect(store('third')).rejects.toThrow('killed');
    await reopen();
    expect(await use(id)).toBe('second');
    await store('fourth');
    await reopen();
    expect(await use(id)).toBe('fourth');
  });

  /** @securityTest What is on record as removed is not usable, wherever the program ended */
  test('finishes a removal that was cut short, on record', async () => {
    const { id } = await store('value');
    room.tamper((db) => db.exec("CREATE TRIGGER full BEFORE DELETE ON secret BEGIN SELECT RAISE(ABORT, 'full'); END"));
    await expect(vault.remove(PERSON, id)).rejects.toThrow();
    expect(room.events.slice(-2)).toEqual(['credential.secret_deleted success', 'credential.secret_deleted failure']);
    await expect(use(id)).rejects.toMatchObject(OLDER);
    await vault.close();
    room.tamper((db) => db.exec('DROP TRIGGER full'));
    await reopen();
    await vault.rotate(PERSON).catch(() => undefined); // waits for its turn after the removal
    expect(vault.list()).toEqual([]);
    expect(room.recorded.filter(({ action }) => action === 'credential.secret_deleted').at(-1)).toMatchObject({
      outcome: 'success',
      actor: { type: 'system', id: 'secret-vault' },
      data: { secret: id, reason: 'removal-finished' },
    });
  });

  test('keeps a secret whose removal could not be put on record', async () => {
    const { id } = await store('value');
    room.refused.add('credential.secret_deleted');
    await expect(vault.remove(PERSON, id)).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(await use(id)).toBe('value');
    await reopen();
    expect(await use(id)).toBe('value');
  });
});
