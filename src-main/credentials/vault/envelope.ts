import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/** Where a secret's ciphertext belongs, and what it was stored as. All of it is bound to the ciphertext. */
export interface SecretPlace {
  readonly tenant: string;
  readonly id: string;
  readonly integration: string;
  readonly name: string;
  readonly version: number;
  readonly wrappingKey: string;
}

/** Associated data: rows, columns or databases that are swapped do not open (NIST SP 800-38D). */
function boundTo({ tenant, id, integration, name, version, wrappingKey }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify(['causeway vault 1', tenant, id, integration, name, version, wrappingKey]), 'utf8');
}

/** Nonce, ciphertext and tag. Each data key seals one value only. */
export function sealSecret(dataKey: Uint8Array, value: Uint8Array, place: SecretPlace, random: Random): Buffer {
  const nonce = random.bytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, dataKey, nonce, { authTagLength: TAG }).setAAD(boundTo(place));
  return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The value, in a buffer of its own of which there is no other copy; the caller wipes it.
 * @throws CausewayError `audit-broken` with reason `secret-changed`
 */
export function openSecret(dataKey: Uint8Array, sealed: Uint8Array, place: SecretPlace): Buffer {
  let value: Buffer | undefined;
  try {
    const end = sealed.length - TAG;
    const decipher = createDecipheriv(ALGORITHM, dataKey, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(boundTo(place)).setAuthTag(sealed.subarray(end));
    value = decipher.update(sealed.subarray(NONCE, end));
    decipher.final(); // of GCM it only checks the tag
    return value;
  } catch {
    value?.fill(0);
    throw secretChanged(place.id);
  }
}

export function secretChanged(id: string): CausewayError {
  const text = `The stored secret ${id} was changed, or belongs to another place, and was not opened. Keep the vault file for examination, and store the secret anew.`;
  return new CausewayError('audit-broken', text, { reason: 'secret-changed' });
}
