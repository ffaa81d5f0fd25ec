import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';

/** Signs a workspace's session tokens. */
export interface TokenKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** Nobody has a valid token: the key was made just now. */
  readonly fresh: boolean;
}

const nameOf = (tenant: string) => `tenant.${tenant}.token-key`;

/**
 * The workspace's token key from the keychain. Nothing is kept under it, so one that is lost or damaged is replaced; every
 * session then ends. @throws CausewayError `keychain-unavailable`
 */
export async function openTokenKey(secrets: SecretStore, tenant: string): Promise<TokenKey> {
  const kept = readKey(await secrets.get(nameOf(tenant)));
  if (kept !== null) return { ...kept, fresh: false };
  const { privateKey } = generateKeyPairSync('ed25519');
  await secrets.set(nameOf(tenant), privateKey.export({ format: 'der', type: 'pkcs8' }));
  const written = readKey(await secrets.get(nameOf(tenant)));
  if (written !== null) return { ...written, fresh: true };
  throw new CausewayError('keychain-unavailable', 'The keychain did not keep a new key. Nobody can sign in.', {
    reason: 'key-not-kept',
  });
}

function readKey(der: Uint8Array | null): Pick<TokenKey, 'privateKey' | 'publicKey'> | null {
  if (der === null) return null;
  try {
    const privateKey = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
    if (privateKey.asymmetricKeyType !== 'ed25519') return null;
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch {
    return null; // damaged: replaced like a lost one
  }
}
