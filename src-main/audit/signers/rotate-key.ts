import type { Random } from '#main/platform/random.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { type AppendInput, type PreparedInput, prepareInput } from '../append-input.ts';
import { canonicalBytes } from '../canonical.ts';
import { anchoredKeys } from '../chain-keys.ts';
import { hashRecord } from '../hash.ts';
import { createEd25519Key, describeKey, ed25519Signer, type Signer } from '../signer.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { destroyKey, keepFirstKey, keepKey, recallKey } from './kept-keys.ts';
import type { KeptKey, KeyChoice, KmsReference } from './key-reference.ts';
import { kmsError } from './kms-errors.ts';
import type { KmsDirectory } from './kms-port.ts';
import { bounded, describeKms, kmsSigner, readKmsKey } from './kms-signer.ts';

/** Who changes the key, and why. */
export interface RotationRequest {
  readonly to: KeyChoice;
  readonly by: Pick<AppendInput<'tenant.protection_change_approved'>, 'actor' | 'onBehalfOf' | 'device'>;
  /** Sealed by the caller: free text a person typed. */
  readonly justification: AppendInput<'tenant.protection_change_approved'>['data']['justification'];
  /** A word for the record, such as `scheduled` or `moved-to-kms`. */
  readonly reason: string;
}

export interface Rotation {
  readonly from: KeyDescription;
  readonly to: KeyDescription;
  /**
   * What is left to do, when the change stands on record and something after it failed: the next checkpoint, or the next
   * start, does it. null when all is done.
   */
  readonly unfinished: CausewayError | null;
}

/** A key that is ready to sign, and what the keychain is to keep of it. */
export interface NewKey {
  readonly signer: Signer;
  readonly kept: KeptKey;
}

export interface KeyRoom {
  readonly secrets: SecretStore;
  readonly random: Random;
  readonly kms: KmsDirectory | undefined;
}

/**
 * Makes a key in the keychain's care, or finds the one in AWS KMS and lets it sign once: a chain is never handed to a key
 * that cannot sign. Nothing is kept yet.
 * @throws CausewayError `audit-unavailable`, `bad-input`
 */
export async function prepareKey({ secrets, random, kms }: KeyRoom, choice: KeyChoice): Promise<NewKey> {
  if (choice.kind === 'keychain') {
    const pkcs8 = createEd25519Key(random);
    const signer = ed25519Signer(pkcs8, secrets.description);
    return { signer, kept: { kind: 'keychain', pkcs8: pkcs8.toString('base64') } };
  }
  if (kms === undefined) {
    throw new CausewayError('bad-input', 'This program was started without a way to AWS KMS.', { reason: 'no-kms' });
  }
  const reference = await referenceOf(kms, choice);
  const where = describeKms(reference);
  const key = await bounded(where, undefined, (signal) => readKmsKey(kms.open(reference), signal, where));
  const signer = kmsSigner(kms.open(reference), key, where);
  await signer.sign(Buffer.from('causeway/key-check/v1\n', 'ascii'));
  return { signer, kept: reference };
}

async function referenceOf(kms: KmsDirectory, choice: Exclude<KeyChoice, { kind: 'keychain' }>): Promise<KmsReference> {
  if (choice.kind === 'sandbox-kms')
    return bounded("the sandbox's AWS KMS", undefined, (signal) => kms.createSandboxKey(signal));
  if (choice.keyArn.split(':')[3] === choice.region) return choice;
  throw kmsError('wrong-region', `The key ${choice.keyArn} is not of region ${choice.region}.`);
}

interface RotationParts extends KeyRoom {
  readonly chain: string;
  readonly rows: SqliteRows;
  readonly firstKey: string;
  readonly signer: Signer;
}

/** Keeps the new key before anything speaks of it. A key that is then never introduced is harmless. */
export async function keepNewKey(parts: RotationParts, { signer, kept }: NewKey): Promise<void> {
  const known = anchoredKeys(parts.rows, parts.firstKey).ring.get(signer.keyId);
  if (known !== undefined) {
    const text = `Key ${signer.keyId} has signed this trail before. A key comes into force once; choose another one.`;
    throw new CausewayError('conflict', text, { reason: 'key-known' });
  }
  await keepFirstKey(parts.secrets, parts.chain, parts.firstKey);
  await keepKey(parts.secrets, parts.chain, signer.keyId, kept);
}

/** The two records of a change of key, to stand at `seq` and the one after. */
export function rotationRecords(
  { chain, signer, random }: RotationParts,
  next: Signer,
  request: RotationRequest,
  seq: number,
): readonly [PreparedInput, PreparedInput] {
  const newKey = describeKey(next, seq + 2);
  const approved: AppendInput<'tenant.protection_change_approved'> = {
    action: 'tenant.protection_change_approved',
    outcome: 'success',
    ...request.by,
    target: { type: 'chain', id: chain },
    data: {
      change: 'signing-key-rotation',
      changeDigest: hashRecord(canonicalBytes({ ...newKey })),
      justification: request.justification,
    },
  };
  const rotated: AppendInput<'credential.key_rotated'> = {
    action: 'credential.key_rotated',
    outcome: 'success',
    ...request.by,
    target: { type: 'signing-key', id: newKey.id },
    data: { purpose: 'signing', oldKey: signer.keyId, newKey, reason: request.reason },
  };
  return [prepareInput(approved, random), prepareInput(rotated, random)];
}

/** After a rotation that was refused: the new key goes, unless the chain has it after all. */
export async function dropUnusedKey(parts: RotationParts, { signer }: NewKey): Promise<void> {
  if (anchoredKeys(parts.rows, parts.firstKey).ring.get(signer.keyId) !== undefined) return;
  await destroyKey(parts.secrets, parts.chain, signer.keyId);
}

/**
 * Destroys what the keychain has of keys that no longer sign, once a checkpoint of the key in force covers its
 * introduction (`covered` records).
 */
export async function destroyRetired(
  parts: Omit<RotationParts, 'signer' | keyof KeyRoom> & Pick<KeyRoom, 'secrets'>,
  covered: number,
): Promise<void> {
  const { ring, current } = anchoredKeys(parts.rows, parts.firstKey);
  if (covered < current.fromSeq - 1) return;
  for (const { description } of ring.entries()) {
    if (description.id === current.id) continue;
    if ((await recallKey(parts.secrets, parts.chain, description.id)) !== null) {
      await destroyKey(parts.secrets, parts.chain, description.id);
    }
  }
}
