import { createHash } from 'node:crypto';

/** Of this product: SHA-1 based UUIDs of its chains are made within it. Chosen once at random; never to change. */
const NAMESPACE = 'a2c9f0d4-6b1e-4f37-9c58-3d0e7b84f1a6';

/** Names things by UUIDs that are the same each time. */
export type UuidOf = (name: string) => string;

/**
 * UUIDs of version 5 (RFC 9562 section 5.5) over a name, within the chain's own namespace: for what stays the same thing in
 * every evaluation, as a control or the system does.
 */
export function uuidsOf(chain: string): UuidOf {
  return within(uuidV5(NAMESPACE, chain));
}

/** UUIDs of what is said in one evaluation alone. `digest`: of everything that is said in it. */
export function uuidsWithin(chain: string, digest: string): UuidOf {
  return within(uuidV5(uuidV5(NAMESPACE, chain), `evaluation:${digest}`));
}

function within(namespace: string): UuidOf {
  return (name) => uuidV5(namespace, name);
}

/** @param namespace a UUID in its usual form */
export function uuidV5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
