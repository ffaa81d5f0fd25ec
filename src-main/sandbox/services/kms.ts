import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { AccountState } from '../account-state.ts';
import { AwsError } from '../http/aws-error.ts';
import type { SandboxKey } from '../kms/key-store.ts';
import { CreateKeyInput, KeyIdInput, ListKeysInput, SignInput, VerifyInput } from './kms-input.ts';
import { defineOperation, type Operation } from './operation.ts';
import { openToken, sealToken } from './page-token.ts';

/** What the one kind of key here can do. */
const ALGORITHMS = ['ECDSA_SHA_256'] as const;

const createKey = defineOperation({
  action: 'kms:CreateKey',
  input: CreateKeyInput,
  // a key that does not exist yet has no ARN to permit
  access: () => ({ resources: ['*'] }),
  run: (input, { account, region, now }) => {
    if (input.KeyUsage !== 'SIGN_VERIFY') {
      throw new AwsError('ValidationException', `The operation is not available for KeyUsage ${input.KeyUsage}.`);
    }
    const { accountId } = account;
    const key = account.kmsKeys.create({ account: accountId, region, description: input.Description, createdAt: now });
    return { KeyMetadata: metadata(account, key) };
  },
});

const describeKey = defineOperation({
  action: 'kms:DescribeKey',
  input: KeyIdInput,
  access: onKey,
  run: (input, { account }) => ({ KeyMetadata: metadata(account, knownKey(account, input.KeyId)) }),
});

const listKeys = defineOperation({
  action: 'kms:ListKeys',
  input: ListKeysInput,
  access: () => ({ resources: ['*'] }),
  run: (input, { account, region }) => {
    const scope = `kms ${account.accountId} ${region}`;
    const position = input.Marker === undefined ? [0] : openToken(scope, input.Marker);
    if (position === undefined) throw new AwsError('InvalidMarkerException', 'The marker is not valid.');
    const [begin = 0] = position;
    const all = account.kmsKeys.list(account.accountId, region);
    const end = begin + input.Limit;
    return {
      Keys: all.slice(begin, end).map((key) => ({ KeyId: key.id, KeyArn: arnOf(key) })),
      Truncated: end < all.length,
      ...(end < all.length ? { NextMarker: sealToken(scope, [end]) } : {}),
    };
  },
});

const getPublicKey = defineOperation({
  action: 'kms:GetPublicKey',
  input: KeyIdInput,
  access: onKey,
  run: (input, { account }) => {
    const key = usableKey(account, input.KeyId);
    return {
      KeyId: arnOf(key),
      PublicKey: publicKeyOf(key).export({ format: 'der', type: 'spki' }).toString('base64'),
      KeySpec: key.keySpec,
      CustomerMasterKeySpec: key.keySpec,
      KeyUsage: key.keyUsage,
      SigningAlgorithms: ALGORITHMS,
    };
  },
});

const signMessage = defineOperation({
  action: 'kms:Sign',
  input: SignInput,
  access: (input, account) => ({ ...onKey(input, account), context: signingContext(input) }),
  run: (input, { account }) => {
    const key = usableKey(account, input.KeyId);
    demandAlgorithm(key, input.SigningAlgorithm);
    const privateKey = privateKeyOf(key);
    const signature = sign('sha256', input.Message, { key: privateKey, dsaEncoding: 'der' });
    return {
      KeyId: arnOf(key),
      Signature: signature.toString('base64'),
      SigningAlgorithm: input.SigningAlgorithm,
    };
  },
});

const verifyMessage = defineOperation({
  action: 'kms:Verify',
  input: VerifyInput,
  access: (input, account) => ({ ...onKey(input, account), context: signingContext(input) }),
  run: (input, { account }) => {
    const key = usableKey(account, input.KeyId);
    demandAlgorithm(key, input.SigningAlgorithm);
    const valid = verify('sha256', input.Message, { key: publicKeyOf(key), dsaEncoding: 'der' }, input.Signature);
    // AWS answers a signature that does not hold with an error, never with SignatureValid false
    if (!valid) throw new AwsError('KMSInvalidSignatureException', '');
    return { KeyId: arnOf(key), SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
  },
});

function signingContext(input: { readonly SigningAlgorithm: string; readonly MessageType: string }) {
  return { 'kms:signingalgorithm': input.SigningAlgorithm, 'kms:messagetype': input.MessageType };
}

function arnOf({ account, region, id }: Pick<SandboxKey, 'account' | 'region' | 'id'>): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

/** The key's ARN follows from its id whether or not the key exists, so that nobody learns which do by being refused. */
function onKey({ KeyId }: { readonly KeyId: string }, account: AccountState) {
  const arn = KeyId.startsWith('arn:')
    ? KeyId
    : arnOf({ account: account.accountId, region: account.region, id: KeyId });
  return { resources: [arn] };
}

function knownKey(account: AccountState, keyId: string): SandboxKey {
  const { accountId, region } = account;
  const prefix = `arn:aws:kms:${region}:${accountId}:key/`;
  const id = keyId.startsWith(prefix) ? keyId.slice(prefix.length) : keyId;
  const key = account.kmsKeys.find(accountId, region, id);
  if (key !== undefined) return key;
  if (keyId.startsWith('alias/') || keyId.includes(':alias/')) {
    throw new AwsError('NotFoundException', `Alias ${keyId} is not found.`);
  }
  const arn = keyId.startsWith('arn:') ? keyId : `${prefix}${keyId}`;
  throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
}

/** What cryptographic operations need. @throws AwsError as KMS answers for keys in another state */
function usableKey(account: AccountState, keyId: string): SandboxKey {
  const key = knownKey(account, keyId);
  switch (key.state) {
    case 'Enabled':
      return key;
    case 'Disabled':
      throw new AwsError('DisabledException', `${arnOf(key)} is disabled.`);
    case 'PendingDeletion':
      throw new AwsError('KMSInvalidStateException', `${arnOf(key)} is pending deletion.`);
  }
}

function demandAlgorithm(key: SandboxKey, algorithm: string): void {
  if (ALGORITHMS.some((known) => known === algorithm)) return;
  throw new AwsError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`,
  );
}

function metadata({ accountId }: AccountState, key: SandboxKey) {
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: arnOf(key),
    CreationDate: key.createdAt / 1000,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.keyUsage,
    KeyState: key.state,
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.keySpec,
    CustomerMasterKeySpec: key.keySpec,
    SigningAlgorithms: ALGORITHMS,
    MultiRegion: false,
  };
}

function privateKeyOf(key: SandboxKey) {
  return createPrivateKey({ key: Buffer.from(key.privateKey, 'base64'), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(key: SandboxKey) {
  return createPublicKey(privateKeyOf(key));
}

export const KMS_OPERATIONS: readonly Operation[] = [
  createKey,
  describeKey,
  listKeys,
  getPublicKey,
  signMessage,
  verifyMessage,
];
