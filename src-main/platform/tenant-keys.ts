import { randomBytes } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import type { SecretStore } from './secret-store.ts';

/** What a workspace's own 32-byte keys in the keychain are for. */
export type KeyPurpose = 'people' | 'workspace' | 'vault' | 'requests' | 'digests' | 'evidence';

const nameOf = (tenant: string, purpose: KeyPurpose) => `tenant.${tenant}.${purpose}`;

/**
 * A workspace's key in the keychain. It is made when `mayCreate` says that nothing was encrypted under it yet.
 * @throws CausewayError `keychain-unavailable`; with reason `key-lost` when it is missing although it was in use, or damaged
 */
export async function tenantKey(
  secrets: SecretStore,
  tenant: string,
  purpose: KeyPurpose,
  mayCreate: boolean,
): Promise<Uint8Array> {
  const name = nameOf(tenant, purpose);
  const kept = await secrets.get(name);
  if (kept?.length === 32) return kept;
  if (kept !== null || !mayCreate) {
    const text = `The keychain does not have the key of the workspace ${tenant} (${purpose}). Restore the keychain entry "${name}"; without it nothing stored under it can be read.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'key-lost' });
  }
  await secrets.set(name, randomBytes(32));
  const written = await secrets.get(name); // what the keychain did not keep would make everything unreadable later
  if (written?.length === 32) return written;
  throw new CausewayError('keychain-unavailable', 'The keychain did not keep a new key. Nothing was stored.', {
    reason: 'key-not-kept',
  });
}
