import { z } from 'zod';

/** A key id or key ARN; aliases are not available. */
const KeyId = z.string().min(1).max(2048);
const Blob = z.base64().transform((text) => Buffer.from(text, 'base64'));
/** AWS takes up to 4096 bytes of a message to sign. */
const Message = Blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 4096, '1 to 4096 bytes');
/** Signing a digest that was made elsewhere is not available. */
const MessageType = z.literal('RAW').default('RAW');
/** All of AWS; which of them a key can do is the operation's concern. */
const SigningAlgorithm = z.enum([
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'ECDSA_SHA_256',
  'ECDSA_SHA_384',
  'ECDSA_SHA_512',
  'SM2DSA',
]);

export const CreateKeyInput = z.strictObject({
  KeySpec: z.enum(['ECC_NIST_P256', 'SYMMETRIC_DEFAULT']).default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.enum(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT']).optional(),
  Description: z.string().max(8192).default(''),
  Origin: z.literal('AWS_KMS').optional(),
  MultiRegion: z.literal(false).optional(),
});

export const KeyIdInput = z.strictObject({ KeyId });

export const ListKeysInput = z.strictObject({
  Limit: z.int().min(1).max(1000).default(100),
  Marker: z.string().min(1).max(1024).optional(),
});

export const SignInput = z.strictObject({ KeyId, Message, MessageType, SigningAlgorithm });

export const VerifyInput = z.strictObject({
  KeyId,
  Message,
  MessageType,
  Signature: Blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 6144, '1 to 6144 bytes'),
  SigningAlgorithm,
});

/** At most 8192 characters, names and values together; no context is an empty one. */
const EncryptionContext = z
  .record(z.string().min(1), z.string())
  .refine((context) => Object.entries(context).flat().join('').length <= 8192, 'at most 8192 characters')
  .default({});
/** What a symmetric key can do; the RSA ones are refused by the key. */
const EncryptionAlgorithm = z
  .enum(['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'])
  .default('SYMMETRIC_DEFAULT');
const CiphertextBlob = Blob.refine((bytes) => bytes.length >= 1 && bytes.length <= 6144, '1 to 6144 bytes');

export const GenerateDataKeyInput = z.strictObject({
  KeyId,
  EncryptionContext,
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  NumberOfBytes: z.int().min(1).max(1024).optional(),
});
export type GenerateDataKeyInput = z.infer<typeof GenerateDataKeyInput>;

export const EncryptInput = z.strictObject({
  KeyId,
  Plaintext: Message,
  EncryptionContext,
  EncryptionAlgorithm,
});

export const DecryptInput = z.strictObject({
  KeyId: KeyId.optional(),
  CiphertextBlob,
  EncryptionContext,
  EncryptionAlgorithm,
});

export const ReEncryptInput = z.strictObject({
  CiphertextBlob,
  SourceKeyId: KeyId.optional(),
  SourceEncryptionContext: EncryptionContext,
  SourceEncryptionAlgorithm: EncryptionAlgorithm,
  DestinationKeyId: KeyId,
  DestinationEncryptionContext: EncryptionContext,
  DestinationEncryptionAlgorithm: EncryptionAlgorithm,
});
