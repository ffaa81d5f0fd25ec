import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Random } from '#main/platform/random.ts';

/** AES-256-GCM boxes: 12 bytes nonce, ciphertext, 16 bytes tag. */
const NONCE = 12;
const TAG = 16;
/** Unwrapped keys and tags of people held in memory; beyond it the earliest are dropped. */
const MOST_HELD = 256;

function closeBox(key: KeyObject, plain: Uint8Array, context: string, random: Random): Buffer {
  const nonce = random.bytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openBox(key: KeyObject, box: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(box.subarray(box.length - TAG));
  return Buffer.concat([decipher.update(box.subarray(NONCE, box.length - TAG)), decipher.final()]);
}

interface HeldKey {
  readonly key: KeyObject;
  readonly wrapped: Buffer;
}

function hold<T>(held: Map<string, T>, name: string, value: T): void {
  const [oldest] = held.keys();
  if (held.size >= MOST_HELD && oldest !== undefined) held.delete(oldest);
  held.set(name, value);
}

/**
 * Disclosures at rest: each person's under a key of their own, that key wrapped by a master key from the keychain. A
 * stolen database yields nothing, and destroying one key erases one person. The context bound to each box keeps a
 * disclosure from being moved to another record, and a person's key to another person.
 */
export class DisclosureVault {
  readonly #chain: string;
  readonly #random: Random;
  readonly #wrapKey: KeyObject;
  readonly #nameKey: KeyObject;
  readonly #tags = new Map<string, Buffer>();
  readonly #subjectKeys = new Map<string, HeldKey>();

  constructor(chain: string, masterKey: Uint8Array, random: Random) {
    this.#chain = chain;
    this.#random = random;
    const derive = (use: string) =>
      createSecretKey(new Uint8Array(hkdfSync('sha256', masterKey, chain, `causeway/disclosure/${use}`, 32)));
    this.#wrapKey = derive('wrap');
    this.#nameKey = derive('name');
  }

  /** What stands in the database for a person: their id may itself be personal. */
  subjectTag(subject: string): Buffer {
    const held = this.#tags.get(subject);
    if (held !== undefined) return held;
    const tag = createHmac('sha256', this.#nameKey).update(subject, 'utf8').digest();
    hold(this.#tags, subject, tag);
    return tag;
  }

  /** A new key for a person, and the form it is stored in. */
  createSubjectKey(tag: Uint8Array): { readonly key: KeyObject; readonly wrapped: Buffer } {
    const bytes = this.#random.bytes(32);
    const wrapped = closeBox(this.#wrapKey, bytes, this.#subjectContext(tag), this.#random);
    return { key: createSecretKey(bytes), wrapped };
  }

  /**
   * Held in memory beside the stored form it came from: a form that was changed since is opened anew, and refused.
   * @throws when the stored form was changed or belongs to somebody else
   */
  unwrapSubjectKey(tag: Uint8Array, wrapped: Uint8Array): KeyObject {
    const name = Buffer.from(tag).toString('hex');
    const held = this.#subjectKeys.get(name);
    if (held?.wrapped.equals(wrapped)) return held.key;
    const key = createSecretKey(openBox(this.#wrapKey, wrapped, this.#subjectContext(tag)));
    hold(this.#subjectKeys, name, { key, wrapped: Buffer.from(wrapped) });
    return key;
  }

  close(key: KeyObject, seq: number, path: string, plain: Uint8Array): Buffer {
    return closeBox(key, plain, this.#valueContext(seq, path), this.#random);
  }

  /** @throws when the box was changed or belongs to another place */
  open(key: KeyObject, seq: number, path: string, box: Uint8Array): Buffer {
    return openBox(key, box, this.#valueContext(seq, path));
  }

  #subjectContext(tag: Uint8Array): string {
    return `subject\n${this.#chain}\n${Buffer.from(tag).toString('hex')}`;
  }

  #valueContext(seq: number, path: string): string {
    return `value\n${this.#chain}\n${seq}\n${path}`;
  }
}
