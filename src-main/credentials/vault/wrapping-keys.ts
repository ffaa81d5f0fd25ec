import { z } from 'zod';
import { type KeyChoice, KmsReference } from '#main/audit/signers/key-reference.ts';
import type { Cipher } from '#main/platform/cipher.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { type DataKeys, wipe } from './data-keys.ts';
import { createKeychainKey, deleteKeychainKey, keychainDataKeys } from './keychain-data-keys.ts';
import { kmsDataKeys } from './kms-data-keys.ts';
import { explainKmsFailure, KMS_WITHIN_MS } from './kms-failure.ts';
import type { VaultDb, WrappingKeyRow } from './vault-db.ts';
import type { VaultKms } from './vault-kms.ts';
import { within } from './within.ts';

const Reference = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('keychain') }), KmsReference]);
type Reference = z.infer<typeof Reference>;

/** A key that wraps data keys, and the way to use it. */
export interface WrappingKey {
  /** `wk-…`; names the row, and is bound to everything under it. */
  readonly id: string;
  readonly kind: 'keychain' | 'kms';
  /** As records and people know it: the ARN in AWS KMS, or its id in the keychain. */
  readonly label: string;
  readonly since: string;
  readonly dataKeys: DataKeys;
}

export interface WrappingKeys {
  /** Null before the first secret. */
  current(): WrappingKey | null;
  /** @throws CausewayError `audit-broken` with reason `secret-changed` when there is no such key or its row was changed */
  get(id: string): WrappingKey;
  /** Where the key is, to be taken once more. */
  referenceOf(id: string): KeyChoice;
  /**
   * Makes a key, or takes one in AWS KMS after it has made and unwrapped a data key. Nothing uses it until `activate`.
   * @throws CausewayError; nothing is changed then
   */
  plan(choice: KeyChoice): Promise<WrappingKey>;
  activate(key: WrappingKey): void;
  /** Deletes a planned key. */
  drop(key: Pick<WrappingKey, 'id' | 'kind'>): Promise<void>;
  /** Deletes planned keys that a program left behind when it ended, and retired ones that nothing uses any more. */
  sweep(): Promise<void>;
}

export interface WrappingKeyOptions {
  readonly db: VaultDb;
  readonly cipher: Cipher;
  readonly tenant: string;
  readonly secrets: SecretStore;
  readonly kms: VaultKms | undefined;
  readonly kmsWithinMs: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends every wait when the vault is closed. */
  readonly signal: AbortSignal;
}

/** What is kept of a wrapping key is bound to this as it is encrypted. */
export function wrappingKeyPlace(id: string): string {
  return JSON.stringify(['vault', 'wrapping key', id]);
}

export function createWrappingKeys(options: WrappingKeyOptions): WrappingKeys {
  const { db, cipher, tenant, secrets, kms, kmsWithinMs, clock, random, signal } = options;
  const dataKeysOf = (id: string, reference: Reference): DataKeys => {
    if (reference.kind === 'keychain') return keychainDataKeys(secrets, tenant, id, random);
    return kmsDataKeys(demandKms(kms).open(reference), reference.keyArn, tenant, kmsWithinMs);
  };
  const keyOf = (id: string, since: string, reference: Reference): WrappingKey => ({
    id,
    kind: reference.kind,
    label: reference.kind === 'kms' ? reference.keyArn : id,
    since,
    // asked for at each use: a list needs no KMS
    dataKeys: {
      generate: async (secret, until) => dataKeysOf(id, reference).generate(secret, until),
      unwrap: async (secret, wrapped, until) => dataKeysOf(id, reference).unwrap(secret, wrapped, until),
    },
  });
  const rowOf = (id: string): WrappingKeyRow => {
    const row = db.keys().find((one) => one.id === id);
    if (row === undefined) throw changedKey(id);
    return row;
  };
  const referenceOf = ({ id, reference }: WrappingKeyRow) => readReference(cipher, reference, wrappingKeyPlace(id));
  const read = (row: WrappingKeyRow) => keyOf(row.id, row.created_at, referenceOf(row));
  const referenceFor = async (choice: KeyChoice): Promise<Reference> => {
    if (choice.kind !== 'sandbox-kms') return choice;
    const port = demandKms(kms);
    return within(
      kmsWithinMs ?? KMS_WITHIN_MS,
      signal,
      (until) => port.createSandboxKey(until),
      (error, timedOut) => explainKmsFailure(error, '-', 'of the sandbox', timedOut),
    );
  };
  const drop: WrappingKeys['drop'] = async ({ id, kind }) => {
    if (kind === 'keychain') await deleteKeychainKey(secrets, tenant, id); // first: without its row nobody finds it
    db.deleteKey(id);
  };
  return {
    current: () => {
      const row = db.keys().find(({ state }) => state === 'current');
      return row === undefined ? null : read(row);
    },
    get: (id) => read(rowOf(id)),
    referenceOf: (id) => referenceOf(rowOf(id)),
    plan: async (choice) => {
      const reference = await referenceFor(choice);
      const id = `wk-${Buffer.from(random.bytes(8)).toString('hex')}`;
      const since = new Date(clock.now()).toISOString();
      const key = keyOf(id, since, reference);
      const sealed = Buffer.from(cipher.seal(Buffer.from(JSON.stringify(reference), 'utf8'), wrappingKeyPlace(id)));
      // the row first: a key in the keychain that no row names would stay there for ever
      db.addKey({ id, state: 'planned', created_at: since, reference: sealed });
      try {
        if (reference.kind === 'keychain') await createKeychainKey(secrets, tenant, id, random);
        const { plain } = await key.dataKeys.generate('probe', signal);
        wipe(plain);
        return key;
      } catch (error) {
        await drop(key).catch(() => undefined); // found again by the next sweep
        throw error;
      }
    },
    activate: ({ id }) => db.activateKey(id),
    drop,
    sweep: async () => {
      const used = new Set(db.secrets().map(({ wrapping_key }) => wrapping_key));
      for (const row of db.keys()) {
        if (row.state !== 'current' && !used.has(row.id)) await drop({ id: row.id, kind: referenceOf(row).kind });
      }
    },
  };
}

function demandKms(kms: VaultKms | undefined): VaultKms {
  if (kms !== undefined) return kms;
  const text = 'These secrets are under a key in AWS KMS, which is not reached from here. Nothing was changed.';
  throw new CausewayError('cloud-unreachable', text, { reason: 'kms-not-configured' });
}

function readReference(cipher: Cipher, sealed: Uint8Array, place: string): Reference {
  return Reference.parse(JSON.parse(Buffer.from(cipher.open(sealed, place)).toString('utf8')));
}

function changedKey(id: string): CausewayError {
  const text = `The vault does not know the key ${id} any more that wraps this secret. Keep the vault file for examination, and store the secret anew.`;
  return new CausewayError('audit-broken', text, { reason: 'secret-changed' });
}
