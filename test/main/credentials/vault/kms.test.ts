import { inspect } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Vault } from '#main/credentials/vault/vault.ts';
import { awsVaultKms, type KmsEncryptionKey, type VaultKms } from '#main/credentials/vault/vault-kms.ts';
import { fixedKeys } from '#main/platform/aws-clients.ts';
import { openSandboxKeys } from '#main/sandbox/kms/key-store.ts';
import { startAwsEmulator } from '../../../support/aws-emulator.ts';
import { findInFolder, findInText } from '../../../support/find-in-folder.ts';
import type { KmsFault } from '../../../support/kms-faults.ts';
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

const VALUE = 'canary-secret-of-the-vault-4711';
const NAME = 'Token of Placeholder Person';
const read = (vault: Vault, id: string) => vault.use(id, 'notify', AGENT, async (value) => textOf(value));
const put = (vault: Vault, name = NAME) => vault.store(PERSON, { integration: 'pagerduty', name, value: bytes(VALUE) });

/** A KMS whose keys answer as `change` says. */
function changed(kms: VaultKms, change: (key: KmsEncryptionKey) => Partial<KmsEncryptionKey>): VaultKms {
  return {
    ...kms,
    open: (reference) => {
      const key = kms.open(reference);
      return { ...key, ...change(key) };
    },
  };
}

/** @securityTest A data key is made and unwrapped by AWS KMS for its tenant and secret only */
test('secrets under a key of AWS KMS', async () => {
  const room = await createKmsVaultRoom();
  const contexts: unknown[] = [];
  const kms = changed(room.kms, (key) => ({
    decrypt: (wrapped, context, signal) => {
      contexts.push(context);
      return key.decrypt(wrapped, context, signal);
    },
  }));
  let vault = await room.open({ kms, beginWith: SANDBOX_KMS });
  const { id } = await put(vault);
  const arn = vault.key()?.label ?? '';
  expect(vault.key()).toMatchObject({ kind: 'kms', label: expect.stringMatching(/^arn:aws:kms:/) });
  expect(room.recorded[0]?.data).toEqual({ secret: id, integration: 'pagerduty', wrappingKey: arn });
  expect(keysIn(room.secrets)).toEqual(['tenant.acme.vault']);
  expect(await read(vault, id)).toBe(VALUE);
  expect(contexts.slice(-2)).toEqual([
    { tenant: 'acme', secret: id },
    { tenant: 'acme', secret: id },
  ]);
  expect(Object.fromEntries(room.proxy.seen)).toEqual({ CreateKey: 1, GenerateDataKey: 2, Decrypt: 3 });
  expect(findInFolder(room.folder, [VALUE, NAME])).toEqual([]);
  expect(room.tamper((db) => db.serialize()).includes(arn)).toBe(false);
  // whoever may use the key for another tenant cannot unwrap this one's
  vault = await room.reopen(vault, {
    kms: changed(room.kms, (key) => ({
      decrypt: (wrapped, context, signal) => key.decrypt(wrapped, { ...context, tenant: 'other' }, signal),
    })),
  });
  await expect(read(vault, id)).rejects.toMatchObject({ code: 'audit-broken', reason: 'secret-changed' });
  vault = await room.reopen(vault);
  expect(vault.list()).toHaveLength(1);
  await expect(read(vault, id)).rejects.toMatchObject({ reason: 'kms-not-configured' });
  vault = await room.reopen(vault, { kms: awsVaultKms('1', null) });
  await expect(read(vault, id)).rejects.toMatchObject({ reason: 'kms-no-sandbox' });
});

const FAULTS: readonly (readonly [KmsFault, string, string])[] = [
  ['hang', 'cloud-unreachable', 'kms-timeout'],
  ['cut', 'cloud-unreachable', 'kms-unreachable'],
  ['500', 'cloud-unreachable', 'kms-unreachable'],
  ['throttled', 'rate-limited', 'kms-throttled'],
  ['denied', 'cloud-refused', 'kms-denied'],
  ['garbage', 'cloud-refused', 'kms-wrong-answer'],
];

/** @securityTest A KMS that is slow, denies or is gone loses nothing and stores nothing half */
test.each(FAULTS)('a KMS that answers with %s', { timeout: 30_000 }, async (fault, code, reason) => {
  const room = await createKmsVaultRoom();
  const kmsWithinMs = fault === 'hang' ? 400 : 10_000;
  const options = { kms: room.kms, beginWith: SANDBOX_KMS, kmsWithinMs };
  room.proxy.fault = fault;
  const vault = await room.open(options);
  await expect(put(vault)).rejects.toMatchObject({ code: fault === 'garbage' ? expect.any(String) : code });
  expect([vault.list(), vault.key(), room.events]).toEqual([[], null, []]);
  room.proxy.fault = 'none';
  const { id } = await put(vault);
  room.events.length = 0;
  for (const only of ['GenerateDataKey', 'Decrypt']) {
    Object.assign(room.proxy, { fault, only });
    const error: unknown = await put(vault, 'Another').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, reason });
    expect(findInText(inspect(error, { depth: 9, showHidden: true }), [VALUE, NAME, 'Another'])).toEqual([]);
    await expect(vault.rotate(PERSON)).rejects.toMatchObject({ code, reason });
  }
  expect([vault.list().length, room.events]).toEqual([1, []]);
  await expect(read(vault, id)).rejects.toMatchObject({ code, reason });
  expect(room.events).toEqual(['credential.secret_used success', 'credential.secret_used failure']);
  room.proxy.fault = 'none';
  expect(await read(vault, id)).toBe(VALUE);
  expect(room.tamper((db) => db.prepare('SELECT count(*) FROM wrapping_key').pluck().get())).toBe(1);
});

/** @securityTest What AWS KMS answers is checked before anything is encrypted with it */
test.each<readonly [string, (key: KmsEncryptionKey) => Partial<KmsEncryptionKey>]>([
  [
    'a data key that is not the one in the ciphertext',
    (key) => ({
      generateDataKey: async (context, signal) => ({
        ...(await key.generateDataKey(context, signal)),
        plain: Buffer.alloc(32, 1),
      }),
    }),
  ],
  [
    'a ciphertext of nothing',
    (key) => ({
      generateDataKey: async (context, signal) => ({
        ...(await key.generateDataKey(context, signal)),
        wrapped: new Uint8Array(),
      }),
    }),
  ],
  [
    'a data key that is too short',
    (key) => ({
      generateDataKey: async (context, signal) => ({
        ...(await key.generateDataKey(context, signal)),
        plain: Buffer.alloc(16),
      }),
    }),
  ],
  [
    'another key than the one asked',
    (key) => ({
      generateDataKey: async (context, signal) => ({
        ...(await key.generateDataKey(context, signal)),
        keyId: 'arn:aws:kms:us-east-1:000000000001:key/other',
      }),
    }),
  ],
  [
    'another key when unwrapping',
    (key) => ({
      decrypt: async (wrapped, context, signal) => ({
        ...(await key.decrypt(wrapped, context, signal)),
        keyId: undefined,
      }),
    }),
  ],
])('a KMS that answers with %s is refused', async (_what, change) => {
  const room = await createKmsVaultRoom();
  const vault = await room.open({ kms: changed(room.kms, change), beginWith: SANDBOX_KMS });
  await expect(put(vault)).rejects.toMatchObject({ code: 'cloud-refused', reason: 'kms-wrong-answer' });
  expect([vault.list(), vault.key(), room.events]).toEqual([[], null, []]);
});

test.each([
  ['Disabled', 'DisabledException'],
  ['PendingDeletion', 'KMSInvalidStateException'],
] as const)('a key that is %s is named, and its secrets are still there', async (state, name) => {
  const room = await createKmsVaultRoom();
  let vault = await room.open({ kms: room.kms, beginWith: SANDBOX_KMS });
  const { id } = await put(vault);
  const keys = openSandboxKeys(room.keysFile);
  const keyId = vault.key()?.label.split('/').at(-1) ?? '';
  keys.setState(keyId, state);
  vault = await room.reopen(vault, { kms: await room.restart() });
  await expect(read(vault, id)).rejects.toMatchObject({
    code: 'cloud-refused',
    reason: 'kms-key-unusable',
    message: expect.stringContaining(name),
  });
  keys.setState(keyId, 'Enabled');
  vault = await room.reopen(vault, { kms: await room.restart() });
  expect(await read(vault, id)).toBe(VALUE);
});

/** @securityTest A data key that KMS gave stands in no error, not even beside an answer that cannot be read */
test('errors hold no data key', async () => {
  const room = await createKmsVaultRoom();
  const canary = 'a data key that must not be seen';
  // as the SDK tells of an answer it cannot read
  const unreadable = Object.assign(new SyntaxError(`Unexpected token in "${canary}"`), { $responseBodyText: canary });
  const kms = changed(room.kms, () => ({ decrypt: () => Promise.reject(unreadable) }));
  const vault = await room.open({ kms, beginWith: SANDBOX_KMS });
  const error: unknown = await put(vault).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'cloud-unreachable', reason: 'kms-unreachable' });
  const shown = inspect(error, { depth: 12, showHidden: true, maxStringLength: null });
  expect(shown).toContain('SyntaxError');
  expect(findInText(shown, [canary])).toEqual([]);
});

test('calls pass the hooks, so that they can be recorded', async () => {
  const room = await createKmsVaultRoom();
  const seen: string[] = [];
  const { endpoint } = room.proxy;
  const refusing = awsVaultKms(
    '1',
    { endpoint, region: 'us-east-1', keys: fixedKeys({ accessKeyId: 'AKIAX', secretAccessKey: 'y' }) },
    {
      before: async ({ operation }) => void seen.push(operation),
      after: async (_call, { code }) => void seen.push(code),
    },
  );
  const vault = await room.open({ kms: refusing, beginWith: SANDBOX_KMS });
  await expect(put(vault)).rejects.toMatchObject({ code: 'cloud-refused', reason: 'kms-denied' });
  expect(seen).toEqual(['kms:CreateKey', 'UnrecognizedClientException']);
});

/** @securityTest Closing the vault does not wait for a KMS that hangs */
test('closing gives a call to KMS up', async () => {
  const room = await createKmsVaultRoom();
  const vault = await room.open({ kms: room.kms, beginWith: SANDBOX_KMS });
  const { id } = await put(vault);
  room.proxy.fault = 'hang';
  const reached = room.proxy.seen.get('Decrypt') ?? 0;
  const reading = expect(read(vault, id)).rejects.toMatchObject({ code: 'cancelled' });
  await expect.poll(() => room.proxy.seen.get('Decrypt')).toBe(reached + 1);
  const before = performance.now();
  await vault.close();
  expect(performance.now() - before).toBeLessThan(2_000);
  await reading;
});

test('any AWS KMS does, by its endpoint alone, with the identity the user has in AWS', async () => {
  const cloud = await startAwsEmulator();
  onTestFinished(() => cloud.close());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATESTTESTTESTTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x'.repeat(40));
  onTestFinished(() => void vi.unstubAllEnvs());
  const room = await createVaultRoom();
  const access = { type: 'aws' as const, endpoint: cloud.endpoint };
  const beginWith = { kind: 'kms' as const, keyArn: cloud.keys.wrapping, region: 'us-east-1', access };
  const kms = awsVaultKms('1', null);
  onTestFinished(() => kms.close());
  let vault = await room.open({ kms, beginWith });
  const { id } = await put(vault);
  await vault.rotate(PERSON);
  vault = await room.reopen(vault, { kms });
  expect(await read(vault, id)).toBe(VALUE);
  expect(vault.key()).toMatchObject({ kind: 'kms', label: cloud.keys.wrapping, remaining: 0 });
  const context = { tenant: 'acme', secret: id };
  expect(cloud.asked.at(-1)).toMatchObject({ operation: 'kms:Decrypt', input: { EncryptionContext: context } });
  cloud.trouble.set('kms:Decrypt', 'deny');
  await expect(read(vault, id)).rejects.toMatchObject({ code: 'cloud-refused', reason: 'kms-denied' });
});
