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
  KeySpec: z.literal('ECC_NIST_P256'),
  KeyUsage: z.enum(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT']),
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
