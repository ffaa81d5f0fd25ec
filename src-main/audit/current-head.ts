import { broken } from './broken.ts';
import { checkTail } from './check-tail.ts';
import type { CommitParts, Head } from './commit-batch.ts';

type HeadParts = Pick<CommitParts, 'chain' | 'tenant' | 'rows' | 'signer' | 'firstKey'>;

/**
 * The head as the database has it now. Where it is not the known one, another connection wrote: the known head must be
 * in the chain still, and every record after it must hold. Whoever can write to the file could otherwise slip records
 * in, and this process would sign its next record, and a checkpoint, on top of them.
 * @throws CausewayError `audit-broken`
 */
export function currentHead(parts: HeadParts, known: Head | null): Head | null {
  const row = parts.rows.head();
  if (row === undefined && known === null) return null;
  const before = known === null ? undefined : parts.rows.bySeq(known.seq);
  if (row === undefined || (known !== null && before?.hash.toString('hex') !== known.hash)) {
    throw broken('changed-underneath', 'its database was replaced or cut while it was open');
  }
  if (row.seq === known?.seq) return known;
  return readForeign(parts, known, row.seq);
}

function readForeign(parts: HeadParts, known: Head | null, last: number): Head {
  const from = known?.seq ?? 0;
  const start = { seq: from, hash: known?.hash, left: known?.frontier.nodes ?? [] };
  const { records, problem } = checkTail(parts, start, last);
  if (problem !== undefined || records.head === null || records.tree.size !== last) {
    const what = `record ${problem?.seq ?? from + 1}, written by another program, does not hold`;
    throw broken('foreign-record', `${what} (${problem?.message ?? 'there are records missing'})`);
  }
  const key = records.ring.get(parts.signer.keyId);
  if (key === undefined || !records.ring.isInForce(key, last + 1)) {
    throw broken('key-retired', 'another program replaced the key that signs here');
  }
  return { seq: last, hash: records.head, frontier: records.tree };
}
