import { createCipher } from '#main/platform/cipher.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { type DataKeys, wipe } from './data-keys.ts';
import { secretChanged } from './envelope.ts';

/** The keychain's entry of one wrapping key. */
const entryOf = (tenant: string, key: string) => `tenant.${tenant}.vault.${key}`;

/** Makes a wrapping key in the keychain, and reads it back: one that was not kept would lose what it wraps. */
export async function createKeychainKey(
  secrets: SecretStore,
  tenant: string,
  key: string,
  random: Random,
): Promise<void> {
  const made = random.bytes(32);
  await secrets.set(entryOf(tenant, key), made);
  const kept = await secrets.get(entryOf(tenant, key));
  const same = kept !== null && Buffer.from(kept).equals(made);
  wipe(made);
  if (same) return;
  throw new CausewayError('keychain-unavailable', 'The keychain did not keep a new key. Nothing was stored.', {
    reason: 'key-not-kept',
  });
}

export async function deleteKeychainKey(secrets: SecretStore, tenant: string, key: string): Promise<void> {
  await secrets.delete(entryOf(tenant, key));
}

/** Data keys wrapped by a key in the keychain: works offline. */
export function keychainDataKeys(secrets: SecretStore, tenant: string, key: string, random: Random): DataKeys {
  const withCipher = async <T>(work: (cipher: ReturnType<typeof createCipher>) => T): Promise<T> => {
    const bytes = await secrets.get(entryOf(tenant, key));
    if (bytes?.length !== 32) {
      const text = `The keychain does not have the key that wraps this secret. Restore the keychain entry "${entryOf(tenant, key)}", or remove the secret and store it anew.`;
      throw new CausewayError('keychain-unavailable', text, { reason: 'key-lost' });
    }
    try {
      return work(createCipher(bytes, tenant));
    } finally {
      wipe(bytes);
    }
  };
  const place = (secret: string) => JSON.stringify(['vault', 'data key', key, secret]);
  return {
    generate: (secret) =>
      withCipher((cipher) => {
        const plain = Buffer.from(random.bytes(32));
        return { plain, wrapped: Buffer.from(cipher.seal(plain, place(secret))) };
      }),
    unwrap: (secret, wrapped) =>
      withCipher((cipher) => {
        try {
          const plain = cipher.open(wrapped, place(secret));
          return Buffer.from(plain.buffer, plain.byteOffset, plain.length); // no copy: what is wiped is the only one
        } catch {
          throw secretChanged(secret);
        }
      }),
  };
}
