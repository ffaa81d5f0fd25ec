import { CausewayError } from '#shared/errors.ts';
import { GENESIS_PREV } from '#shared/model/audit-record.ts';
import { canonicalText } from './canonical.ts';
import { anchoredKeys } from './chain-keys.ts';
import { hashRecord, signedText } from './hash.ts';
import { type Inclusion, type InclusionProof, proveStored } from './inclusion.ts';
import { isObject, readJson } from './json-read.ts';
import type { KeyRing } from './key-ring.ts';
import { verifySignature } from './keys.ts';
import type { RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { RecordCheck, StoredCheckpoint } from './store.ts';

interface CheckParts {
  readonly rows: SqliteRows;
  /** Id of the key the chain began with, from the keychain. */
  readonly firstKey: string;
}

/** Name of the check of a record's links to its neighbours. */
export const LINKS = 'Links';

type Members = Readonly<Record<string, unknown>>;

/** A record that something rests on (an approval): hash, signature and both links, from the stored bytes. */
export function holdsInChain(parts: CheckParts, row: RecordRow): readonly RecordCheck[] {
  const reading = readJson(row.bytes);
  const members = reading.ok && isObject(reading.value) ? reading.value : {};
  const hash = hashRecord(row.bytes);
  return [
    checkHash(row, hash, members),
    checkSignature(parts, row, hash, members),
    checkLinks(parts, row, hash, members),
  ];
}

/** The same with form and inclusion, for the inspector. */
export function checkStoredRecord(
  parts: CheckParts,
  seq: number,
  checkpoint: StoredCheckpoint | null,
): readonly RecordCheck[] {
  const row = parts.rows.bySeq(seq);
  if (row === undefined) return [];
  const own = [checkCanonical(row), ...holdsInChain(parts, row)];
  return [...own, inclusionOf(parts.rows, row, checkpoint, own).check];
}

/** The proof that a record is in a checkpoint; null where there is none to be had, or no such record. */
export function proveRecord(
  parts: CheckParts,
  seq: number,
  checkpoint: StoredCheckpoint | null,
): InclusionProof | null {
  const row = parts.rows.bySeq(seq);
  return row === undefined ? null : inclusionOf(parts.rows, row, checkpoint, []).proof;
}

function inclusionOf(
  rows: SqliteRows,
  row: RecordRow,
  checkpoint: StoredCheckpoint | null,
  own: readonly RecordCheck[],
): Inclusion {
  const holds = own.every((check) => check.state !== 'fails');
  return proveStored(rows, row, checkpoint, holds);
}

function checkCanonical(row: RecordRow): RecordCheck {
  const name = 'Canonical form';
  const reading = readJson(row.bytes);
  if (!reading.ok) return { name, state: 'fails', detail: `the stored bytes are ${reading.reason}` };
  try {
    const ok = canonicalText(reading.value) === reading.text;
    return {
      name,
      state: stateOf(ok),
      detail: ok ? 'The stored bytes are RFC 8785 JSON.' : 'the bytes are not RFC 8785 JSON',
    };
  } catch (error) {
    return {
      name,
      state: 'fails',
      detail: error instanceof Error ? error.message : 'the bytes have no canonical form',
    };
  }
}

function checkHash(row: RecordRow, hash: string, members: Members): RecordCheck {
  const ok = hash === row.hash.toString('hex') && members.seq === row.seq;
  return {
    name: 'Hash',
    state: stateOf(ok),
    detail: ok ? `SHA-256 ${hash}` : 'its bytes do not have the hash they were stored under',
  };
}

/** Under the key in force at its seq, which the chain itself says, from the key the keychain knows it began with. */
function checkSignature(parts: CheckParts, row: RecordRow, hash: string, members: Members): RecordCheck {
  const name = 'Signature';
  const ring = readKeys(parts);
  if (typeof ring === 'string') return { name, state: 'fails', detail: ring };
  const entry = typeof members.key === 'string' ? ring.get(members.key) : undefined;
  if (entry === undefined || !ring.isInForce(entry, row.seq))
    return { name, state: 'fails', detail: 'it was not signed with the key of this chain then in force' };
  const { id, alg } = entry.description;
  const ok = verifySignature(entry.key, signedText(hash), row.sig);
  return { name, state: stateOf(ok), detail: ok ? `${alg}, key ${id}` : 'its signature is wrong' };
}

function readKeys({ rows, firstKey }: CheckParts): KeyRing | string {
  try {
    return anchoredKeys(rows, firstKey).ring;
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return 'the keys of the chain do not hold';
    throw error;
  }
}

function checkLinks({ rows }: CheckParts, row: RecordRow, hash: string, members: Members): RecordCheck {
  const name = LINKS;
  const before = row.seq === 1 ? GENESIS_PREV : hashOf(rows.bySeq(row.seq - 1));
  if (before === null || members.prev !== before) {
    return { name, state: 'fails', detail: 'it does not follow the record before it' };
  }
  const after = rows.bySeq(row.seq + 1);
  if (after !== undefined) {
    const reading = readJson(after.bytes);
    if (!reading.ok || !isObject(reading.value) || reading.value.prev !== hash) {
      return { name, state: 'fails', detail: 'the record after it does not follow it' };
    }
  }
  return {
    name,
    state: 'holds',
    detail: after === undefined ? 'Follows its predecessor.' : 'Linked to both neighbours.',
  };
}

function hashOf(row: RecordRow | undefined): string | null {
  return row === undefined ? null : hashRecord(row.bytes);
}

function stateOf(ok: boolean): RecordCheck['state'] {
  return ok ? 'holds' : 'fails';
}
