import { z } from 'zod';
import { isCanonical, NotCanonicalError } from '#main/audit/canonical.ts';
import { hashRecord, signedText } from '#main/audit/hash.ts';
import { decodeBase64, isObject, readJson } from '#main/audit/json-read.ts';
import { KeyIntroductions } from '#main/audit/key-introductions.ts';
import { verifySignature } from '#main/audit/keys.ts';
import { checkRecordSchema } from '#main/audit/record-schema.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';

/** A record's bytes and signature, base64. */
const SignedRecord = z.strictObject({ bytes: z.string().max(6_000_000), sig: z.string().max(128) });
type SignedRecord = z.infer<typeof SignedRecord>;

/** Records of a chain, with those that introduce the keys that signed them. */
export const ChainEvidence = z.strictObject({
  /** The first record and every change of the signing key, ascending. */
  keys: z.array(SignedRecord).min(1).max(1000),
  /** Of the proposal. */
  proposal: SignedRecord,
  /** That puts the request's digest on record. */
  issued: SignedRecord,
});
export type ChainEvidence = z.infer<typeof ChainEvidence>;

export interface ProvenRecord {
  readonly hash: string;
  readonly record: AuditRecord;
}

/** A key a chain introduced, in force from record `fromSeq`. */
export interface ChainKey {
  readonly id: string;
  readonly fromSeq: number;
}

export interface ProvenChain {
  /** In the order of introduction; the first one is what people compare. */
  readonly keys: readonly ChainKey[];
  readonly proposal: ProvenRecord;
  readonly issued: ProvenRecord;
}

type Source = Pick<AuditStore, 'get' | 'keys'>;

/** @throws CausewayError `audit-broken` when a record that introduces a key is missing */
export function collectEvidence(audit: Source, proposal: StoredRecord, issued: StoredRecord): ChainEvidence {
  const introducing = audit
    .keys()
    .map(({ fromSeq }) => Math.max(1, fromSeq - 1))
    .filter((seq, index, all) => seq < issued.seq && all.indexOf(seq) === index);
  const keys = introducing.map((seq) => {
    const record = audit.get(seq);
    if (record !== null) return encode(record);
    const text = `Record ${seq} of the audit trail, which introduces a signing key, is missing. Verify the trail.`;
    throw new CausewayError('audit-broken', text, { reason: 'gap' });
  });
  return { keys, proposal: encode(proposal), issued: encode(issued) };
}

function encode({ bytes, sig }: StoredRecord): SignedRecord {
  return { bytes: Buffer.from(bytes).toString('base64'), sig: Buffer.from(sig).toString('base64') };
}

/**
 * Somebody else's records, proven by that chain's own keys: the first record introduces the key that signed it, each
 * further key is introduced under the one then in force, and both other records are signed by the key of their place.
 * @throws CausewayError `denied` (`request-chain`). Attacker-controlled.
 */
export function proveChain(
  { keys, proposal, issued }: ChainEvidence,
  of: { readonly chain: string; readonly tenant: string },
): ProvenChain {
  const wrong: string[] = [];
  const report = (_code: string, message: string) => wrong.push(message);
  const known = new KeyIntroductions([], 1);
  const demandSigned = ({ record, hash, signature }: ReadRecord) => {
    const key = known.ring.get(record.key);
    const inForce = key !== undefined && known.ring.isInForce(key, record.seq);
    if (!inForce || !verifySignature(key.key, signedText(hash), signature)) {
      throw unproven(`record ${record.seq} is not signed by the key in force there`);
    }
  };
  let before = 0;
  for (const entry of keys) {
    const read = readRecord(entry, of);
    const { record } = read;
    const { seq } = record;
    if (seq <= before || (before === 0 && seq !== 1)) throw unproven('its records of keys are not in order');
    if (seq === 1) known.takeFirst(record, report);
    demandSigned(read);
    if (seq > 1) {
      if (record.action !== 'credential.key_rotated' || record.outcome !== 'success') {
        throw unproven(`record ${seq} changes no key`);
      }
      known.rotate(record.data, record.key, seq, true, report);
    }
    if (wrong[0] !== undefined) throw unproven(`record ${seq}: ${wrong[0]}`);
    before = seq;
  }
  const [asked, put] = [readRecord(proposal, of), readRecord(issued, of)];
  demandSigned(asked);
  demandSigned(put);
  if (put.record.seq <= asked.record.seq || put.record.seq <= before) throw unproven('its records are not in order');
  const introduced = known.ring.entries().map(({ description: { id, fromSeq } }) => ({ id, fromSeq }));
  // of several first keys a person could not compare the one; this program begins with one
  if (introduced.filter(({ fromSeq }) => fromSeq === 1).length !== 1) throw unproven('it began with several keys');
  return { keys: introduced, proposal: asked, issued: put };
}

interface ReadRecord extends ProvenRecord {
  readonly signature: Buffer;
}

function readRecord(entry: SignedRecord, of: { readonly chain: string; readonly tenant: string }): ReadRecord {
  const bytes = decodeBase64(entry.bytes);
  const signature = decodeBase64(entry.sig);
  if (bytes === null || signature === null) throw unproven('a record is not base64');
  const reading = readJson(bytes);
  if (!reading.ok || !isObject(reading.value) || !isOnlyForm(reading.text, reading.value)) {
    throw unproven('what should be a record is none');
  }
  const record = checkRecordSchema(reading.value);
  if (typeof record === 'string') throw unproven(`what should be a record is none: ${record}`);
  if (record.chain !== of.chain || record.tenant !== of.tenant) throw unproven('a record is of another chain');
  return { record, signature, hash: hashRecord(bytes) };
}

function isOnlyForm(text: string, value: unknown): boolean {
  try {
    return isCanonical(text, value);
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function unproven(what: string): CausewayError {
  const text = `The request is not proven by the records of its chain: ${what}. It cannot be answered.`;
  return new CausewayError('denied', text, { reason: 'request-chain' });
}
