// Ed25519 keys and signatures that libraries differ on: points of small order, and coordinates that are not reduced.
import { fromHex } from './bytes.mjs';

/** The y of the points of order 1, 2, 4 and 8, little-endian without the sign of x; that of y + p too where it fits. */
const SMALL_ORDER = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ...['ec', 'ed', 'ee'].map((start) => `${start}${'ff'.repeat(30)}7f`),
].map(fromHex);

/** Whether the first 32 bytes, of a key or of the R of a signature, are a point of small order in any form. */
export function isSmallOrder(bytes) {
  return SMALL_ORDER.some((point) => point.every((byte, at) => byte === (at === 31 ? bytes[at] & 0x7f : bytes[at])));
}

/** Whether 32 bytes may be a key: y below 2^255 - 19, and not of small order. Under what is no point nothing holds. */
export function isEd25519Key(raw) {
  const reduced = raw[0] < 0xed || (raw[31] & 0x7f) < 0x7f || raw.subarray(1, 31).some((byte) => byte < 0xff);
  return raw.length === 32 && reduced && !isSmallOrder(raw);
}
