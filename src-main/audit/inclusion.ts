import type { RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { RecordCheck, StoredCheckpoint } from './store.ts';
import { BrokenTreeError, STORED_LEVEL, storedSubtree } from './stored-tree.ts';
import { Frontier, hashLeaf, hashNode } from './tree.ts';
import { proveInclusion, splitPoint, verifyInclusion } from './tree-proof.ts';

/** That a record is in the tree a checkpoint signs (RFC 6962, 2.1.1). */
export interface InclusionProof {
  /** From 0. */
  readonly index: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Base64, from the leaf up. */
  readonly hashes: readonly string[];
  /** The checkpoint, with its signatures. */
  readonly note: string;
}

export interface Inclusion {
  readonly check: RecordCheck;
  readonly proof: InclusionProof | null;
}

type Subtree = (from: number, to: number) => Buffer;

const BLOCK = 2 ** STORED_LEVEL;
/** So many records at most are read to make the tree again without any stored subtree: well under a second. */
const MOST_READ = 50_000;
const CHUNK = 1000;
const NAME = 'Inclusion';

/**
 * The inclusion of a record in a checkpoint. The stored subtrees only save work: where one of them is damaged, the larger
 * ones are made from the smallest, and of a chain that is not too long all of them from the records. A record that
 * `holds` by itself is not blamed for a damage elsewhere: its inclusion is then open, with the reason.
 */
export function proveStored(
  rows: SqliteRows,
  row: RecordRow,
  checkpoint: StoredCheckpoint | null,
  holds: boolean,
): Inclusion {
  if (checkpoint === null || row.seq > checkpoint.size) {
    const detail = 'Newer than the newest checkpoint, which will cover it.';
    return { check: { name: NAME, state: 'open', detail }, proof: null };
  }
  const ways: (() => Subtree)[] = [() => (from, to) => storedSubtree(rows, from, to), () => fromBlocks(rows)];
  if (checkpoint.size <= MOST_READ) ways.push(() => fromRecords(rows));
  let reason = '';
  for (const [tried, way] of ways.entries()) {
    try {
      const proof = prove(row, checkpoint, way());
      if (proof !== null) return { check: heldBy(proof, tried > 0), proof };
      reason = 'its place in the tree does not lead to the root that was signed';
    } catch (error) {
      if (!(error instanceof BrokenTreeError)) throw error;
      reason = error.message;
    }
  }
  const detail = holds
    ? `Cannot be shown: ${reason}. Something else is damaged, this record holds; verify the trail to see what.`
    : `It is not in the checkpoint of ${checkpoint.size} records: ${reason}`;
  return { check: { name: NAME, state: holds ? 'open' : 'fails', detail }, proof: null };
}

function heldBy({ size, hashes }: InclusionProof, remade: boolean): RecordCheck {
  const detail = `In the checkpoint of ${size} records, by ${hashes.length} hashes.`;
  const note = remade ? ' A stored subtree is damaged; it was made again for this. Verify the trail.' : '';
  return { name: NAME, state: 'holds', detail: detail + note };
}

function prove(row: RecordRow, { size, root, note }: StoredCheckpoint, subtree: Subtree): InclusionProof | null {
  const index = row.seq - 1;
  const hashes = proveInclusion(index, size, subtree);
  if (!verifyInclusion(hashLeaf(row.bytes), index, size, hashes, Buffer.from(root, 'base64'))) return null;
  return { index, size, root, hashes: hashes.map((hash) => hash.toString('base64')), note };
}

/** Larger subtrees from the stored ones of the lowest level. */
function fromBlocks(rows: SqliteRows): Subtree {
  const subtree = (from: number, to: number): Buffer => {
    if (to - from <= BLOCK) return storedSubtree(rows, from, to);
    const split = from + splitPoint(to - from);
    return hashNode(subtree(from, split), subtree(split, to));
  };
  return subtree;
}

function fromRecords(rows: SqliteRows): Subtree {
  return (from, to) => {
    const frontier = new Frontier();
    for (let done = from; done < to; ) {
      const chunk = rows.chunk(done, Math.min(to, done + CHUNK), CHUNK);
      const last = chunk.at(-1);
      if (last === undefined || last.seq !== done + chunk.length) {
        throw new BrokenTreeError(`records between ${from + 1} and ${to} are missing`);
      }
      for (const { bytes } of chunk) frontier.append(hashLeaf(bytes));
      done = last.seq;
    }
    return frontier.root();
  };
}
