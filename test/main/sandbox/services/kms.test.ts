import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetPublicKeyCommand,
  ListKeysCommand,
  SignCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { expect, onTestFinished, test } from 'vitest';
import { openSandboxKeys } from '#main/sandbox/kms/key-store.ts';
import { assume, clientsFor, refusal, type Started, startTestSandbox } from '../clients.ts';

const Message = Buffer.from('a text that is signed');
const SigningAlgorithm = 'ECDSA_SHA_256';

async function makeKey(started: Started): Promise<{ readonly arn: string; readonly id: string }> {
  const command = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: 'test' });
  const { KeyMetadata } = await clientsFor(started).kms.send(command);
  return { arn: KeyMetadata?.Arn ?? '', id: KeyMetadata?.KeyId ?? '' };
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-kms-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'sandbox', 'kms-keys.json');
}

test('a key is made, described and listed; what it signs holds under its public key', async () => {
  const started = await startTestSandbox();
  const { kms } = clientsFor(started);
  const { arn, id } = await makeKey(started);
  expect(arn).toBe(`arn:aws:kms:${started.account.region}:${started.account.accountId}:key/${id}`);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
  expect(KeyMetadata).toMatchObject({ Arn: arn, KeyState: 'Enabled', KeySpec: 'ECC_NIST_P256', Description: 'test' });
  expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date);
  const shown = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
  expect(shown).toMatchObject({ KeyId: arn, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] });
  const { Signature } = await kms.send(new SignCommand({ KeyId: arn, Message, SigningAlgorithm }));
  const key = createPublicKey({ key: Buffer.from(shown.PublicKey ?? []), format: 'der', type: 'spki' });
  expect(verify('sha256', Message, { key, dsaEncoding: 'der' }, Signature ?? new Uint8Array())).toBe(true);
  const check = (message: Uint8Array) =>
    kms.send(new VerifyCommand({ KeyId: arn, Message: message, Signature, SigningAlgorithm }));
  expect((await check(Message)).SignatureValid).toBe(true);
  expect(await refusal(check(Buffer.from('another')))).toBe('KMSInvalidSignatureException');
  const second = await makeKey(started);
  const page = await kms.send(new ListKeysCommand({ Limit: 1 }));
  expect(page).toMatchObject({ Keys: [{ KeyArn: arn }], Truncated: true });
  const rest = await kms.send(new ListKeysCommand({ Marker: page.NextMarker }));
  expect(rest).toMatchObject({ Keys: [{ KeyArn: second.arn }], Truncated: false });
  expect(await refusal(kms.send(new ListKeysCommand({ Marker: 'made-up' })))).toBe('InvalidMarkerException');
});

test('what KMS refuses, it refuses in its own words', async () => {
  const file = temporary();
  const started = await startTestSandbox({}, { kmsKeys: file });
  const { kms } = clientsFor(started);
  const { arn, id } = await makeKey(started);
  const sign = (input: object) =>
    refusal(kms.send(new SignCommand({ KeyId: arn, Message, SigningAlgorithm, ...input })));
  expect(await sign({})).toBe('no error');
  expect(await sign({ KeyId: '00000000-0000-4000-8000-000000000000' })).toBe('NotFoundException');
  expect(await sign({ KeyId: 'alias/none' })).toBe('NotFoundException');
  expect(await sign({ KeyId: arn.replace('000000000001', '000000000002') })).toBe('NotFoundException');
  expect(await sign({ SigningAlgorithm: 'ECDSA_SHA_384' })).toBe('InvalidKeyUsageException');
  expect(await sign({ SigningAlgorithm: 'none' })).toBe('ValidationException');
  expect(await sign({ Message: Buffer.alloc(4097) })).toBe('ValidationException');
  expect(await sign({ Message: Buffer.alloc(0) })).toBe('ValidationException');
  expect(await sign({ MessageType: 'DIGEST' })).toBe('ValidationException');
  const rsa = new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  expect(await refusal(kms.send(rsa))).toBe('ValidationException');
  for (const [state, name] of [
    ['Disabled', 'DisabledException'],
    ['PendingDeletion', 'KMSInvalidStateException'],
  ] as const) {
    openSandboxKeys(file).setState(id, state);
    const again = await startTestSandbox({}, { kmsKeys: file });
    const other = clientsFor(again).kms;
    expect(await refusal(other.send(new SignCommand({ KeyId: arn, Message, SigningAlgorithm })))).toBe(name);
    expect(await refusal(other.send(new GetPublicKeyCommand({ KeyId: arn })))).toBe(name);
    expect(await refusal(other.send(new DescribeKeyCommand({ KeyId: arn })))).toBe('no error');
  }
});

/** @securityTest No agent's lease can sign with the trail's key */
test('a task of an investigation may not sign, and a wrong secret key signs nothing', async () => {
  const started = await startTestSandbox();
  const { arn } = await makeKey(started);
  const command = () => new SignCommand({ KeyId: arn, Message, SigningAlgorithm });
  const session = await assume(started, 'remediation');
  expect(await refusal(session.kms.send(command()))).toBe('AccessDeniedException');
  const { accessKeyId } = started.account.baseCredentials;
  const thief = clientsFor(started, { accessKeyId, secretAccessKey: 'x'.repeat(40) });
  expect(await refusal(thief.kms.send(command()))).toBe('InvalidSignatureException');
});

test('keys survive a restart in a file only its owner reads, and a damaged file is refused', async () => {
  const file = temporary();
  const started = await startTestSandbox({}, { kmsKeys: file });
  const { arn } = await makeKey(started);
  const before = await clientsFor(started).kms.send(new GetPublicKeyCommand({ KeyId: arn }));
  await started.sandbox.close();
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain('sandbox');
  expect(existsSync(`${file}.partial`)).toBe(false);
  const later = await startTestSandbox({}, { kmsKeys: file });
  const after = await clientsFor(later).kms.send(new GetPublicKeyCommand({ KeyId: arn }));
  expect(after.PublicKey).toEqual(before.PublicKey);
  writeFileSync(file, '{"keys":[]}');
  await expect(startTestSandbox({}, { kmsKeys: file })).rejects.toMatchObject({ code: 'bad-input' });
});
