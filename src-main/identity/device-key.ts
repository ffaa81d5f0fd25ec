import { createEd25519Key, ed25519Signer } from '#main/audit/signer.ts';
import { type Random, systemRandom } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';

/** A key of this device, in the keychain, that signs what leaves it as a file. */
export interface DeviceKey {
  /** First 8 bytes of SHA-256 over the SubjectPublicKeyInfo, lowercase hex: the rule of the chain's keys. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER (RFC 8410). */
  readonly spki: Uint8Array;
  /** Ed25519 (RFC 8032). The caller puts a prefix before the text that keeps its kinds of text apart. */
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/**
 * The key of this device, made when it is first needed. With a person it is theirs at this device: two people who share
 * one machine sign with two keys, and neither can answer for the other.
 * @throws CausewayError `keychain-unavailable`
 */
export async function ownDeviceKey(
  secrets: SecretStore,
  deviceId: string,
  person: string | null = null,
  random: Random = systemRandom,
): Promise<DeviceKey> {
  const name = person === null ? `device.${deviceId}.key` : `device.${deviceId}.${person}.key`;
  if ((await secrets.get(name)) === null) await secrets.set(name, createEd25519Key(random));
  const kept = await secrets.get(name); // a key the keychain did not keep would sign what nobody can tell is from here
  if (kept === null) {
    throw new CausewayError('keychain-unavailable', 'The keychain did not keep a new key. Nothing was signed.', {
      reason: 'key-not-kept',
    });
  }
  const { keyId, spki, sign } = ed25519Signer(kept, secrets.description);
  return { keyId, spki, sign: (text) => sign(text) };
}
