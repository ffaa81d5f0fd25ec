import { type Bytes, hashOf, jcs, type Loose, utf8 } from './bytes.ts';
import { CHAIN, describe, TENANT, type VectorChain } from './chain.ts';
import { besides, pathOf } from './tree.ts';

/** How a file is made from a chain, and what is done to it on the way; what comes later fits what was done before. */
export interface FileChanges {
  /** First and last record of a range, and the size of the tree its checkpoint is of. */
  readonly range?: readonly [first: number, last: number, size?: number];
  /** The records of an extract, in the order of their lines. */
  readonly extract?: readonly number[];
  readonly proofs?: (proofs: string[][]) => void;
  readonly header?: (header: Loose) => void;
  readonly headerLine?: (line: Bytes) => Bytes;
  /** Header, records and disclosures; the digest at the end is theirs. */
  readonly lines?: (lines: Bytes[]) => void;
  readonly end?: (end: Loose) => void;
  readonly endLine?: (line: Bytes) => Bytes;
  /** The whole file: nothing is made to fit it. */
  readonly bytes?: (file: Bytes) => Bytes;
  /** Takes the place of the checkpoint over the chain. */
  readonly note?: string;
}

export function fileOf(chain: VectorChain, changes: FileChanges = {}): Bytes {
  const { extract, range } = changes;
  const built = chain.build();
  const last = range?.[1] ?? built.length;
  const size = range?.[2] ?? built.length;
  const first = range?.[0] ?? 1;
  const seqs = extract ?? Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const records = recordLines(chain, changes, seqs);
  const header = headerOf(chain, changes, { first, last, size, seqs });
  changes.header?.(header);
  const headerLine = utf8(JSON.stringify(header));
  const disclosures = chain.disclosures
    .filter(({ seq }) => seqs.includes(seq) || extract === undefined)
    .filter(({ seq }) => range === undefined || (seq >= first && seq <= last))
    .map(({ seq, path, value }) =>
      utf8(`{"disclosure":{"seq":${seq},"path":${JSON.stringify(path)},"value":${jcs(value)}}}`),
    );
  const lines = [changes.headerLine?.(headerLine) ?? headerLine, ...records, ...disclosures];
  changes.lines?.(lines);
  const body = lines.map((line) => `${line}\n`).join('');
  const checkpoint = changes.note ?? chain.note(size);
  const end: Loose = { records: records.length, digest: hashOf(body), checkpoint };
  changes.end?.(end);
  const endLine = utf8(`${JSON.stringify({ end })}\n`);
  const file = body + (changes.endLine?.(endLine) ?? endLine);
  return changes.bytes?.(file) ?? file;
}

function recordLines(chain: VectorChain, { extract, proofs }: FileChanges, seqs: readonly number[]): Bytes[] {
  const built = chain.build();
  const leaves = extract === undefined ? [] : chain.leaves();
  const paths = seqs.map((seq) =>
    extract === undefined ? [] : pathOf(seq - 1, leaves).map((hash) => hash.toString('base64')),
  );
  proofs?.(paths);
  return seqs.map((seq, index) => {
    const record = built[seq - 1];
    if (record === undefined) throw new Error(`no record ${seq}`);
    const proof = extract === undefined ? '' : `"proof":${JSON.stringify(paths[index])},`;
    return `{"hash":"${record.hash}","sig":"${record.sig}",${proof}"record":${record.bytes}}`;
  });
}

interface Extent {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly seqs: readonly number[];
}

function headerOf(chain: VectorChain, { extract, range }: FileChanges, { first, last, size, seqs }: Extent): Loose {
  const known = chain.keys.filter(({ fromSeq }) => fromSeq <= (extract === undefined ? last : size) + 1);
  const keys = known.map(({ key, fromSeq }) => describe(key, fromSeq));
  const origin = { exportedAt: '2026-01-02T04:00:00.000Z', generator: { name: 'vectors', version: '1' } };
  if (extract !== undefined) {
    return {
      ...{ causeway: 'extract/1', chain: CHAIN, tenant: TENANT, first: seqs[0], last: seqs.at(-1) },
      ...{ selection: 'extract', size, root: chain.root(size).toString('base64'), filter: {}, keys, ...origin },
    };
  }
  const header = { causeway: 'chain/1', chain: CHAIN, tenant: TENANT, first, last };
  if (range === undefined) return { ...header, selection: 'complete', keys, ...origin };
  const { left, right } = besides(chain.leaves().slice(0, size), first - 1, last);
  const encode = (hashes: readonly Buffer[]) => hashes.map((hash) => hash.toString('base64'));
  return {
    ...{ ...header, selection: 'range', keys, ...origin },
    range: { size, left: encode(left), right: encode(right) },
  };
}
