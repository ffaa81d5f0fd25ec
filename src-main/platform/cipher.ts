import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;

/**
 * Encrypts what rests on disk: AES-256-GCM, a fresh 96-bit nonce each time. The place a value belongs to is bound to it,
 * so that it opens nowhere else (NIST SP 800-38D).
 */
export interface Cipher {
  /** Nonce, ciphertext and tag, one after the other. `place` names what it is and where: "people/u-1/email". */
  seal(plain: Uint8Array, place: string): Uint8Array;
  /** @throws CausewayError `audit-broken` with reason `ciphertext`: changed, moved to another place, or of another key */
  open(sealed: Uint8Array, place: string): Uint8Array;
}

/** @param key 32 bytes. `scope` is bound to everything as well: another workspace's values open nowhere here. */
export function createCipher(key: Uint8Array, scope: string): Cipher {
  if (key.length !== 32) throw new TypeError('AES-256 needs a key of 32 bytes.');
  const bind = (place: string) => Buffer.from(JSON.stringify([scope, place]), 'utf8');
  return {
    seal: (plain, place) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG }).setAAD(bind(place));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, place) => {
      try {
        const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
        const end = bytes.length - TAG;
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE), { authTagLength: TAG });
        decipher.setAAD(bind(place)).setAuthTag(bytes.subarray(end));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, end)), decipher.final()]);
      } catch (cause) {
        const text = 'What is stored here was changed, or belongs to another place or another workspace.';
        throw new CausewayError('audit-broken', text, { reason: 'ciphertext', cause });
      }
    },
  };
}
