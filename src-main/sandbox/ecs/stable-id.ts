import { createHash } from 'node:crypto';

/** A 32-digit hexadecimal id that is the same at every start. */
export function stableId(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n'), 'utf8').digest('hex').slice(0, 32);
}

/** The id as a UUID, for members AWS fills with one. */
export function stableUuid(...parts: readonly (string | number)[]): string {
  const id = stableId(...parts);
  return [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
}
