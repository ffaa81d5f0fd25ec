import { z } from 'zod';

/** How a KMS key is reached: with the user's own AWS identity, or in the built-in sandbox cloud. */
const KmsAccess = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('aws'),
    /** A profile of the user's AWS configuration; absent: where AWS's tools look. */
    profile: z.string().min(1).max(128).optional(),
    /** Another endpoint than AWS's own of the region, such as a VPC endpoint. */
    endpoint: z
      .url({ protocol: /^https?$/ })
      .max(1024)
      .optional(),
  }),
  z.strictObject({ type: z.literal('sandbox') }),
]);

const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/;

/** Where a signing key in AWS KMS is. Aliases are refused: one that is moved would quietly name another key. */
export const KmsReference = z.strictObject({
  kind: z.literal('kms'),
  keyArn: z.string().regex(KEY_ARN, 'a KMS key is named by its ARN (arn:aws:kms:REGION:ACCOUNT:key/ID)'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'this is not an AWS region'),
  access: KmsAccess,
});
export type KmsReference = z.infer<typeof KmsReference>;

/** What a chain's next key is to be: a new one in the keychain, one in AWS KMS, or a new one in the sandbox's KMS. */
export type KeyChoice = { readonly kind: 'keychain' } | KmsReference | { readonly kind: 'sandbox-kms' };

/** What the keychain keeps of a signing key: the key itself, or only where AWS KMS has it. */
export const KeptKey = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain'), pkcs8: z.base64().max(512) }),
  KmsReference,
]);
export type KeptKey = z.infer<typeof KeptKey>;
