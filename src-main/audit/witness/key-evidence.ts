import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { KeyDescription } from '#shared/model/audit-record.ts';
import { broken } from '../broken.ts';
import { canonicalText } from '../canonical.ts';
import { chainKeys } from '../chain-keys.ts';
import { hashRecord, signedText } from '../hash.ts';
import { decodeBase64, isObject, readJson } from '../json-read.ts';
import { KeyIntroductions } from '../key-introductions.ts';
import type { KeyRing } from '../key-ring.ts';
import { verifySignature } from '../keys.ts';
import { checkRecordSchema } from '../record-schema.ts';
import type { RecordRow, SqliteRows } from '../sqlite-rows.ts';
import { storedSubtree } from '../stored-tree.ts';
import { hashLeaf } from '../tree.ts';
import { proveInclusion, verifyInclusion } from '../tree-proof.ts';

const Base64 = z.string().max(6_000_000);

/** A record that introduces keys, with its place in the checkpoint's tree. */
export const KeyRecord = z.strictObject({
  seq: z.int().min(1),
  sig: Base64,
  /** The record's bytes, base64. */
  bytes: Base64,
  /** Inclusion in the tree of the checkpoint, base64, lowest sibling first. */
  proof: z.array(z.string().length(44)).max(64),
});
export type KeyRecord = z.infer<typeof KeyRecord>;

/** The first record and every change of the signing key up to `size`, each with its proof. */
export function collectKeyRecords(rows: SqliteRows, size: number): KeyRecord[] {
  const introducing = new Set(
    chainKeys(rows, size)
      .ring.entries()
      .map(({ description }) => Math.max(1, description.fromSeq - 1)),
  );
  return [...introducing]
    .filter((seq) => seq <= size)
    .map((seq) => {
      const row = rows.bySeq(seq);
      if (row === undefined) throw broken('gap', `record ${seq} is missing`);
      return keyRecord(rows, row, size);
    });
}

function keyRecord(rows: SqliteRows, { seq, sig, bytes }: RecordRow, size: number): KeyRecord {
  const proof = proveInclusion(seq - 1, size, (from, to) => storedSubtree(rows, from, to));
  return {
    seq,
    sig: sig.toString('base64'),
    bytes: bytes.toString('base64'),
    proof: proof.map((hash) => hash.toString('base64')),
  };
}

export interface ProvenKeys {
  readonly ring: KeyRing;
  /** The key the chain began with. */
  readonly first: KeyDescription;
  /** In the order of introduction. */
  readonly keys: readonly { readonly id: string; readonly fromSeq: number }[];
}

export interface ProvenTree {
  readonly chain: string;
  readonly tenant: string;
  readonly size: number;
  readonly root: Buffer;
}

/**
 * The keys of somebody else's chain, proven by its own records: the first one introduces the key that signed it, each
 * further one is signed under the key then in force, and all of them are in the tree. Attacker-controlled.
 * @throws CausewayError `denied` (`witness-key`)
 */
export function proveKeys(records: readonly KeyRecord[], tree: ProvenTree): ProvenKeys {
  const wrong: string[] = [];
  const report = (_code: string, message: string) => wrong.push(message);
  const known = new KeyIntroductions([], 1);
  let first: KeyDescription | undefined;
  let before = 0;
  for (const entry of records) {
    if (entry.seq <= before) throw unproven('its records of keys are not in order');
    before = entry.seq;
    const { record, signature, hash } = readKeyRecord(entry, tree);
    if (entry.seq === 1) known.takeFirst(record, report);
    const key = known.ring.get(record.key);
    const signed =
      key !== undefined &&
      known.ring.isInForce(key, entry.seq) &&
      verifySignature(key.key, signedText(hash), signature);
    if (!signed) throw unproven(`record ${entry.seq} is not signed by a key known before it`);
    if (entry.seq === 1) first = key.description;
    else if (record.action !== 'credential.key_rotated' || record.outcome !== 'success') {
      throw unproven(`record ${entry.seq} changes no key`);
    } else known.rotate(record.data, record.key, entry.seq, true, report);
    if (wrong[0] !== undefined) throw unproven(`record ${entry.seq}: ${wrong[0]}`);
  }
  if (first === undefined) throw unproven('its first record is not there');
  const keys = known.ring.entries().map(({ description: { id, fromSeq } }) => ({ id, fromSeq }));
  // several first keys: which of them a rotation retires would have to be shown, and this program begins with one
  if (keys.filter(({ fromSeq }) => fromSeq === 1).length !== 1) throw unproven('it began with several keys');
  return { ring: known.ring, first, keys };
}

function readKeyRecord(entry: KeyRecord, { chain, tenant, size, root }: ProvenTree) {
  const bytes = decodeBase64(entry.bytes);
  const signature = decodeBase64(entry.sig);
  const proof = entry.proof.map(decodeBase64);
  if (bytes === null || signature === null || !proof.every((hash): hash is Buffer => hash?.length === 32)) {
    throw unproven(`record ${entry.seq} is not base64`);
  }
  if (!verifyInclusion(hashLeaf(bytes), entry.seq - 1, size, proof, root)) {
    throw unproven(`record ${entry.seq} is not in the tree of the checkpoint`);
  }
  const reading = readJson(bytes);
  if (!reading.ok || !isObject(reading.value) || !isCanonical(reading.value, reading.text)) {
    throw unproven(`record ${entry.seq} is not a record`);
  }
  const record = checkRecordSchema(reading.value);
  if (typeof record === 'string') throw unproven(`record ${entry.seq} is not a record: ${record}`);
  if (record.chain !== chain || record.tenant !== tenant || record.seq !== entry.seq) {
    throw unproven(`record ${entry.seq} is of another chain or place`);
  }
  return { record, signature, hash: hashRecord(bytes) };
}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalText(value) === text;
  } catch {
    return false;
  }
}

function unproven(what: string): CausewayError {
  const text = `The keys of that chain are not proven by its records: ${what}. It was not cosigned.`;
  return new CausewayError('denied', text, { reason: 'witness-key' });
}
