import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyIdOf } from '#main/audit/keys.ts';
import { ownDeviceKey } from '#main/identity/device-key.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

const TEXT = Buffer.from('a text');

describe("a device's key", () => {
  it('is made once, kept in the keychain, and signs as Ed25519 does', async () => {
    const secrets = new MemorySecrets();
    const key = await ownDeviceKey(secrets, 'd-1');
    expect([...secrets.entries.keys()]).toEqual(['device.d-1.key']);
    expect(key.keyId).toBe(keyIdOf(key.spki));
    const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
    expect(publicKey.asymmetricKeyType).toBe('ed25519');
    expect(verify(null, TEXT, publicKey, await key.sign(TEXT))).toBe(true);
    const again = await ownDeviceKey(secrets, 'd-1');
    expect(again.keyId).toBe(key.keyId);
    expect(await again.sign(TEXT)).toEqual(await key.sign(TEXT));
  });

  /** @securityTest Two people at one machine sign with two keys: neither can answer for the other */
  it('is another one for each person, and for each device', async () => {
    const secrets = new MemorySecrets();
    const keys = await Promise.all([
      ownDeviceKey(secrets, 'd-1'),
      ownDeviceKey(secrets, 'd-2'),
      ownDeviceKey(secrets, 'd-1', 'u-aaaaaaaaaaaa'),
      ownDeviceKey(secrets, 'd-1', 'u-bbbbbbbbbbbb'),
    ]);
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(4);
    expect(secrets.entries.has('device.d-1.u-aaaaaaaaaaaa.key')).toBe(true);
  });

  it('is not had without the keychain, nor when the keychain keeps nothing', async () => {
    const secrets = new MemorySecrets();
    secrets.failure = new Error('locked');
    await expect(ownDeviceKey(secrets, 'd-1')).rejects.toThrow('locked');
    const forgetful = new MemorySecrets();
    forgetful.set = async () => undefined;
    await expect(ownDeviceKey(forgetful, 'd-1')).rejects.toMatchObject({ code: 'keychain-unavailable' });
    const damaged = new MemorySecrets();
    await damaged.set('device.d-1.key', Buffer.from('no key'));
    await expect(ownDeviceKey(damaged, 'd-1')).rejects.toMatchObject({ code: 'keychain-unavailable' });
  });
});
