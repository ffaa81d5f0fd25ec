import { type KeyObject, verify } from 'node:crypto';

/**
 * Libraries differ on Ed25519 keys and signatures with points of small order, and on coordinates that are not reduced:
 * under the identity as a key one signature holds for every text in some, and never in others. A verdict must not depend
 * on the library, so neither is taken (chain format, section 3).
 */

/** Encodings of the y of the points of order 1, 2, 4 and 8, those of y + p too where they fit; without the sign of x. */
const SMALL_ORDER: readonly Buffer[] = [
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // the identity
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2: p - 1
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 4: p
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // the identity: p + 1
].map((hex) => Buffer.from(hex, 'hex'));

/** Whether these 32 bytes encode a point of small order, in any form, with either sign. */
function isSmallOrder(point: Uint8Array): boolean {
  const [start] = point;
  return SMALL_ORDER.some(
    (small) => small[0] === start && small.every((byte, at) => byte === ((point[at] ?? 0) & (at === 31 ? 0x7f : 0xff))),
  );
}

/** Whether the y of these 32 bytes is below p = 2^255 - 19, the sign of x aside. */
function isReduced(point: Uint8Array): boolean {
  if ((point[0] ?? 0) < 0xed || ((point[31] ?? 0) & 0x7f) !== 0x7f) return true;
  return !point.subarray(1, 31).every((byte) => byte === 0xff);
}

/**
 * Whether 32 bytes may be a key: reduced and not of small order. That they are a point is not asked: under bytes that are
 * none no signature holds, in any library.
 */
export function isEd25519Key(raw: Uint8Array): boolean {
  return raw.length === 32 && isReduced(raw) && !isSmallOrder(raw);
}

/** Whether 64 bytes are a signature of `text`. One whose R is of small order is none. */
export function verifyEd25519(key: KeyObject, text: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && !isSmallOrder(signature) && verify(null, text, key, signature);
}
