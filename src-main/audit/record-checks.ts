import { GENESIS_PREV } from '#shared/model/audit-record.ts';
import { canonicalText } from './canonical.ts';
import { hashRecord, signedText } from './hash.ts';
import { isObject, readJson } from './json-read.ts';
import { readKey, verifySignature } from './keys.ts';
import type { Signer } from './signer.ts';
import type { RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { RecordCheck, StoredCheckpoint } from './store.ts';
import { storedSubtree } from './stored-tree.ts';
import { hashLeaf } from './tree.ts';
import { proveInclusion, verifyInclusion } from './tree-proof.ts';

interface CheckParts {
  readonly rows: SqliteRows;
  readonly signer: Pick<Signer, 'keyId' | 'alg' | 'spki'>;
}

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
  return [checkCanonical(row), ...holdsInChain(parts, row), checkInclusion(parts.rows, row, checkpoint)];
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

function checkSignature({ signer }: CheckParts, row: RecordRow, hash: string, members: Members): RecordCheck {
  const name = 'Signature';
  if (members.key !== signer.keyId)
    return { name, state: 'fails', detail: 'it was not signed with the key in the keychain' };
  const key = readKey({ id: signer.keyId, alg: signer.alg, spki: signer.spki.toString('base64') });
  const ok = typeof key !== 'string' && verifySignature(key, signedText(hash), row.sig);
  return { name, state: stateOf(ok), detail: ok ? `${signer.alg}, key ${signer.keyId}` : 'its signature is wrong' };
}

function checkLinks({ rows }: CheckParts, row: RecordRow, hash: string, members: Members): RecordCheck {
  const name = 'Links';
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

function checkInclusion(rows: SqliteRows, row: RecordRow, checkpoint: StoredCheckpoint | null): RecordCheck {
  const name = 'Inclusion';
  if (checkpoint === null || row.seq > checkpoint.size) {
    return { name, state: 'open', detail: 'Newer than the newest checkpoint, which will cover it.' };
  }
  try {
    const subtree = (from: number, to: number) => storedSubtree(rows, from, to);
    const proof = proveInclusion(row.seq - 1, checkpoint.size, subtree);
    const root = Buffer.from(checkpoint.root, 'base64');
    const ok = verifyInclusion(hashLeaf(row.bytes), row.seq - 1, checkpoint.size, proof, root);
    const detail = ok
      ? `In the checkpoint of ${checkpoint.size} records, by ${proof.length} hashes.`
      : 'not in the tree by the stored subtrees; verify the trail to tell which is damaged';
    return { name, state: stateOf(ok), detail };
  } catch (error) {
    return { name, state: 'fails', detail: error instanceof Error ? error.message : 'the tree cannot be read' };
  }
}

function hashOf(row: RecordRow | undefined): string | null {
  return row === undefined ? null : hashRecord(row.bytes);
}

function stateOf(ok: boolean): RecordCheck['state'] {
  return ok ? 'holds' : 'fails';
}
