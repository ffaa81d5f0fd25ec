// Bytes as hexadecimal digits and base64.

const encoder = new TextEncoder();
export const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What the reader gave as text. */
export function decodeText(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}

export const toBytes = (text) => encoder.encode(text);
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIXES = new Int8Array(128).fill(-1);
for (let at = 0; at < 64; at++) SIXES[BASE64.charCodeAt(at)] = at;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += HEX[bytes[at]];
  return text;
}

export const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => Number.parseInt(byte, 16));

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(a, b) {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Base64 with padding, only in the one form in which these bytes can be written; otherwise null. */
export function fromBase64(text) {
  const { length } = text;
  if (length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let out = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; at < length - padding; at++) {
    const code = text.charCodeAt(at);
    const six = code < 128 ? SIXES[code] : -1;
    if (six < 0) return null;
    held = ((held << 6) | six) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[out++] = held >> bits;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}

export function toBase64(bytes, url = false) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    text += BASE64[a >> 2] + BASE64[((a & 3) << 4) | (b >> 4)];
    text += left > 1 ? BASE64[((b & 15) << 2) | (c >> 6)] : '=';
    text += left > 2 ? BASE64[c & 63] : '=';
  }
  return url ? text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : text;
}

/** ASCII text of a few bytes. */
export function ascii(bytes, from, to) {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]);
  return text;
}

export function hasAt(bytes, at, text) {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}
