import { expectedSchemaDigest, schemaDigest } from '#main/platform/sqlite.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import { type ChainKeys, chainKeys } from '../chain-keys.ts';
import { parseNote, verifyNote } from '../checkpoint.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import { keysForCheckpoint } from '../end-checks.ts';
import { hashRecord } from '../hash.ts';
import { ProblemList } from '../problems.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { AUDIT_MIGRATIONS } from '../sqlite-schema.ts';
import { verifyBesideNothing, verifyCadence, verifyCheckpointsBeyond, verifyPages } from '../stored-checks.ts';
import { BrokenTreeError, extendFrontier, STORED_LEVEL } from '../stored-tree.ts';
import { verifyUnusedKeys } from '../stored-values.ts';
import { verifyStoredCosignatures } from '../witness/stored-cosignatures.ts';
import { BlockRoots } from './block-roots.ts';
import type { CheckedChain, Pause } from './check-block.ts';
import { BLOCK, type Pin } from './coverage.ts';

/** A tree of 2^40 records is more than any chain here will have. */
const MOST_LEVELS = 40;

export interface WholeRequest {
  /** Records there are at least. */
  readonly records: number;
  /** The keychain's checkpoint, or what is wrong with it; null when there is none. */
  readonly kept: KeptCheckpoint | string | null;
  /** The key the chain must begin with. */
  readonly firstKey: string;
  /** By block, computed from the records when it was checked; null where it was not. */
  readonly roots: readonly (Uint8Array | null)[];
  /** Records found good before that are in no block any more. */
  readonly lost: readonly Pin[];
}

export interface WholeCheck {
  readonly problems: ProblemList['kept'];
  readonly problemCount: number;
}

/**
 * What no block shows: the guards, rows that belong to no record, the subtrees above the blocks, checkpoints that were
 * taken away, and that the store holds everything the keychain knows of.
 */
export async function checkWhole(chain: CheckedChain, request: WholeRequest, pause: Pause): Promise<WholeCheck> {
  const { rows } = chain;
  const problems = new ProblemList();
  const roots = new BlockRoots(rows, request.roots);
  const last = rows.head()?.seq ?? 0;
  if (schemaDigest(rows.db) !== expectedSchemaDigest(AUDIT_MIGRATIONS, 'the audit store')) {
    problems.add(0, 'schema', 'the tables or guards of the store were changed');
  }
  if (last < request.records) {
    problems.add(0, 'not-extension', `the store had more records than the ${last} there are`);
  }
  for (const { seq, at } of request.lost) {
    const text = `record ${seq}, found good on ${new Date(at).toISOString()}, is no longer there`;
    problems.add(0, 'not-extension', text, seq);
  }
  await pause();
  const keys = readKeys(rows, request.firstKey, problems);
  const kept = typeof request.kept === 'string' ? null : request.kept;
  if (typeof request.kept === 'string') problems.add(0, 'checkpoint', request.kept);
  else if (kept === null) problems.add(0, 'not-extension', 'the keychain has no checkpoint of this chain');
  else verifyKept({ rows, keys, roots, last }, kept, problems);
  await pause();
  verifyUpperNodes(rows, roots, last, problems);
  verifyCadence(rows, kept, last, problems);
  verifyStoredCosignatures(rows, problems);
  verifyCheckpointsBeyond(rows, last, problems);
  await pause();
  verifyBesideNothing(rows, problems);
  verifyUnusedKeys(chain, problems);
  await pause();
  verifyPages(rows, problems);
  return { problems: problems.kept, problemCount: problems.count };
}

function readKeys(rows: SqliteRows, firstKey: string, problems: ProblemList): ChainKeys | null {
  try {
    const keys = chainKeys(rows);
    if (keys.first.id !== firstKey) problems.add(0, 'pin', 'the chain does not begin with the keychain key');
    return keys;
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    problems.add(0, 'key', `the keys of the chain cannot be told: ${error.reason ?? describeError(error)}`);
    return null;
  }
}

interface KeptContext {
  readonly rows: SqliteRows;
  readonly keys: ChainKeys | null;
  readonly roots: BlockRoots;
  readonly last: number;
}

/** The database must hold the records the keychain's checkpoint is of. */
function verifyKept(context: KeptContext, kept: KeptCheckpoint, problems: ProblemList): void {
  const { rows, keys, roots, last } = context;
  const note = parseNote(kept.note);
  const ring = keys?.ring;
  if (typeof note === 'string') problems.add(0, 'checkpoint', `the keychain's checkpoint: ${note}`);
  else if (ring !== undefined) {
    const wrong = verifyNote(note, keysForCheckpoint(ring, note.size));
    if (wrong !== null) problems.add(0, 'checkpoint', `the keychain's checkpoint: ${wrong}`);
  }
  if (last < kept.size) {
    problems.add(0, 'not-extension', `the store ends at record ${last}, before the keychain's checkpoint`, last + 1);
    return;
  }
  const block = Math.floor(kept.size / BLOCK);
  const fits = () => rootAt(rows, roots, block, kept.size) === kept.root;
  const holds = fits() || (roots.confirm(block) && fits());
  const row = rows.bySeq(kept.size);
  if (!holds || row === undefined || hashRecord(row.bytes) !== kept.head) {
    problems.add(0, 'not-extension', `the first ${kept.size} records are not those of the keychain's checkpoint`);
  }
}

function rootAt(rows: SqliteRows, roots: BlockRoots, block: number, size: number): string | null {
  const tree = roots.before(block);
  if (tree === null) return null;
  try {
    extendFrontier(tree, rows, size);
    return tree.root().toString('base64');
  } catch (error) {
    if (error instanceof BrokenTreeError) return null; // a record is missing: named where its block is checked
    throw error;
  }
}

/** The stored subtrees larger than a block, and those of records there are not. */
function verifyUpperNodes(rows: SqliteRows, roots: BlockRoots, last: number, problems: ProblemList): void {
  roots.before(Math.floor(last / BLOCK), ({ level, index, hash }) => {
    const stored = rows.node(level, index);
    if (stored?.equals(hash)) return;
    const what = stored === undefined ? 'is missing' : 'is not that of the subtrees below it';
    problems.add(0, 'root', `the stored subtree ${index} of level ${level} ${what}`, index * 2 ** level + 1);
  });
  for (const { level, place } of strayNodes(rows, last)) {
    problems.add(0, 'root', `there is a stored subtree ${place} of level ${level} of records there are not`);
  }
}

function strayNodes(rows: SqliteRows, last: number): readonly { readonly level: number; readonly place: number }[] {
  return rows.db
    .prepare<[number, number, number], { level: number; place: number }>(
      `SELECT level, place FROM tree_node
       WHERE level < ? OR level > ? OR place < 0 OR (place + 1) * (1 << level) > ? ORDER BY level, place LIMIT 1000`,
    )
    .all(STORED_LEVEL, MOST_LEVELS, last);
}
