import { randomBytes } from 'node:crypto';
import type { AccountState } from '../account-state.ts';
import { AwsError } from '../http/aws-error.ts';
import { decryptBlob, type EncryptionContext, encryptBlob, keyIdOfBlob } from '../kms/ciphertext.ts';
import type { EncryptionKey } from '../kms/key-store.ts';
import { DecryptInput, EncryptInput, GenerateDataKeyInput, ReEncryptInput } from './kms-input.ts';
import { arnOf, demandAlgorithm, encryptionKey, onKey } from './kms-keys.ts';
import { type AccessNeed, defineOperation, type Operation } from './operation.ts';

const ALGORITHM = 'SYMMETRIC_DEFAULT';

const generateDataKey = defineOperation({
  action: 'kms:GenerateDataKey',
  input: GenerateDataKeyInput,
  access: (input, account) => ({ ...onKey(input, account), context: contextKeys(input.EncryptionContext) }),
  run: (input, { account }) => {
    const key = encryptionKey(account, input.KeyId, 'GenerateDataKey');
    const plain = randomBytes(dataKeySize(input));
    return {
      KeyId: arnOf(key),
      CiphertextBlob: encryptBlob(key, plain, input.EncryptionContext).toString('base64'),
      Plaintext: plain.toString('base64'),
    };
  },
});

const generateDataKeyWithoutPlaintext = defineOperation({
  action: 'kms:GenerateDataKeyWithoutPlaintext',
  input: GenerateDataKeyInput,
  access: (input, account) => ({ ...onKey(input, account), context: contextKeys(input.EncryptionContext) }),
  run: (input, { account }) => {
    const key = encryptionKey(account, input.KeyId, 'GenerateDataKeyWithoutPlaintext');
    const plain = randomBytes(dataKeySize(input));
    return {
      KeyId: arnOf(key),
      CiphertextBlob: encryptBlob(key, plain, input.EncryptionContext).toString('base64'),
    };
  },
});

const encrypt = defineOperation({
  action: 'kms:Encrypt',
  input: EncryptInput,
  access: (input, account) => ({ ...onKey(input, account), context: contextKeys(input.EncryptionContext) }),
  run: (input, { account }) => {
    const key = encryptionKey(account, input.KeyId, 'Encrypt');
    demandAlgorithm(key, input.EncryptionAlgorithm);
    return {
      KeyId: arnOf(key),
      CiphertextBlob: encryptBlob(key, input.Plaintext, input.EncryptionContext).toString('base64'),
      EncryptionAlgorithm: ALGORITHM,
    };
  },
});

const decrypt = defineOperation({
  action: 'kms:Decrypt',
  input: DecryptInput,
  access: (input, account) => ({
    ...onKey({ KeyId: input.KeyId ?? keyInside(input.CiphertextBlob) }, account),
    context: contextKeys(input.EncryptionContext),
  }),
  run: (input, { account }) => {
    const key = keyToOpenWith(account, input.KeyId, input.CiphertextBlob, 'Decrypt');
    demandAlgorithm(key, input.EncryptionAlgorithm);
    return {
      KeyId: arnOf(key),
      Plaintext: opened(key, input.CiphertextBlob, input.EncryptionContext).toString('base64'),
      EncryptionAlgorithm: ALGORITHM,
    };
  },
});

const reEncrypt = defineOperation({
  action: 'kms:ReEncrypt',
  input: ReEncryptInput,
  access: 'by-itself', // two permissions on two keys
  run: (input, { account, demand }) => {
    const source = input.SourceKeyId ?? keyInside(input.CiphertextBlob);
    const from = contextKeys(input.SourceEncryptionContext);
    const to = contextKeys(input.DestinationEncryptionContext);
    for (const arn of onKey({ KeyId: source }, account).resources) demand('kms:ReEncryptFrom', arn, from);
    for (const arn of onKey({ KeyId: input.DestinationKeyId }, account).resources) demand('kms:ReEncryptTo', arn, to);
    const old = keyToOpenWith(account, input.SourceKeyId, input.CiphertextBlob, 'ReEncrypt');
    demandAlgorithm(old, input.SourceEncryptionAlgorithm);
    const key = encryptionKey(account, input.DestinationKeyId, 'ReEncrypt');
    demandAlgorithm(key, input.DestinationEncryptionAlgorithm);
    const plain = opened(old, input.CiphertextBlob, input.SourceEncryptionContext);
    return {
      CiphertextBlob: encryptBlob(key, plain, input.DestinationEncryptionContext).toString('base64'),
      SourceKeyId: arnOf(old),
      KeyId: arnOf(key),
      SourceEncryptionAlgorithm: ALGORITHM,
      DestinationEncryptionAlgorithm: ALGORITHM,
    };
  },
});

/** AWS wants exactly one of the two. */
function dataKeySize({ KeySpec, NumberOfBytes }: Pick<GenerateDataKeyInput, 'KeySpec' | 'NumberOfBytes'>): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  return NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32);
}

function keyInside(blob: Uint8Array): string {
  const id = keyIdOfBlob(blob);
  if (id === undefined) throw new AwsError('InvalidCiphertextException', '');
  return id;
}

/** The key named, or the one the ciphertext says. A ciphertext of another key than the one named is an error of its own. */
function keyToOpenWith(
  account: AccountState,
  keyId: string | undefined,
  blob: Uint8Array,
  operation: string,
): EncryptionKey {
  const inside = keyInside(blob);
  if (keyId !== undefined) {
    const key = encryptionKey(account, keyId, operation);
    if (key.id === inside) return key;
    const text = 'The key ID in the request does not identify a CMK that can perform this operation.';
    throw new AwsError('IncorrectKeyException', text);
  }
  if (account.kmsKeys.find(account.accountId, account.region, inside) === undefined) {
    const text =
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.';
    throw new AwsError('AccessDeniedException', text);
  }
  return encryptionKey(account, inside, operation);
}

function opened(key: EncryptionKey, blob: Uint8Array, context: EncryptionContext): Buffer {
  const plain = decryptBlob(key, blob, context);
  if (plain === undefined) throw new AwsError('InvalidCiphertextException', '');
  return plain;
}

/** As policies see it: one condition key for each name. */
function contextKeys(context: EncryptionContext): NonNullable<AccessNeed['context']> {
  const named = Object.entries(context).map(([name, value]) => [`kms:encryptioncontext:${name.toLowerCase()}`, value]);
  return { ...Object.fromEntries(named), 'kms:encryptionalgorithm': ALGORITHM };
}

export const ENCRYPTION_OPERATIONS: readonly Operation[] = [
  generateDataKey,
  generateDataKeyWithoutPlaintext,
  encrypt,
  decrypt,
  reEncrypt,
];
