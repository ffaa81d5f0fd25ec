import { timingSafeEqual } from 'node:crypto';
import type { CausewayError } from '#shared/errors.ts';
import { type DataKeys, wipe } from './data-keys.ts';
import { explainKmsFailure, KMS_WITHIN_MS, kmsFailure } from './kms-failure.ts';
import type { KmsAnswer, KmsEncryptionKey } from './vault-kms.ts';
import { within } from './within.ts';

/** AWS's own limit of a symmetric ciphertext. */
const MOST_WRAPPED = 6144;

/**
 * Data keys wrapped by the tenant's key in AWS KMS, bound by the encryption context to tenant and secret. What KMS
 * answers is checked before it is used: a key that cannot be unwrapped again would lose what it encrypts.
 */
export function kmsDataKeys(
  kms: KmsEncryptionKey,
  keyArn: string,
  tenant: string,
  withinMs: number = KMS_WITHIN_MS,
): DataKeys {
  const bounded = <T>(secret: string, outer: AbortSignal, call: (signal: AbortSignal) => Promise<T>) =>
    within(withinMs, outer, call, (error, timedOut) => explainKmsFailure(error, secret, keyArn, timedOut));
  const decrypt = async (wrapped: Uint8Array, secret: string, signal: AbortSignal) => {
    const plain = checked(await kms.decrypt(wrapped, { tenant, secret }, signal), keyArn);
    if (!signal.aborted) return plain;
    wipe(plain); // given up meanwhile: nobody takes the key any more
    throw signal.reason;
  };
  return {
    generate: (secret, outer) =>
      bounded(secret, outer, async (signal) => {
        const answer = await kms.generateDataKey({ tenant, secret }, signal);
        const plain = checked(answer, keyArn);
        try {
          const wrapped = Buffer.from(answer.wrapped);
          if (wrapped.length === 0 || wrapped.length > MOST_WRAPPED) throw wrongAnswer(keyArn);
          const again = await decrypt(wrapped, secret, signal);
          const same = timingSafeEqual(plain, again);
          wipe(again);
          if (!same) throw wrongAnswer(keyArn);
          signal.throwIfAborted(); // given up meanwhile: nobody takes the key any more
          return { plain, wrapped };
        } catch (error) {
          wipe(plain);
          throw error;
        }
      }),
    unwrap: (secret, wrapped, outer) => bounded(secret, outer, (signal) => decrypt(wrapped, secret, signal)),
  };
}

/** The data key, when the answer is of the key asked and of the right length. The answer's own copy is wiped. */
function checked({ keyId, plain }: KmsAnswer, keyArn: string): Buffer {
  const kept = Buffer.from(plain);
  wipe(plain);
  if (keyId === keyArn && kept.length === 32) return kept;
  wipe(kept);
  throw wrongAnswer(keyArn);
}

function wrongAnswer(keyArn: string): CausewayError {
  const text = `AWS KMS answered with something that is no data key of ${keyArn}. Check which endpoint answers for AWS KMS.`;
  return kmsFailure('cloud-refused', 'wrong-answer', text);
}
