import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Random } from '#main/platform/random.ts';

/** AES-256-GCM boxes: 12 bytes nonce, ciphertext, 16 bytes tag. */
const NONCE = 12;
const TAG = 16;

function closeBox(key: Uint8Array, plain: Uint8Array, context: string, random: Random): Buffer {
  const nonce = random.bytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openBox(key: Uint8Array, box: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(box.subarray(box.length - TAG));
  return Buffer.concat([decipher.update(box.subarray(NONCE, box.length - TAG)), decipher.final()]);
}

/**
 * Disclosures at rest: each person's under a key of their own, that key wrapped by a master key from the keychain. A
 * stolen database yields nothing, and destroying one key erases one person. The context bound to each box keeps a
 * disclosure from being moved to another record, and a person's key to another person.
 */
export class DisclosureVault {
  readonly #chain: string;
  readonly #random: Random;
  readonly #wrapKey: Uint8Array;
  readonly #nameKey: Uint8Array;

  constructor(chain: string, masterKey: Uint8Array, random: Random) {
    this.#chain = chain;
    this.#random = random;
    const derive = (use: string) =>
      new Uint8Array(hkdfSync('sha256', masterKey, chain, `causeway/disclosure/${use}`, 32));
    this.#wrapKey = derive('wrap');
    this.#nameKey = derive('name');
  }

  /** What stands in the database for a person: their id may itself be personal. */
  subjectTag(subject: string): Buffer {
    return createHmac('sha256', this.#nameKey).update(subject, 'utf8').digest();
  }

  /** A new key for a person, and the form it is stored in. */
  createSubjectKey(tag: Uint8Array): { readonly key: Uint8Array; readonly wrapped: Buffer } {
    const key = this.#random.bytes(32);
    return { key, wrapped: closeBox(this.#wrapKey, key, this.#subjectContext(tag), this.#random) };
  }

  /** @throws when the stored form was changed or belongs to somebody else */
  unwrapSubjectKey(tag: Uint8Array, wrapped: Uint8Array): Uint8Array {
    return openBox(this.#wrapKey, wrapped, this.#subjectContext(tag));
  }

  close(key: Uint8Array, seq: number, path: string, plain: Uint8Array): Buffer {
    return closeBox(key, plain, this.#valueContext(seq, path), this.#random);
  }

  /** @throws when the box was changed or belongs to another place */
  open(key: Uint8Array, seq: number, path: string, box: Uint8Array): Buffer {
    return openBox(key, box, this.#valueContext(seq, path));
  }

  #subjectContext(tag: Uint8Array): string {
    return `subject\n${this.#chain}\n${Buffer.from(tag).toString('hex')}`;
  }

  #valueContext(seq: number, path: string): string {
    return `value\n${this.#chain}\n${seq}\n${path}`;
  }
}
