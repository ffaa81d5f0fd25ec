import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Frontier, foldRoot, hashLeaf } from '#main/audit/tree.ts';
import { proveInclusion } from '#main/audit/tree-proof.ts';
import { CHAIN, describeForged, type ForgedChain, type Loose } from './forge-chain.ts';

interface Line {
  hash: string;
  sig: string;
  proof: string[];
  /** The record's bytes. */
  text: string;
}

/** Makes extracts from a forged chain: every part can be wrong on purpose, the rest fits it. */
export class ForgedExtract {
  readonly chain: ForgedChain;
  readonly lines: Line[];
  disclosures: Loose[] = [];
  header: Loose = {};
  end: Loose = {};
  /** Stands in the place of a line, by its number from 1. */
  replaced = new Map<number, string>();

  /** `seqs` of the chain's records, in the order of their lines. */
  constructor(chain: ForgedChain, seqs: readonly number[]) {
    this.chain = chain;
    const all = chain.lines().map((line) => cut(line));
    const leaves = all.map(({ text }) => hashLeaf(Buffer.from(text)));
    const subtree = (from: number, to: number) => {
      const frontier = new Frontier();
      for (const leaf of leaves.slice(from, to)) frontier.append(leaf);
      return foldRoot(frontier.nodes);
    };
    this.lines = seqs.map((seq) => {
      const line = all[seq - 1];
      if (line === undefined) throw new Error(`no record ${seq}`);
      const proof = proveInclusion(seq - 1, leaves.length, subtree).map((hash) => hash.toString('base64'));
      return { ...line, proof };
    });
  }

  line(index: number): Line {
    const line = this.lines[index];
    if (line === undefined) throw new Error(`no line ${index}`);
    return line;
  }

  text(): string {
    const { chain } = this;
    const size = chain.records.length;
    const seqOf = (line: Line | undefined) => Number(JSON.parse(line?.text ?? '{}').seq);
    const seqs = chain.keys.map((key, index) =>
      index === 0
        ? 1
        : Number(chain.records.find(({ record }) => JSON.stringify(record.data).includes(key.id))?.record.seq) + 1,
    );
    const header = {
      causeway: 'extract/1',
      chain: CHAIN,
      tenant: 'acme',
      first: seqOf(this.lines[0]),
      last: seqOf(this.lines.at(-1)),
      selection: 'extract',
      size,
      root: chain.tree().root().toString('base64'),
      filter: {},
      keys: chain.keys.map((key, index) => describeForged(key, seqs[index] ?? 1)),
      exportedAt: '2026-02-03T05:00:00.000Z',
      generator: { name: 'forge', version: '1' },
      ...this.header,
    };
    const records = this.lines.map(
      ({ hash, sig, proof, text }) =>
        `{"hash":"${hash}","sig":"${sig}","proof":${JSON.stringify(proof)},"record":${text}}`,
    );
    const disclosures = this.disclosures.map((disclosure) => JSON.stringify({ disclosure }));
    const lines = [JSON.stringify(header), ...records, ...disclosures];
    for (const [number, line] of this.replaced) lines[number - 1] = line;
    const body = `${lines.join('\n')}\n`;
    const digest = createHash('sha256').update(body).digest('hex');
    const end = { records: records.length - this.replaced.size, digest, checkpoint: chain.note(), ...this.end };
    return `${body}${JSON.stringify({ end })}\n`;
  }

  write(path: string): string {
    writeFileSync(path, this.text());
    return path;
  }
}

function cut(line: string): Omit<Line, 'proof'> {
  const { hash, sig } = JSON.parse(line) as { hash: string; sig: string };
  return { hash, sig, text: line.slice(line.indexOf('"record":') + 9, -1) };
}
