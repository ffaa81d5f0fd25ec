import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The canonical form of a value and its lowercase hex SHA-256. */
export interface CanonicalDigest {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/**
 * RFC 8785 bytes of the JSON form of any value an AWS client takes or gives, and their SHA-256. Dates become RFC 3339
 * text, bytes base64, `undefined` is dropped. Numbers that JSON has no form for become text.
 * Answers hold text written by whoever writes telemetry: an unpaired surrogate in a log line, which RFC 8785 forbids,
 * is replaced by U+FFFD instead of making the answer unreadable.
 * @throws RangeError for a value that contains itself.
 */
export function canonicalDigest(value: unknown): CanonicalDigest {
  const text = canonicalize(toJson(value)) ?? 'null';
  const bytes = Buffer.from(text, 'utf8');
  return { digest: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** Of an answer as an SDK client gives it: everything but `$metadata`, which differs at every call. This is what counts as evidence. */
export function responseDigest(output: object): CanonicalDigest {
  const { $metadata: _, ...body } = output as { readonly $metadata?: unknown };
  return canonicalDigest(body);
}

function toJson(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed();
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return value.toString();
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : objectToJson(value);
    default:
      return undefined;
  }
}

function objectToJson(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  const entries = Object.entries(value).map(([name, member]) => [name.toWellFormed(), toJson(member)] as const);
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}
