import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyIdOf } from '#main/audit/keys.ts';
import type { Principal } from '#main/identity/principal.ts';
import { HOUR, type IdentityScene, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
beforeEach(async () => {
  scene = await openScene();
  owner = (await scene.identity.createOwner(OWNER)).principal;
});
afterEach(() => scene.close());

const INPUT = { label: 'Nightly export', scopes: ['trail.read', 'trail.export'] as const, days: 30 };

describe('an API key', () => {
  test('speaks for its owner within its scopes, and is shown once', async () => {
    const { apiKey, key } = await scene.identity.createApiKey(owner, INPUT);
    expect(key).toMatch(/^cwk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
    expect(apiKey).toMatchObject({ label: INPUT.label, owner: owner.id, lastUsedAt: null, revokedAt: null });
    expect(JSON.stringify(scene.identity.apiKeys())).not.toContain(key.slice(-43));
    expect(await scene.identity.verifyApiKey(key)).toEqual({
      type: 'api_key',
      id: apiKey.id,
      human: owner.id,
      name: INPUT.label,
      role: 'owner',
      tenant: 'acme',
      session: apiKey.id,
      device: { id: 'd-000000000001', name: 'test device' },
      scopes: [...INPUT.scopes],
    });
    expect(scene.identity.apiKeys()[0]?.lastUsedAt).toBe(new Date(scene.clock.time).toISOString());
    expect(scene.records('auth.api_key_created')).toMatchObject([
      { data: { apiKey: apiKey.id, scopes: INPUT.scopes } },
    ]);
    for (let n = 0; n < 20; n++) await scene.identity.verifyApiKey(key);
    const uses = () => scene.records('auth.user_signed_in').filter(({ actor }) => actor.type === 'api_key');
    expect(uses()).toMatchObject([{ actor: { id: apiKey.id }, data: { method: 'api-key' } }]);
    scene.clock.time += HOUR;
    await scene.identity.verifyApiKey(key);
    expect(uses()).toHaveLength(2);
    await scene.reopen();
    expect(await scene.identity.verifyApiKey(key)).toMatchObject({ id: apiKey.id });
  });

  /** @securityTest An API key that is wrong, expired, revoked, or whose owner has left, opens nothing */
  test('is refused', async () => {
    const operator = await scene.join(owner, 'operator');
    const { apiKey, key } = await scene.identity.createApiKey(operator.principal, INPUT);
    const verify = (given: string) => refusal(scene.identity.verifyApiKey(given));
    const last = key.at(-2) === 'A' ? 'B' : 'A';
    const wrong = ['', 'cwk_', `${key}x`, key.toUpperCase(), `${key.slice(0, -2)}${last}${key.at(-1)}`];
    for (const given of [...wrong, key.replace(/^cwk_.{12}/, 'cwk_000000000000')]) {
      expect(await verify(given)).toBe('sign-in-required: api-key');
    }
    expect(await verify(key)).toBe('done');
    await scene.identity.setRole(owner, operator.principal.id, 'viewer');
    expect(await scene.identity.verifyApiKey(key)).toMatchObject({ role: 'viewer' });
    scene.clock.time += 30 * 24 * HOUR;
    expect(await verify(key)).toBe('sign-in-required: api-key');
    scene.clock.time -= 24 * HOUR;
    expect(await verify(key)).toBe('done');
    const again = await scene.identity.signIn(OWNER);
    if (again.step !== 'done') throw new Error('no second factor was set up');
    expect(await scene.identity.revokeApiKey(again.principal, apiKey.id)).toMatchObject({
      revokedAt: new Date(scene.clock.time).toISOString(),
    });
    expect(await verify(key)).toBe('sign-in-required: api-key');
    const reasons = scene.records('auth.sign_in_failed').map(({ data }) => data.reason);
    expect(new Set(reasons)).toEqual(new Set(['wrong-key', 'expired', 'revoked']));
  });

  /** @securityTest A key never has more than its owner, and no key makes another */
  test('has no more than its owner', async () => {
    const allowed = (role: string) =>
      role === 'viewer' ? (['trail.read'] as const) : (['trail.read', 'trail.export', 'people.manage'] as const);
    await scene.reopen({ allowed });
    const viewer = await scene.join(owner, 'viewer');
    expect(await refusal(scene.identity.createApiKey(viewer.principal, INPUT))).toBe('denied: scope');
    const operator = await scene.join(owner, 'operator');
    const { key } = await scene.identity.createApiKey(operator.principal, INPUT);
    await scene.identity.setRole(owner, operator.principal.id, 'viewer');
    const principal = await scene.identity.verifyApiKey(key);
    expect(principal).toMatchObject({ role: 'viewer', scopes: ['trail.read'] });
    expect(await refusal(scene.identity.createApiKey(principal, INPUT))).toBe('denied: human-required');
    expect(await refusal(scene.identity.reauthenticate(principal, { method: 'password', password: 'x' }))).toBe(
      'denied: human-required',
    );
    expect(await refusal(scene.identity.invite(principal, { email: 'x@example.test', role: 'viewer' }))).toBe(
      'denied: human-required',
    );
  });

  test.each([
    ['no name', { ...INPUT, label: ' ' }],
    ['no scope', { ...INPUT, scopes: [] }],
    ['a year and a day', { ...INPUT, days: 366 }],
    ['half a day', { ...INPUT, days: 0.5 }],
  ])('with %s is not made', async (_what, input) => {
    expect(await refusal(scene.identity.createApiKey(owner, input))).toBe('bad-input: api-key');
  });

  test('thousands of wrong ones do not fill the trail', async () => {
    const before = scene.store.head().seq;
    for (let n = 0; n < 500; n++) await refusal(scene.identity.verifyApiKey(`cwk_${n}`));
    expect(scene.store.head().seq - before).toBe(101);
  });
});

describe('a device', () => {
  const makeKey = (type: 'ed25519' | 'x25519' = 'ed25519') => {
    const { publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
    return publicKey.export({ format: 'der', type: 'spki' });
  };

  test('is registered by its person, found by its key, and goes with them', async () => {
    const operator = (await scene.join(owner, 'operator')).principal;
    const spki = makeKey();
    const device = await scene.identity.registerDevice(operator, { person: operator.id, label: ' Laptop ', spki });
    expect(device).toMatchObject({
      keyId: keyIdOf(spki),
      person: operator.id,
      label: 'Laptop',
      registeredBy: operator.id,
    });
    expect(scene.identity.devices()).toEqual([device]);
    const found = scene.identity.deviceKey(device.keyId);
    expect(found?.device).toEqual(device);
    expect(Buffer.from(found?.spki ?? '').equals(spki)).toBe(true);
    expect(scene.identity.deviceKey('0000000000000000')).toBeNull();
    expect(scene.records('tenant.configuration_changed').at(-1)).toMatchObject({
      target: { type: 'device', id: device.id },
      data: { setting: 'people.device', old: null, new: `key ${device.keyId} of ${operator.id}` },
    });
    await scene.reopen();
    expect(scene.identity.deviceKey(device.keyId)?.device).toEqual(device);
    await scene.identity.remove(owner, operator.id);
    expect(scene.identity.deviceKey(device.keyId)).toBeNull();
    expect(scene.identity.devices()).toEqual([]);
    await scene.reopen();
    expect(scene.identity.deviceBinding(device.keyId)).toEqual({ person: operator.id, registeredBy: operator.id });
    expect(scene.identity.deviceBinding('0000000000000000')).toBeNull();
  });

  /** @securityTest Nobody registers a device for somebody else, owner or not, nor with an API key */
  test('is registered by nobody but its person', async () => {
    const admin = (await scene.join(owner, 'admin')).principal;
    const operator = (await scene.join(owner, 'operator')).principal;
    const { key } = await scene.identity.createApiKey(owner, INPUT);
    const api = await scene.identity.verifyApiKey(key);
    const register = (by: Principal, person: string) =>
      refusal(scene.identity.registerDevice(by, { person, label: 'Laptop', spki: makeKey() }));
    expect(await register(owner, operator.id)).toBe('denied: own-device');
    expect(await register(admin, operator.id)).toBe('denied: own-device');
    expect(await register(operator, owner.id)).toBe('denied: own-device');
    expect(await register(owner, 'u-000000000000')).toBe('denied: own-device');
    expect(await register(api, owner.id)).toBe('denied: human-required');
    expect(await register({ ...operator, tenant: 'other' }, operator.id)).toBe('denied: tenant');
    expect(scene.identity.devices()).toEqual([]);
    expect(await register(operator, operator.id)).toBe('done');
  });

  /** @securityTest A device key that was one person's is never another's, not even after it was removed or they have left */
  test('is never of two people', async () => {
    const operator = (await scene.join(owner, 'operator')).principal;
    const spki = makeKey();
    const register = (by: Principal) =>
      refusal(scene.identity.registerDevice(by, { person: by.id, label: 'Laptop', spki }));
    expect(await register(operator)).toBe('done');
    expect(await register(owner)).toBe('conflict: device-registered');
    await scene.identity.removeDevice(operator, scene.identity.devices()[0]?.id ?? '');
    expect(await register(owner)).toBe('conflict: device-of-another');
    expect(await register(operator)).toBe('done');
    await scene.identity.remove(owner, operator.id);
    expect(await register(owner)).toBe('conflict: device-of-another');
    await scene.reopen();
    expect(await register(owner)).toBe('conflict: device-of-another');
  });

  /** @securityTest A device key is an Ed25519 key in its only encoding, and an owner's is taken away by an owner or themselves */
  test('is refused', async () => {
    const admin = (await scene.join(owner, 'admin')).principal;
    const spki = makeKey();
    const register = (by: Principal, person: string, key: Uint8Array) =>
      refusal(scene.identity.registerDevice(by, { person, label: 'Laptop', spki: key }));
    expect(await register(owner, owner.id, makeKey('x25519'))).toBe('bad-input: device-key');
    expect(await register(owner, owner.id, Buffer.concat([spki, Buffer.alloc(1)]))).toBe('bad-input: device-key');
    expect(await register(owner, owner.id, Buffer.alloc(44))).toBe('bad-input: device-key');
    expect(await register(owner, owner.id, spki)).toBe('done');
    const [device] = scene.identity.devices();
    expect(await refusal(scene.identity.removeDevice(admin, device?.id ?? ''))).toBe('denied: owner-required');
    await scene.identity.removeDevice(owner, device?.id ?? '');
    expect(await refusal(scene.identity.removeDevice(owner, device?.id ?? ''))).toBe('not-found');
    expect(await register(owner, owner.id, spki)).toBe('done');
  });
});
