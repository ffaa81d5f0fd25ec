import { randomBytes } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An identifier as IAM makes them: a four-letter prefix (AKIA, ASIA, AIDA, AROA) and 17 random base-32 characters. */
export function randomUniqueId(prefix: 'AKIA' | 'ASIA' | 'AIDA' | 'AROA'): string {
  // Access keys have 20 characters, user and role ids 21.
  const length = prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17;
  return prefix + Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join('');
}

/** 40 characters, as a secret access key has. */
export function randomSecretKey(): string {
  return randomBytes(30).toString('base64');
}
