import { CausewayError } from '#shared/errors.ts';
import type { Problem } from '#shared/model/verdict.ts';
import { chainKeys } from '../chain-keys.ts';
import { type Note, parseNote, verifyNote } from '../checkpoint.ts';
import { keysForCheckpoint } from '../end-checks.ts';
import { ProblemList } from '../problems.ts';
import { BrokenTreeError, loadFrontier } from '../stored-tree.ts';
import type { Frontier } from '../tree.ts';
import { subtreesBefore } from './block-roots.ts';
import { type CheckedChain, checkRange, type Pause } from './check-block.ts';
import { BLOCK, blockCount, endOf } from './coverage.ts';

export interface SinceRequest {
  /** A checkpoint of this chain that is known from elsewhere, as a signed note. */
  readonly note: string;
  /** Hash of the record at its size, where that is known. */
  readonly head: string | null;
  /** The last record to check. */
  readonly to: number;
}

export interface SinceCheck {
  /** Size of the checkpoint. */
  readonly since: number;
  readonly to: number;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly failures: number;
  /** Records read. */
  readonly read: number;
}

/**
 * Checks the records after a checkpoint: that the tree up to there, from the stored subtrees, is the checkpoint's, and
 * then every later record. What it costs grows with the records since, not with the chain. It says nothing of whether
 * the records before are still those the subtrees were made of.
 */
export async function verifySince(chain: CheckedChain, request: SinceRequest, pause: Pause): Promise<SinceCheck> {
  const found: Problem[] = [];
  const begin = new ProblemList();
  const note = parseNote(request.note);
  if (typeof note === 'string' || note.chain !== chain.chain) {
    begin.add(0, 'checkpoint', typeof note === 'string' ? note : 'its origin is another chain');
    return { since: 0, to: 0, problems: begin.kept, problemCount: begin.count, failures: begin.failures, read: 0 };
  }
  const { size } = note;
  const wrong = noteProblem(chain, note);
  if (wrong !== null) begin.add(0, 'checkpoint', wrong);
  const tree = storedTree(chain, size);
  if (tree === null) begin.add(0, 'not-extension', `there are not ${size} records, or no subtrees of them`);
  else if (tree.root().toString('base64') !== note.root) {
    begin.add(0, 'root', `the root of ${size} records is not the checkpoint's`);
  }
  found.push(...begin.kept);
  let { count, failures } = begin;
  let read = 0;
  const roots: (Uint8Array | null)[] = [];
  let nodes = tree?.nodes.slice(subtreesBefore(Math.floor(size / BLOCK))) ?? [];
  let prev = request.head;
  if (tree !== null) {
    for (let block = Math.floor(size / BLOCK), from = size; block < blockCount(request.to); block++) {
      const to = endOf(block, request.to);
      const part = await checkRange(chain, { block, from, to, nodes, prev, roots, pin: null }, pause);
      found.push(...part.problems.slice(0, 1000 - found.length));
      count += part.problemCount;
      failures += part.failures;
      read += part.read;
      while (roots.length < block) roots.push(null);
      roots.push(part.nodes?.[0] === undefined ? null : Buffer.from(part.nodes[0], 'base64'));
      [from, nodes, prev] = [to, [], part.head];
    }
  }
  return { since: size, to: request.to, problems: found, problemCount: count, failures, read };
}

function noteProblem({ rows }: CheckedChain, note: Note): string | null {
  try {
    return verifyNote(note, keysForCheckpoint(chainKeys(rows).ring, note.size));
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return error.message;
    throw error;
  }
}

function storedTree({ rows }: CheckedChain, size: number): Frontier | null {
  try {
    return loadFrontier(rows, size);
  } catch (error) {
    if (error instanceof BrokenTreeError) return null;
    throw error;
  }
}
