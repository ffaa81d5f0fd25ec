import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { isEd25519Key, verifyEd25519 } from './ed25519.ts';
import { sha256 } from './hash.ts';
import { decodeBase64 } from './json-read.ts';

export type KeyAlgorithm = KeyDescription['alg'];

/** A public key whose description was checked: id, algorithm and encoding agree. */
export interface VerifyingKey {
  readonly id: string;
  readonly alg: KeyAlgorithm;
  readonly spki: Buffer;
  readonly publicKey: KeyObject;
}

/** Key id: lowercase hex of the first 8 bytes of SHA-256 over the SubjectPublicKeyInfo DER. */
export function keyIdOf(spki: Uint8Array): string {
  return sha256(spki).subarray(0, 8).toString('hex');
}

/** The key of a description from a file, or the reason why it is none. Attacker-controlled: parse defensively. */
export function readKey(description: Pick<KeyDescription, 'id' | 'alg' | 'spki'>): VerifyingKey | string {
  const spki = decodeBase64(description.spki);
  if (spki === null) return 'spki is not base64';
  if (keyIdOf(spki) !== description.id) return 'the id is not that of the key';
  const wrong = `spki is not the DER of a key of algorithm ${description.alg}, in its only form`;
  // one key, one encoding, one id: otherwise the same key could appear under several ids (a compressed point is another)
  if (!hasOnlyForm(spki, description.alg)) return wrong;
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return wrong; // a point that is not on the curve
  }
  return { id: description.id, alg: description.alg, spki, publicKey };
}

/** The DER before the 32 bytes of an Ed25519 key, and before the two coordinates of an uncompressed P-256 point. */
const SPKI_START: Readonly<Record<KeyAlgorithm, { readonly start: Buffer; readonly length: number }>> = {
  Ed25519: { start: Buffer.from('302a300506032b6570032100', 'hex'), length: 44 },
  ES256: { start: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex'), length: 91 },
};

function hasOnlyForm(spki: Buffer, alg: KeyAlgorithm): boolean {
  const { start, length } = SPKI_START[alg];
  if (spki.length !== length || !spki.subarray(0, start.length).equals(start)) return false;
  return alg === 'ES256' || isEd25519Key(spki.subarray(start.length));
}

/** A record's signature: 64 bytes for both algorithms (ES256 in IEEE P1363 encoding). */
export function verifySignature(key: VerifyingKey, text: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  switch (key.alg) {
    case 'Ed25519':
      return verifyEd25519(key.publicKey, text, signature);
    case 'ES256':
      return verify('sha256', text, { key: key.publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  }
}

/** A checkpoint's signature: Ed25519, or ES256 in ASN.1 DER. */
export function verifyNoteSignature(key: VerifyingKey, text: Uint8Array, signature: Uint8Array): boolean {
  switch (key.alg) {
    case 'Ed25519':
      return verifyEd25519(key.publicKey, text, signature);
    case 'ES256':
      return verify('sha256', text, { key: key.publicKey, dsaEncoding: 'der' }, signature);
  }
}

/** Note key id (chain format, section 4): which of the keys of that name made a signature line. */
export function noteKeyId(name: string, key: Pick<VerifyingKey, 'alg' | 'spki'>): Buffer {
  if (key.alg === 'ES256') return sha256(key.spki).subarray(0, 4);
  const raw = key.spki.subarray(-32); // the last 32 bytes of an Ed25519 SPKI are the key itself
  return sha256(Buffer.concat([Buffer.from(`${name}\n\u0001`, 'utf8'), raw])).subarray(0, 4);
}
