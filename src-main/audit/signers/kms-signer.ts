import { CausewayError } from '#shared/errors.ts';
import { keyIdOf, readKey, type VerifyingKey, verifySignature } from '../keys.ts';
import type { Signer } from '../signer.ts';
import { derToP1363 } from './ecdsa-signature.ts';
import type { KmsReference } from './key-reference.ts';
import { explainKmsError, kmsError } from './kms-errors.ts';
import type { KmsKey } from './kms-port.ts';

/** Longest one signature is waited for, retries and all. Writes are refused within 10 seconds. */
export const SIGN_WITHIN_MS = 8_000;

export function describeKms({ keyArn, access }: KmsReference): string {
  return access.type === 'sandbox' ? `sandbox AWS KMS key ${keyArn}` : `AWS KMS key ${keyArn}`;
}

/**
 * Signs with a key in AWS KMS. Whatever it answers is verified here against the public key the chain has introduced, before
 * it is used: a key that was replaced, or a KMS that answers nonsense, cannot get into the chain.
 */
export function kmsSigner(kms: KmsKey, key: VerifyingKey, description: string): KmsSigner {
  let confirmed: Promise<void> | null = null;
  const compare = async (signal: AbortSignal) => {
    const found = await readKmsKey(kms, signal, description);
    if (found.spki.equals(key.spki)) return;
    throw kmsError(
      'wrong-key',
      `The ${description} is not the key that signs this trail (${key.id}), but ${found.id}.`,
    );
  };
  const confirm = async (signal: AbortSignal) => {
    confirmed ??= compare(signal);
    const asked = confirmed;
    try {
      await asked;
    } catch (error) {
      if (confirmed === asked) confirmed = null; // asked again at the next signature
      throw error;
    }
  };
  return {
    alg: 'ES256',
    keyId: key.id,
    spki: key.spki,
    description,
    remote: true,
    confirm: (signal) => bounded(description, signal, confirm),
    sign: (text, signal) =>
      bounded(description, signal, async (within) => {
        await confirm(within);
        const signature = derToP1363(await kms.sign(text, within));
        if (signature === null || !verifySignature(key, text, signature)) {
          throw kmsError('wrong-signature', `AWS KMS answered with something that is no signature by ${description}.`);
        }
        return signature;
      }),
  };
}

export interface KmsSigner extends Signer {
  /** Asks KMS for its public key, once, and compares it. @throws CausewayError `audit-unavailable` */
  confirm(signal?: AbortSignal): Promise<void>;
}

/** The key as KMS has it, when it can sign here. @throws CausewayError `audit-unavailable`, or the SDK's error */
export async function readKmsKey(kms: KmsKey, signal: AbortSignal, description: string): Promise<VerifyingKey> {
  const { spki, keySpec, keyUsage } = await kms.getPublicKey(signal);
  if (keySpec !== 'ECC_NIST_P256' || keyUsage !== 'SIGN_VERIFY') {
    throw kmsError(
      'key-unusable',
      `The ${description} is of kind ${keySpec ?? 'unknown'}, ${keyUsage ?? 'unknown'}; a signing key is ECC_NIST_P256, SIGN_VERIFY.`,
    );
  }
  const key = readKey({ id: keyIdOf(spki), alg: 'ES256', spki: Buffer.from(spki).toString('base64') });
  if (typeof key !== 'string') return key;
  throw kmsError('wrong-key', `AWS KMS answered with something that is no public key (${key}).`);
}

/**
 * Runs a call to KMS and gives it up after `SIGN_WITHIN_MS`, or when the signal says so, also when the call itself does
 * not heed it. An answer that comes later is dropped.
 */
export async function bounded<T>(
  description: string,
  outer: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const giveUp = () => control.abort();
  const timer = setTimeout(giveUp, SIGN_WITHIN_MS);
  outer?.addEventListener('abort', giveUp, { once: true });
  if (outer?.aborted) giveUp();
  const { signal } = control;
  const given = new Promise<never>((_resolve, reject) => {
    const late = () => reject(new CausewayError('cancelled', 'The call was given up.', { reason: 'timeout' }));
    if (signal.aborted) late();
    else signal.addEventListener('abort', late, { once: true });
  });
  try {
    return await Promise.race([given, signal.aborted ? given : call(signal)]);
  } catch (error) {
    throw explainKmsError(error, description, signal.aborted);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', giveUp);
  }
}
