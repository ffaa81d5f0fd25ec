import type { Problem } from '#shared/model/verdict.ts';
import { anchoredKeys } from './chain-keys.ts';
import { ProblemList } from './problems.ts';
import { RecordVerifier } from './record-verifier.ts';
import type { SqliteRows } from './sqlite-rows.ts';

const CHUNK = 32;

export interface TailParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly firstKey: string;
}

/** Where the records begin that are to be checked: everything up to there is known. */
export interface TailStart {
  readonly seq: number;
  readonly hash: string | undefined;
  readonly left: readonly Buffer[];
}

/** Section 6 over the stored records after a place that is known, up to `last`; of the clock nothing is said. */
export function checkTail(
  { chain, tenant, rows, firstKey }: TailParts,
  { seq, hash, left }: TailStart,
  last: number,
): { readonly records: RecordVerifier; readonly problem: Problem | undefined } {
  const problems = new ProblemList();
  const keys =
    seq === 0
      ? []
      : anchoredKeys(rows, firstKey, seq)
          .ring.entries()
          .map(({ description }) => description);
  const records = new RecordVerifier(problems, { chain, tenant, first: seq + 1, left, keys, prev: hash });
  for (let done = seq; done < last; ) {
    const chunk = rows.chunk(done, last, CHUNK);
    for (const row of chunk) {
      records.check({ line: 0, hash: row.hash.toString('hex'), sig: row.sig, bytes: row.bytes });
    }
    done = chunk.at(-1)?.seq ?? last;
  }
  return { records, problem: problems.kept.find(({ code }) => code !== 'time') };
}
