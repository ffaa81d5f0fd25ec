import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { readKey, type VerifyingKey } from '../keys.ts';
import { firstKeyName, keptKeyName, signingKeyName } from '../secret-names.ts';
import { ed25519Signer, type Signer } from '../signer.ts';
import { KeptKey } from './key-reference.ts';
import { isKmsError } from './kms-errors.ts';
import type { KmsDirectory } from './kms-port.ts';
import { describeKms, type KmsSigner, kmsSigner } from './kms-signer.ts';

/**
 * Id of the key the chain began with, as the keychain has it; null when it has nothing of this chain. Chains begun
 * before the entry existed have their first key itself in the keychain.
 */
export async function recallFirstKey(secrets: SecretStore, chain: string): Promise<string | null> {
  const pkcs8 = await secrets.get(signingKeyName(chain));
  if (pkcs8 !== null) return ed25519Signer(pkcs8, '').keyId;
  const kept = await secrets.get(firstKeyName(chain));
  return kept === null ? null : Buffer.from(kept).toString('utf8');
}

/** Kept before the chain's first record, and by the first rotation of a chain that has it not. */
export async function keepFirstKey(secrets: SecretStore, chain: string, keyId: string): Promise<void> {
  await secrets.set(firstKeyName(chain), Buffer.from(keyId, 'utf8'));
}

export async function keepKey(secrets: SecretStore, chain: string, keyId: string, kept: KeptKey): Promise<void> {
  await secrets.set(keptKeyName(chain, keyId), Buffer.from(JSON.stringify(KeptKey.parse(kept)), 'utf8'));
}

/**
 * The signer of a key the chain introduced. A key in AWS KMS is not asked for here: a trail is read although KMS is out
 * of reach; what cannot be signed is not written.
 * @throws CausewayError `keychain-unavailable` (`key-missing`, `key-unreadable`) when the keychain does not have it
 */
async function findSigner(
  { secrets, kms }: { readonly secrets: SecretStore; readonly kms: KmsDirectory | undefined },
  chain: string,
  description: KeyDescription,
): Promise<Signer | KmsSigner> {
  const name = keptKeyName(chain, description.id);
  const kept = await recallKey(secrets, chain, description.id);
  if (kept === null) throw missing(chain, name, description.id);
  if (kept.kind === 'keychain') {
    const signer = ed25519Signer(Buffer.from(kept.pkcs8, 'base64'), secrets.description);
    if (signer.keyId !== description.id) throw unreadable(name, signer.keyId);
    return signer;
  }
  const key = knownKey(description);
  if (key === null || key.alg !== 'ES256') throw unreadable(name, description.alg);
  if (kms === undefined) {
    const text = 'This trail is signed by a key in AWS KMS, and this program was started without a way to AWS.';
    throw new CausewayError('keychain-unavailable', text, { reason: 'no-kms' });
  }
  return kmsSigner(kms.open(kept), key, describeKms(kept));
}

/** Longest that opening waits for AWS KMS to show its public key. */
const OPEN_WITHIN_MS = 2_000;

/**
 * The same, and a key in AWS KMS is asked for its public key: one that is another is refused at once. A KMS that does not
 * answer keeps nobody from reading.
 */
export async function openSigner(
  room: Parameters<typeof findSigner>[0],
  chain: string,
  description: KeyDescription,
): Promise<Signer> {
  const signer = await findSigner(room, chain, description);
  if (!('confirm' in signer)) return signer;
  try {
    await signer.confirm(AbortSignal.timeout(OPEN_WITHIN_MS));
  } catch (error) {
    if (!isKmsError(error) || error.reason === 'kms-wrong-key') throw error;
  }
  return signer;
}

/** What the keychain keeps of a key, or null. @throws CausewayError `keychain-unavailable` when it cannot be read */
export async function recallKey(secrets: SecretStore, chain: string, keyId: string): Promise<KeptKey | null> {
  const name = keptKeyName(chain, keyId);
  const entry = await secrets.get(name);
  if (entry === null) {
    const first = await secrets.get(signingKeyName(chain));
    if (first === null || ed25519Signer(first, '').keyId !== keyId) return null;
    return { kind: 'keychain', pkcs8: Buffer.from(first).toString('base64') };
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(entry).toString('utf8'));
  } catch (cause) {
    throw unreadable(name, cause);
  }
  const kept = KeptKey.safeParse(value);
  if (!kept.success) throw unreadable(name, kept.error);
  return kept.data;
}

/**
 * Destroys what the keychain has of a key that no longer signs. Only after a checkpoint of its successor is durable: until
 * then the rotation could be lost, and with it the trail.
 */
export async function destroyKey(secrets: SecretStore, chain: string, keyId: string): Promise<void> {
  await secrets.delete(keptKeyName(chain, keyId));
  const first = await secrets.get(signingKeyName(chain));
  if (first !== null && ed25519Signer(first, '').keyId === keyId) await secrets.delete(signingKeyName(chain));
}

function knownKey(description: KeyDescription): VerifyingKey | null {
  const key = readKey(description);
  return typeof key === 'string' ? null : key;
}

function missing(chain: string, name: string, keyId: string): CausewayError {
  const text =
    `The keychain has no key for this audit trail (entry "${name}", chain ${chain}, key ${keyId}). ` +
    'Unlock or restore the keychain of the user who began it, or choose another folder to begin a new trail.';
  return new CausewayError('keychain-unavailable', text, { reason: 'key-missing' });
}

function unreadable(name: string, cause: unknown): CausewayError {
  const text = `The signing key in the keychain cannot be read (entry "${name}"). Restore the keychain entry from a backup.`;
  return new CausewayError('keychain-unavailable', text, { cause, reason: 'key-unreadable' });
}
