import type { Cipher } from '#main/platform/cipher.ts';
import type { Random } from '#main/platform/random.ts';
import { wipe } from './data-keys.ts';
import { openSecret, type SecretPlace, sealSecret } from './envelope.ts';
import type { SecretRow } from './vault-db.ts';
import type { WrappingKey, WrappingKeys } from './wrapping-keys.ts';

/** What is known of a secret beside its value. */
export type SecretHead = Omit<SecretPlace, 'tenant' | 'wrappingKey'>;

/** Turns secrets into rows and back. */
export interface SecretRows {
  /** Null when the row was changed since. */
  nameOf(row: SecretRow): string | null;
  seal(head: SecretHead, storedAt: string, value: Uint8Array, key: WrappingKey): Promise<SecretRow>;
  /** To be wiped by the caller. @throws CausewayError as `Vault` */
  open(row: SecretRow): Promise<Buffer>;
  /** The same secret under a new data key of `key`. */
  rewrap(row: SecretRow, key: WrappingKey): Promise<SecretRow>;
}

export function createSecretRows(options: {
  readonly tenant: string;
  readonly cipher: Cipher;
  readonly random: Random;
  readonly keys: WrappingKeys;
  readonly signal: AbortSignal;
}): SecretRows {
  const { tenant, cipher, random, keys, signal } = options;
  const placeOfName = ({ id, integration }: Pick<SecretRow, 'id' | 'integration'>) =>
    JSON.stringify(['vault', 'secret', id, integration, 'name']);
  const readName = (row: SecretRow) => Buffer.from(cipher.open(row.name, placeOfName(row))).toString('utf8');
  const seal: SecretRows['seal'] = async (head, storedAt, value, key) => {
    const { plain, wrapped } = await key.dataKeys.generate(head.id, signal);
    try {
      return {
        id: head.id,
        integration: head.integration,
        version: head.version,
        wrapping_key: key.id,
        stored_at: storedAt,
        name: Buffer.from(cipher.seal(Buffer.from(head.name, 'utf8'), placeOfName(head))),
        wrapped_key: wrapped,
        ciphertext: sealSecret(plain, value, { ...head, tenant, wrappingKey: key.id }, random),
      };
    } finally {
      wipe(plain);
    }
  };
  const open: SecretRows['open'] = async (row) => {
    const { id, integration, version, wrapping_key: wrappingKey } = row;
    const place = { tenant, id, integration, version, wrappingKey, name: readName(row) };
    const dataKey = await keys.get(wrappingKey).dataKeys.unwrap(id, row.wrapped_key, signal);
    try {
      return openSecret(dataKey, row.ciphertext, place);
    } finally {
      wipe(dataKey);
    }
  };
  return {
    nameOf: (row) => {
      try {
        return readName(row);
      } catch {
        return null; // shown as changed; opening it says why
      }
    },
    seal,
    open,
    rewrap: async (row, key) => {
      const { id, integration, version } = row;
      const value = await open(row);
      try {
        return await seal({ id, integration, version, name: readName(row) }, row.stored_at, value, key);
      } finally {
        wipe(value);
      }
    },
  };
}
