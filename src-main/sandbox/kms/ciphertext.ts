import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EncryptionKey } from './key-store.ts';

/** Names and values a ciphertext is bound to; their order does not count. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** Version 1, the key's UUID, a nonce, AES-256-GCM ciphertext and tag. AWS's own form is not published. */
const VERSION = 1;
const ID = 16;
const NONCE = 12;
const TAG = 16;
const HEAD = 1 + ID + NONCE;

export function encryptBlob(key: EncryptionKey, plain: Uint8Array, context: EncryptionContext): Buffer {
  const id = Buffer.from(key.id.replaceAll('-', ''), 'hex');
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.secretKey, 'base64'), nonce);
  cipher.setAAD(boundTo(key, context));
  return Buffer.concat([Buffer.of(VERSION), id, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Id of the key that made it, as it says itself; undefined for what is no ciphertext of this cloud. */
export function keyIdOfBlob(blob: Uint8Array): string | undefined {
  if (blob.length < HEAD + TAG || blob[0] !== VERSION) return undefined;
  const hex = Buffer.from(blob.subarray(1, 1 + ID)).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The plaintext, or undefined when the ciphertext was changed, or is of another key or context. */
export function decryptBlob(key: EncryptionKey, blob: Uint8Array, context: EncryptionContext): Buffer | undefined {
  if (keyIdOfBlob(blob) !== key.id) return undefined;
  const nonce = blob.subarray(1 + ID, HEAD);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.secretKey, 'base64'), nonce, {
    authTagLength: TAG,
  });
  decipher.setAAD(boundTo(key, context)).setAuthTag(blob.subarray(blob.length - TAG));
  try {
    return Buffer.concat([decipher.update(blob.subarray(HEAD, blob.length - TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function boundTo({ account, region, id }: EncryptionKey, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([VERSION, account, region, id, pairs]), 'utf8');
}
