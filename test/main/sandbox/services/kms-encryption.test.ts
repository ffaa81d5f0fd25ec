import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetPublicKeyCommand,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect, onTestFinished, test } from 'vitest';
import { openSandboxKeys } from '#main/sandbox/kms/key-store.ts';
import { assume, clientsFor, refusal, type Started, startTestSandbox } from '../clients.ts';

const context = { tenant: 'acme', secret: 'sec-1' };

async function makeKey(started: Started): Promise<{ readonly arn: string; readonly id: string }> {
  const { KeyMetadata } = await clientsFor(started).kms.send(new CreateKeyCommand({}));
  return { arn: KeyMetadata?.Arn ?? '', id: KeyMetadata?.KeyId ?? '' };
}

/** A session of a task's role to which these KMS permissions were given. */
async function permitted(started: Started, ...statements: readonly object[]) {
  const { sts } = clientsFor(started);
  const asked = new AssumeRoleCommand({ RoleArn: started.account.revocationRole, RoleSessionName: 'give-permissions' });
  const { Credentials } = await sts.send(asked);
  const { iam } = clientsFor(started, {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const RoleName = started.account.roles['log-analysis'].split('/').at(-1) ?? '';
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'kms', PolicyDocument }));
  return (await assume(started, 'log-analysis')).kms;
}

test('a data key comes in the clear and wrapped, and is unwrapped in its context only', async () => {
  const started = await startTestSandbox();
  const { kms } = clientsFor(started);
  const { arn, id } = await makeKey(started);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
  expect(KeyMetadata).toMatchObject({
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
  });
  expect(KeyMetadata?.SigningAlgorithms).toBeUndefined();
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256', EncryptionContext: context }),
  );
  expect(made.KeyId).toBe(arn);
  expect(made.Plaintext).toHaveLength(32);
  const open = (input: object) =>
    kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: context, ...input }));
  // without naming the key, and with the context in another order
  const opened = await open({ EncryptionContext: { secret: 'sec-1', tenant: 'acme' } });
  expect(opened).toMatchObject({ KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
  expect(opened.Plaintext).toEqual(made.Plaintext);
  expect((await open({ KeyId: arn })).Plaintext).toEqual(made.Plaintext);
  for (const other of [{}, { tenant: 'acme' }, { ...context, secret: 'sec-2' }, { ...context, Tenant: 'acme' }]) {
    expect(await refusal(open({ EncryptionContext: other }))).toBe('InvalidCiphertextException');
  }
  const changed = Buffer.from(made.CiphertextBlob ?? []);
  changed[40] = (changed[40] ?? 0) ^ 1;
  expect(await refusal(open({ CiphertextBlob: changed }))).toBe('InvalidCiphertextException');
  expect(await refusal(open({ CiphertextBlob: Buffer.from('no ciphertext') }))).toBe('InvalidCiphertextException');
  expect(await refusal(open({ CiphertextBlob: Buffer.alloc(6145) }))).toBe('ValidationException');
  const second = await makeKey(started);
  expect(await refusal(open({ KeyId: second.arn }))).toBe('IncorrectKeyException');
  const half = await kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_128' }));
  expect(half.Plaintext).toHaveLength(16);
  const some = await kms.send(new GenerateDataKeyCommand({ KeyId: arn, NumberOfBytes: 7 }));
  expect(some.Plaintext).toHaveLength(7);
});

test('what KMS refuses of symmetric keys, it refuses in its own words', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-kms-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'kms-keys.json');
  const started = await startTestSandbox({}, { kmsKeys: file });
  const { kms } = clientsFor(started);
  const { arn, id } = await makeKey(started);
  const generate = (input: object) =>
    refusal(kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256', ...input })));
  expect(await generate({})).toBe('no error');
  expect(await generate({ NumberOfBytes: 32 })).toBe('ValidationException');
  expect(await generate({ KeySpec: undefined })).toBe('ValidationException');
  expect(await generate({ EncryptionContext: { a: 'x'.repeat(8192) } })).toBe('ValidationException');
  expect(await generate({ KeyId: '00000000-0000-4000-8000-000000000000' })).toBe('NotFoundException');
  expect(await generate({ KeyId: 'alias/none' })).toBe('NotFoundException');
  expect(await refusal(kms.send(new GetPublicKeyCommand({ KeyId: arn })))).toBe('UnsupportedOperationException');
  const sign = new SignCommand({ KeyId: arn, Message: Buffer.from('x'), SigningAlgorithm: 'ECDSA_SHA_256' });
  expect(await refusal(kms.send(sign))).toBe('InvalidKeyUsageException');
  const wrong = new CreateKeyCommand({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'SIGN_VERIFY' });
  expect(await refusal(kms.send(wrong))).toBe('ValidationException');
  const signing = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  expect(await generate({ KeyId: signing.KeyMetadata?.Arn })).toBe('InvalidKeyUsageException');
  const { CiphertextBlob } = await kms.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256' }));
  const foreign = await startTestSandbox();
  const elsewhere = clientsFor(foreign).kms.send(new DecryptCommand({ CiphertextBlob }));
  await expect(elsewhere).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('does not exist in this region'),
  });
  for (const [state, name] of [
    ['Disabled', 'DisabledException'],
    ['PendingDeletion', 'KMSInvalidStateException'],
    ['Enabled', 'no error'],
  ] as const) {
    openSandboxKeys(file).setState(id, state);
    const again = await startTestSandbox({}, { kmsKeys: file }); // keys outlive a restart
    const other = clientsFor(again).kms;
    expect(await refusal(other.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256' })))).toBe(name);
    expect(await refusal(other.send(new DecryptCommand({ CiphertextBlob })))).toBe(name);
  }
});

test('what is encrypted under one key is encrypted anew under another without being seen', async () => {
  const started = await startTestSandbox();
  const [first, second] = [await makeKey(started), await makeKey(started)];
  const kms = await permitted(
    started,
    { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom'], Resource: first.arn },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:ReEncryptTo'], Resource: second.arn },
  );
  const Plaintext = Buffer.from('a text of the test');
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: first.arn, Plaintext, EncryptionContext: context }),
  );
  const moved = await kms.send(
    new ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: context,
      DestinationKeyId: second.arn,
      DestinationEncryptionContext: { tenant: 'acme' },
    }),
  );
  expect(moved).toMatchObject({ SourceKeyId: first.arn, KeyId: second.arn });
  const opened = await kms.send(
    new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { tenant: 'acme' } }),
  );
  expect(Buffer.from(opened.Plaintext ?? []).equals(Plaintext)).toBe(true);
  const back = { CiphertextBlob: moved.CiphertextBlob, SourceEncryptionContext: { tenant: 'acme' } };
  expect(await refusal(kms.send(new ReEncryptCommand({ ...back, DestinationKeyId: first.arn })))).toBe(
    'AccessDeniedException',
  );
  const without = new GenerateDataKeyWithoutPlaintextCommand({ KeyId: first.arn, KeySpec: 'AES_256' });
  expect(await refusal(kms.send(without))).toBe('AccessDeniedException');
});

/** @securityTest A KMS policy that names the encryption context lets nobody decrypt in another one */
test('policies see the encryption context', async () => {
  const started = await startTestSandbox();
  const { arn } = await makeKey(started);
  const kms = await permitted(started, {
    Effect: 'Allow',
    Action: ['kms:GenerateDataKeyWithoutPlaintext', 'kms:Decrypt'],
    Resource: arn,
    Condition: { StringEquals: { 'kms:EncryptionContext:tenant': 'acme' } },
  });
  const generate = (EncryptionContext: Record<string, string>) =>
    kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: arn, KeySpec: 'AES_256', EncryptionContext }));
  const made = await generate(context);
  expect(made).not.toHaveProperty('Plaintext');
  const { CiphertextBlob } = made;
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  expect(opened.Plaintext).toHaveLength(32);
  for (const other of [{}, { tenant: 'other' }]) {
    expect(await refusal(generate(other))).toBe('AccessDeniedException');
    expect(await refusal(kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: other })))).toBe(
      'AccessDeniedException',
    );
  }
});

/** @securityTest No agent's lease can unwrap a data key of the vault */
test('a task of an investigation may not decrypt', async () => {
  const started = await startTestSandbox();
  const { arn } = await makeKey(started);
  const { CiphertextBlob } = await clientsFor(started).kms.send(
    new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256', EncryptionContext: context }),
  );
  for (const kind of ['log-analysis', 'remediation'] as const) {
    const { kms } = await assume(started, kind);
    const call = kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    expect(await refusal(call)).toBe('AccessDeniedException');
  }
});
