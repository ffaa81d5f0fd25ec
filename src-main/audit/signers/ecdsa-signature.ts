/** Bytes of each of the two numbers of an ECDSA signature on P-256. */
const FIELD = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * An ECDSA P-256 signature from ASN.1 DER (what AWS KMS answers) to IEEE P1363 (64 bytes, what stands beside a record);
 * null unless it is the only DER form of two positive numbers of at most 32 bytes. Lenient readers have let forged and
 * malleable signatures pass; whether the numbers are in range is the verification's concern.
 */
export function derToP1363(der: Uint8Array): Uint8Array | null {
  const length = der[1];
  if (der[0] !== SEQUENCE || length === undefined || length > 0x7f || der.length !== length + 2) return null;
  const r = readInteger(der, 2);
  if (r === null) return null;
  const s = readInteger(der, r.end);
  if (s === null || s.end !== der.length) return null;
  const out = new Uint8Array(2 * FIELD);
  out.set(r.bytes, FIELD - r.bytes.length);
  out.set(s.bytes, 2 * FIELD - s.bytes.length);
  return out;
}

function readInteger(der: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } | null {
  const length = der[at + 1];
  if (der[at] !== INTEGER || length === undefined || length === 0 || length > FIELD + 1) return null;
  const end = at + 2 + length;
  if (end > der.length) return null;
  let bytes = der.subarray(at + 2, end);
  const [first = 0, second = 0] = bytes;
  if (first > 0x7f) return null; // negative
  if (first === 0) {
    if (bytes.length === 1 || second <= 0x7f) return null; // zero, or a leading zero that is not needed
    bytes = bytes.subarray(1);
  }
  return bytes.length > FIELD ? null : { bytes, end };
}

/** From IEEE P1363 to ASN.1 DER, as a checkpoint's signature is written (chain format, section 4). */
export function p1363ToDer(signature: Uint8Array): Uint8Array {
  if (signature.length !== 2 * FIELD) throw new TypeError('An ECDSA P-256 signature has 64 bytes.');
  const numbers = [writeInteger(signature.subarray(0, FIELD)), writeInteger(signature.subarray(FIELD))];
  const body = Buffer.concat(numbers);
  return Buffer.concat([Buffer.from([SEQUENCE, body.length]), body]);
}

function writeInteger(number: Uint8Array): Buffer {
  let start = 0;
  while (start < FIELD - 1 && number[start] === 0) start++;
  const bytes = number.subarray(start);
  const sign = (bytes[0] ?? 0) > 0x7f ? [0] : [];
  return Buffer.concat([Buffer.from([INTEGER, sign.length + bytes.length, ...sign]), bytes]);
}
