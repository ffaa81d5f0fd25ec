import type { Random } from '#main/platform/random.ts';
import type { Sealed } from '#shared/model/audit-record.ts';
import { canonicalBytes } from './canonical.ts';
import { sha256 } from './hash.ts';
import { isObject } from './json-read.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A personal value on its way into a record, where only its salted digest will stand. */
export class ToSeal {
  /** Whose value it is: the key it is encrypted under, and what an erasure destroys. */
  readonly subject: string;
  readonly value: JsonValue;

  constructor(subject: string, value: JsonValue) {
    this.subject = subject;
    this.value = value;
  }
}

/** Marks a value as personal. `subject` is the id of the person it is about. */
export function seal(subject: string, value: JsonValue): ToSeal {
  return new ToSeal(subject, value);
}

/** T, where every sealed value may also be given in clear to be sealed. */
export type Sealable<T> = T extends Sealed
  ? Sealed | ToSeal
  : T extends readonly (infer Item)[]
    ? readonly Sealable<Item>[]
    : T extends object
      ? { readonly [Member in keyof T]: Sealable<T[Member]> }
      : T;

/** `[salt, value]`; its JCS bytes are what the digest is over. */
export type Disclosed = readonly [salt: string, value: JsonValue];

export interface Disclosure {
  /** JSON pointer (RFC 6901) into the record. */
  readonly path: string;
  readonly subject: string;
  readonly disclosed: Disclosed;
}

/** Base64url SHA-256 of the disclosure. Salted: a name could otherwise be found by trying names. */
export function sealDigest(disclosed: readonly [unknown, unknown]): string {
  return sha256(canonicalBytes(disclosed, { integersOnly: false })).toString('base64url');
}

/**
 * Replaces every ToSeal inside `value` by `{"sealed": D}` and collects the disclosures. Members that are undefined are
 * dropped, so that the result is exactly what will be serialised.
 */
export function sealValues(value: unknown, path: string, random: Random, found: Disclosure[]): unknown {
  if (value instanceof ToSeal) {
    const disclosed: Disclosed = [Buffer.from(random.bytes(16)).toString('base64url'), value.value];
    found.push({ path, subject: value.subject, disclosed });
    return { sealed: sealDigest(disclosed) };
  }
  if (Array.isArray(value)) return value.map((item, index) => sealValues(item, `${path}/${index}`, random, found));
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) result[name] = sealValues(member, `${path}/${escapePointer(name)}`, random, found);
  }
  return result;
}

/** Every sealed value in a parsed record: JSON pointer to digest. */
export function findSealed(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) findSealed(item, `${path}/${index}`, found);
  } else if (isObject(value)) {
    const names = Object.keys(value);
    if (names.length === 1 && typeof value.sealed === 'string') found.set(path, value.sealed);
    else for (const name of names) findSealed(value[name], `${path}/${escapePointer(name)}`, found);
  }
  return found;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
