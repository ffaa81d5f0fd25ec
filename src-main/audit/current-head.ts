import { broken } from './broken.ts';
import { anchoredKeys } from './chain-keys.ts';
import type { CommitParts, Head } from './commit-batch.ts';
import { ProblemList } from './problems.ts';
import { RecordVerifier } from './record-verifier.ts';

const CHUNK = 32;

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

function readForeign({ chain, tenant, rows, signer, firstKey }: HeadParts, known: Head | null, last: number): Head {
  const from = known?.seq ?? 0;
  const problems = new ProblemList();
  const left = known?.frontier.nodes ?? [];
  const keys =
    from === 0
      ? []
      : anchoredKeys(rows, firstKey, from)
          .ring.entries()
          .map(({ description }) => description);
  const records = new RecordVerifier(problems, { chain, tenant, first: from + 1, left, keys, prev: known?.hash });
  for (let done = from; done < last; ) {
    const chunk = rows.chunk(done, last, CHUNK);
    for (const row of chunk) {
      records.check({ line: 0, hash: row.hash.toString('hex'), sig: row.sig, bytes: row.bytes });
    }
    done = chunk.at(-1)?.seq ?? last;
  }
  const key = records.ring.get(signer.keyId);
  const [problem] = problems.kept.filter(({ code }) => code !== 'time');
  if (problem !== undefined || records.head === null || records.tree.size !== last) {
    const what = `record ${problem?.seq ?? from + 1}, written by another program, does not hold`;
    throw broken('foreign-record', `${what} (${problem?.message ?? 'there are records missing'})`);
  }
  if (key === undefined || !records.ring.isInForce(key, last + 1)) {
    throw broken('key-retired', 'another program replaced the key that signs here');
  }
  return { seq: last, hash: records.head, frontier: records.tree };
}
