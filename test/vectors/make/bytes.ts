import { sha256 } from './crypto.ts';

export type Loose = Record<string, unknown>;

/**
 * Bytes as a string with one character for each, so that a file can be changed with the means for text wherever it is none.
 * Everything that goes into a file is of this kind.
 */
export type Bytes = string;

export const utf8 = (text: string): Bytes => Buffer.from(text, 'utf8').toString('latin1');
export const toBuffer = (bytes: Bytes): Buffer => Buffer.from(bytes, 'latin1');
export const hashOf = (bytes: Bytes): string => sha256(toBuffer(bytes)).toString('hex');

/** RFC 8785 for values without fractions: members by UTF-16 code units, the escapes of JSON.stringify. */
export function jcs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => jcs(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${jcs(member)}`).join(',')}}`;
}

/** A JSON array nested that deep. */
export function deep(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

/** Replaces one place, and does not let it pass if there is none. */
export function replaced(text: string, from: string | RegExp, to: string): string {
  const other = text.replace(from, () => to);
  if (other === text) throw new Error(`nothing to replace: ${String(from)}`);
  return other;
}

/** Flips the lowest bit of the byte at `at`. */
export function flipped(text: Bytes, at: number): Bytes {
  const buffer = toBuffer(text);
  const byte = buffer.at(at);
  if (byte === undefined) throw new Error(`no byte ${at}`);
  buffer[at < 0 ? buffer.length + at : at] = byte ^ 1;
  return buffer.toString('latin1');
}
