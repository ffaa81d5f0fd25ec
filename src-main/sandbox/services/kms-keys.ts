import type { AccountState } from '../account-state.ts';
import { AwsError } from '../http/aws-error.ts';
import type { EncryptionKey, SandboxKey, SigningKey } from '../kms/key-store.ts';

/** What each kind of key here can do. */
export const SIGNING_ALGORITHMS = ['ECDSA_SHA_256'] as const;
const ENCRYPTION_ALGORITHMS = ['SYMMETRIC_DEFAULT'] as const;

export function arnOf({ account, region, id }: Pick<SandboxKey, 'account' | 'region' | 'id'>): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

/** The key's ARN follows from its id whether or not the key exists, so that nobody learns which do by being refused. */
export function onKey({ KeyId }: { readonly KeyId: string }, account: AccountState) {
  const arn = KeyId.startsWith('arn:')
    ? KeyId
    : arnOf({ account: account.accountId, region: account.region, id: KeyId });
  return { resources: [arn] };
}

export function knownKey(account: AccountState, keyId: string): SandboxKey {
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

/** A key that may be used, of whatever kind. @throws AwsError as KMS answers for keys in another state */
export function usableKey(account: AccountState, keyId: string): SandboxKey {
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

export function signingKey(account: AccountState, keyId: string, operation: string): SigningKey {
  const key = usableKey(account, keyId);
  if (key.keyUsage === 'SIGN_VERIFY') return key;
  throw wrongUsage(key, operation);
}

export function encryptionKey(account: AccountState, keyId: string, operation: string): EncryptionKey {
  const key = usableKey(account, keyId);
  if (key.keyUsage === 'ENCRYPT_DECRYPT') return key;
  throw wrongUsage(key, operation);
}

function wrongUsage(key: SandboxKey, operation: string): AwsError {
  const text = `${arnOf(key)} key usage is ${key.keyUsage} which is not valid for ${operation}.`;
  return new AwsError('InvalidKeyUsageException', text);
}

export function demandAlgorithm(key: SandboxKey, algorithm: string): void {
  const able: readonly string[] = key.keyUsage === 'SIGN_VERIFY' ? SIGNING_ALGORITHMS : ENCRYPTION_ALGORITHMS;
  if (able.includes(algorithm)) return;
  throw new AwsError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`,
  );
}

export function metadata({ accountId }: AccountState, key: SandboxKey) {
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
    ...(key.keyUsage === 'SIGN_VERIFY' ? { SigningAlgorithms: SIGNING_ALGORITHMS } : {}),
    ...(key.keyUsage === 'ENCRYPT_DECRYPT' ? { EncryptionAlgorithms: ENCRYPTION_ALGORITHMS } : {}),
    MultiRegion: false,
  };
}
