import { setImmediate as nextTurn } from 'node:timers/promises';
import { hashRecord } from '#main/audit/hash.ts';
import type { AuditStore, StoredRecord } from '#main/audit/store.ts';
import { CausewayError } from '#shared/errors.ts';

export type RecordReader = Pick<AuditStore, 'get' | 'getVerified' | 'head'>;

/** Records read in one go, a few milliseconds' work. */
const CHUNK = 128;

/**
 * Every record after the one of this hash that `wanted` takes, from the records' bytes, each linked to the one before up
 * to the head: whoever can write to the database can change what the trail lists, and can leave nothing out of this.
 * @throws CausewayError `audit-broken` when one of them is missing or was changed
 */
export async function recordsAfter(
  audit: RecordReader,
  hash: string,
  wanted: (record: StoredRecord) => boolean,
): Promise<readonly StoredRecord[]> {
  const start = audit.getVerified(hash);
  if (start === null) throw unknown('its first record is not there');
  const found: StoredRecord[] = [];
  let before = start.hash;
  for (let seq = start.seq + 1; seq <= audit.head().seq; seq++) {
    const stored = audit.get(seq);
    if (stored === null) throw unknown(`record ${seq} is missing`);
    const own = hashRecord(stored.bytes);
    if (stored.record.prev !== before || stored.record.seq !== seq) {
      throw unknown(`record ${seq} does not follow the one before`);
    }
    before = own;
    if (wanted(stored)) found.push({ ...stored, hash: own });
    if (seq % CHUNK === 0) await nextTurn();
  }
  if (before !== audit.head().hash) throw unknown('the newest record is not the one that is known');
  return found;
}

function unknown(what: string): CausewayError {
  const text = `What was decided about this cannot be told from the audit trail: ${what}. Verify the trail.`;
  return new CausewayError('audit-broken', text, { reason: 'decisions-unknown' });
}
