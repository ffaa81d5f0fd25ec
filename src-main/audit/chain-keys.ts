import type { KeyDescription } from '#shared/model/audit-record.ts';
import { broken } from './broken.ts';
import { hashRecord, signedText } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import { KeyIntroductions } from './key-introductions.ts';
import type { KeyRing, RingEntry } from './key-ring.ts';
import { verifySignature } from './keys.ts';
import { checkRecordSchema } from './record-schema.ts';
import type { RecordRow, SqliteRows } from './sqlite-rows.ts';

type Members = Readonly<Record<string, unknown>>;

/** The keys a stored chain introduced, each with the stretch in which it is in force. */
export interface ChainKeys {
  readonly ring: KeyRing;
  /** The key of the first record. */
  readonly first: KeyDescription;
  /** The key in force for the next record. */
  readonly current: KeyDescription;
}

/**
 * The keys of the chain up to `last`, found from its first record and the rotations, which the trail lists by action:
 * what it costs grows with the rotations, not with the chain. A rotation counts only if its own hash and signature hold
 * under the key then in force. A rotation hidden from the trail's list leaves its successors' key unknown; verification
 * compares that list with the records.
 * @throws CausewayError `audit-broken` (`first-record`, `key-rotation`) when the keys cannot be told
 */
export function chainKeys(rows: SqliteRows, last = Number.MAX_SAFE_INTEGER): ChainKeys {
  const wrong: string[] = [];
  const report = (_code: string, message: string) => wrong.push(message);
  const keys = new KeyIntroductions([], 1);
  const row = rows.bySeq(1);
  const members = row === undefined ? null : membersOf(row);
  if (row === undefined || members === null) throw broken('first-record', 'its first record cannot be read');
  keys.takeFirst(members, report);
  const first = typeof members.key === 'string' ? keys.ring.get(members.key) : undefined;
  if (first === undefined || wrong.length > 0 || !isSignedBy(first, row)) {
    throw broken('first-record', `its first record does not introduce the key that signed it${because(wrong)}`);
  }
  let current = first.description;
  for (const rotation of rows.byAction('credential.key_rotated')) {
    if (rotation.seq > last) break;
    current = rotate(keys, rotation, current, wrong);
  }
  return { ring: keys.ring, first: first.description, current };
}

/**
 * The same, of a chain that must begin with the key the keychain knows: whoever replaced the database can make a chain
 * that holds in itself, but not with that key.
 * @throws CausewayError `audit-broken` (`first-record`, `key-rotation`)
 */
export function anchoredKeys(rows: SqliteRows, firstKey: string, last?: number): ChainKeys {
  const keys = chainKeys(rows, last);
  if (keys.first.id === firstKey) return keys;
  throw broken('first-record', 'the key in the keychain did not make its first record');
}

function rotate(keys: KeyIntroductions, row: RecordRow, current: KeyDescription, wrong: string[]): KeyDescription {
  const members = membersOf(row);
  const record = members === null ? 'it cannot be read' : checkRecordSchema(members);
  if (typeof record === 'string') throw broken('key-rotation', `record ${row.seq} is not one of a rotation: ${record}`);
  // a row of the list may lie about its record; what a record says that failed has no effect
  if (record.action !== 'credential.key_rotated' || record.outcome !== 'success') return current;
  const data: Members = record.data;
  if (data.purpose !== 'signing' || !isObject(data.newKey)) return current;
  const entry = keys.ring.get(record.key);
  const signed =
    record.seq === row.seq && entry !== undefined && keys.ring.isInForce(entry, row.seq) && isSignedBy(entry, row);
  keys.rotate(data, record.key, row.seq, signed, (_code, message) => wrong.push(message));
  const introduced = keys.ring.get(String(data.newKey.id));
  if (wrong.length > 0 || introduced === undefined) {
    throw broken('key-rotation', `the change of its key in record ${row.seq} does not hold${because(wrong)}`);
  }
  return introduced.description;
}

function because(wrong: readonly string[]): string {
  return wrong[0] === undefined ? '' : ` (${wrong[0]})`;
}

function membersOf(row: RecordRow): Members | null {
  const reading = readJson(row.bytes);
  return reading.ok && isObject(reading.value) ? reading.value : null;
}

function isSignedBy({ key }: RingEntry, row: RecordRow): boolean {
  const hash = hashRecord(row.bytes);
  return hash === row.hash.toString('hex') && verifySignature(key, signedText(hash), row.sig);
}

/** The keys introduced up to `last`, in that order, as the header of an export lists them. */
export function introducedKeys(rows: SqliteRows, last?: number): readonly KeyDescription[] {
  return chainKeys(rows, last)
    .ring.entries()
    .map(({ description: { id, alg, spki, fromSeq } }) => ({ id, alg, spki, fromSeq }));
}
