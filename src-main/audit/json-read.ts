import { MAX_DEPTH } from './canonical.ts';
import { hasMoreMarksThan, nestsDeeperThan } from './json-depth.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type JsonReading =
  | { readonly ok: true; readonly text: string; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/**
 * Bytes from a file an attacker may have made, as text and JSON value, or the reason why they are neither.
 * @param mostMarks brackets, commas and colons it may have; where the bytes are few, they are limit enough
 */
export function readJson(bytes: Uint8Array, mostMarks?: number): JsonReading {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, reason: 'not UTF-8' };
  }
  if (nestsDeeperThan(bytes, MAX_DEPTH)) return { ok: false, reason: `nested deeper than ${MAX_DEPTH} levels` };
  if (mostMarks !== undefined && hasMoreMarksThan(bytes, mostMarks)) {
    return { ok: false, reason: `of more than ${mostMarks} parts` };
  }
  try {
    return { ok: true, text, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
}

/** A JSON object (not an array, not null). */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Base64 with padding, decoded only if it is the one way to write those bytes: decoders ignore the unused bits of the
 * last character, so that a changed character could otherwise go unnoticed.
 */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
