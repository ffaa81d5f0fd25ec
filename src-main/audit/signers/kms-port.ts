import type { KmsReference } from './key-reference.ts';

/** One asymmetric key in AWS KMS. Both calls reject with the AWS SDK's errors, and end early when the signal says so. */
export interface KmsKey {
  getPublicKey(signal: AbortSignal): Promise<KmsPublicKey>;
  /** ECDSA with SHA-256 over the text; ASN.1 DER. */
  sign(text: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

export interface KmsPublicKey {
  /** SubjectPublicKeyInfo DER. */
  readonly spki: Uint8Array;
  readonly keySpec: string | undefined;
  readonly keyUsage: string | undefined;
}

/** The way to AWS KMS, for keys of real accounts and of the sandbox. */
export interface KmsDirectory {
  /** Nothing is asked yet: a key that cannot be reached shows at its first use. */
  open(reference: KmsReference): KmsKey;
  /** A new signing key in the sandbox's KMS. @throws CausewayError `audit-unavailable` where there is no sandbox */
  createSandboxKey(signal: AbortSignal): Promise<KmsReference>;
}
