import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { AwsError } from '../http/aws-error.ts';
import type { SigningKey } from '../kms/key-store.ts';
import { ENCRYPTION_OPERATIONS } from './kms-encryption.ts';
import { CreateKeyInput, KeyIdInput, ListKeysInput, SignInput, VerifyInput } from './kms-input.ts';
import {
  arnOf,
  demandAlgorithm,
  knownKey,
  metadata,
  onKey,
  SIGNING_ALGORITHMS,
  signingKey,
  usableKey,
} from './kms-keys.ts';
import { defineOperation, type Operation } from './operation.ts';
import { openToken, sealToken } from './page-token.ts';

const USAGES = { ECC_NIST_P256: 'SIGN_VERIFY', SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT' } as const;

const createKey = defineOperation({
  action: 'kms:CreateKey',
  input: CreateKeyInput,
  // a key that does not exist yet has no ARN to permit
  access: () => ({ resources: ['*'] }),
  run: (input, { account, region, now }) => {
    const { KeySpec: keySpec, KeyUsage = 'ENCRYPT_DECRYPT', Description: description } = input;
    if (KeyUsage !== USAGES[keySpec]) {
      throw new AwsError('ValidationException', `KeyUsage ${KeyUsage} is not compatible with KeySpec ${keySpec}.`);
    }
    const { accountId } = account;
    const key = account.kmsKeys.create({ account: accountId, region, description, createdAt: now, keySpec });
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
    if (key.keyUsage !== 'SIGN_VERIFY') {
      throw new AwsError('UnsupportedOperationException', `GetPublicKey is not supported for ${key.keySpec} keys.`);
    }
    return {
      KeyId: arnOf(key),
      PublicKey: publicKeyOf(key).export({ format: 'der', type: 'spki' }).toString('base64'),
      KeySpec: key.keySpec,
      CustomerMasterKeySpec: key.keySpec,
      KeyUsage: key.keyUsage,
      SigningAlgorithms: SIGNING_ALGORITHMS,
    };
  },
});

const signMessage = defineOperation({
  action: 'kms:Sign',
  input: SignInput,
  access: (input, account) => ({ ...onKey(input, account), context: signingContext(input) }),
  run: (input, { account }) => {
    const key = signingKey(account, input.KeyId, 'Sign');
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
    const key = signingKey(account, input.KeyId, 'Verify');
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

function privateKeyOf(key: SigningKey) {
  return createPrivateKey({ key: Buffer.from(key.privateKey, 'base64'), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(key: SigningKey) {
  return createPublicKey(privateKeyOf(key));
}

export const KMS_OPERATIONS: readonly Operation[] = [
  createKey,
  describeKey,
  listKeys,
  getPublicKey,
  signMessage,
  verifyMessage,
  ...ENCRYPTION_OPERATIONS,
];
