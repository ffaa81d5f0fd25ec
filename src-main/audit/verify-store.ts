import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, openSnapshot } from '#main/platform/sqlite.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { parseNote } from './checkpoint.ts';
import type { KeptCheckpoint } from './checkpoint-keeper.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { DisclosureVerifier } from './disclosure-verifier.ts';
import { SinceCheck } from './end-checks.ts';
import { ProblemList } from './problems.ts';
import { RecordVerifier } from './record-verifier.ts';
import { SqliteRows } from './sqlite-rows.ts';
import type { VerifyStoreOptions } from './store.ts';
import {
  verifyBeside,
  verifyBesideNothing,
  verifyCadence,
  verifyCheckpointRow,
  verifyCheckpointsBeyond,
  verifyPages,
} from './stored-checks.ts';
import { openDisclosure } from './stored-record.ts';
import { isStored } from './stored-tree.ts';
import { sealedOf, verifyKept, verifyUnusedKeys } from './stored-values.ts';
import type { CompletedNode } from './tree.ts';
import { describeKeys, listNotProven, verdictWord } from './verdict-text.ts';
import { verifyStoredCosignatures } from './witness/stored-cosignatures.ts';

/** What was found out on the way in, where the keychain and the open database are. */
export interface FullRequest {
  /** Records there are at least. */
  readonly records: number;
  /** The key the chain must begin with. */
  readonly firstKey: string;
  /** The keychain's checkpoint, or what is wrong with it; null when there is none. */
  readonly kept: KeptCheckpoint | string | null;
  /** What is wrong with the guards of the schema; null when nothing is. */
  readonly schema: string | null;
  /** Why the keychain could not be asked; null when it was. */
  readonly unreadable: string | null;
}

/** What a whole verification reads from. */
export interface FullParts {
  /** The database. */
  readonly path: string;
  readonly chain: string;
  readonly tenant: string;
  readonly vault: DisclosureVault;
}

interface Read {
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
}

/** Records held at a time: each may have 4 MiB. */
const CHUNK = 32;

/**
 * Reads everything stored and checks it like a file: bytes, links, signatures, tree, checkpoints, disclosures; besides,
 * what stands beside the bytes, the guards of the schema, and the checkpoint kept in the keychain. Nothing that was
 * found good earlier is taken for granted. What is read is one state of the database, whatever is written meanwhile.
 */
export async function verifySnapshot(
  store: FullParts,
  request: FullRequest,
  options: VerifyStoreOptions,
): Promise<Verdict> {
  const started = performance.now();
  const { chain, tenant } = store;
  const problems = new ProblemList();
  const nodes = new NodeCheck();
  const onNode = (node: CompletedNode) => nodes.take(node, problems);
  const records = new RecordVerifier(problems, { chain, tenant, first: 1, left: [], keys: [], onNode });
  let readable = true;
  let sealed = { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 };
  let snapshot: Database | null = null;
  try {
    if (request.schema !== null) problems.add(0, 'schema', request.schema);
    if (request.unreadable !== null) throw new Error(request.unreadable);
    const kept = keptCheckpoint(request, problems);
    snapshot = openSnapshot(store.path, 'the audit store');
    const rows = new SqliteRows(snapshot);
    nodes.rows = rows;
    const parts = { rows, vault: store.vault };
    const last = rows.head()?.seq ?? 0;
    if (last < request.records) {
      problems.add(0, 'not-extension', `there were ${request.records} records when this began, and there are ${last}`);
    }
    const note = kept === null ? null : parseNote(kept.note);
    const since = note === null || typeof note === 'string' ? null : new SinceCheck(note);
    await verifyRecords(rows, records, problems, since, last, options);
    nodes.finish(problems);
    verifyBesideNothing(rows, problems);
    verifyUnusedKeys(parts, problems);
    verifyPages(rows, problems);
    verifyCadence(rows, kept, last, problems);
    verifyStoredCosignatures(rows, problems);
    since?.report({ chain, header: null, signedBy: null }, records, problems);
    if (records.firstKey !== request.firstKey) problems.add(0, 'pin', 'the chain does not begin with the keychain key');
    sealed = await verifyDisclosures(parts, records, problems, last, options);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') throw error;
    readable = false;
    problems.add(0, 'unreadable', `the store cannot be read: ${describeError(error)}`);
  } finally {
    snapshot?.close();
  }
  return {
    verdict: verdictWord(problems, readable),
    file: store.path,
    chain,
    tenant,
    selection: 'complete',
    records: records.records,
    first: 1,
    last: records.lastSeq,
    head: records.head,
    root: records.tree.root().toString('base64'),
    keys: describeKeys(records.ring),
    witnesses: [],
    sealed: { ...sealed },
    problems: [...problems.kept],
    problemCount: problems.count,
    notProven: listNotProven({ selection: 'complete', pinned: true, since: true, erasuresCut: records.erased.full }),
    elapsedMs: Math.round(performance.now() - started),
  };
}

/** The keychain's checkpoint; that it is missing or damaged is a problem, and not the end of the verification. */
function keptCheckpoint({ kept }: FullRequest, problems: ProblemList): KeptCheckpoint | null {
  if (kept === null) problems.add(0, 'not-extension', 'the keychain has no checkpoint of this chain');
  if (typeof kept !== 'string') return kept;
  problems.add(0, 'checkpoint', kept);
  return null;
}

/** The stored subtrees against those of the records. Proofs of inclusion are made from them. */
class NodeCheck {
  rows: SqliteRows | null = null;
  #expected = 0;

  take(node: CompletedNode, problems: ProblemList): void {
    if (!isStored(node)) return;
    this.#expected++;
    const stored = this.rows?.node(node.level, node.index);
    if (stored?.equals(node.hash)) return;
    const what = stored === undefined ? 'is missing' : 'is not that of the records';
    problems.add(0, 'root', `the stored subtree ${node.index} of level ${node.level} ${what}`);
  }

  finish(problems: ProblemList): void {
    const more = (this.rows?.countNodes() ?? 0) - this.#expected;
    if (more > 0) problems.add(0, 'root', `there are ${more} stored subtrees more than the records make`);
  }
}

async function verifyRecords(
  rows: SqliteRows,
  records: RecordVerifier,
  problems: ProblemList,
  since: SinceCheck | null,
  last: number,
  { signal, onProgress }: VerifyStoreOptions,
): Promise<void> {
  const checkpoints = rows.checkpointsAfter(-1);
  since?.observe(records);
  for (let done = 0; done < last; ) {
    if (signal?.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
    const chunk = rows.chunk(done, last, CHUNK);
    const end = chunk.at(-1)?.seq;
    if (end === undefined) {
      problems.add(0, 'sequence', `the records after ${done} are missing`, done + 1);
      break;
    }
    const beside = new Map(rows.indexes(done + 1, end).map((row) => [row.seq, row]));
    for (const row of chunk) {
      const record = records.check({ line: 0, hash: row.hash.toString('hex'), sig: row.sig, bytes: row.bytes });
      if (record !== null) verifyBeside(record, row, beside.get(row.seq), problems);
      since?.observe(records);
      const next = checkpoints[0];
      if (next !== undefined && next.size <= row.seq) {
        checkpoints.shift();
        verifyCheckpointRow(next, records, problems);
      }
    }
    done = end;
    onProgress?.(done, last);
    await nextTurn();
  }
  verifyCheckpointsBeyond(rows, last, problems);
}

async function verifyDisclosures(
  parts: Read,
  records: RecordVerifier,
  problems: ProblemList,
  last: number,
  { signal }: VerifyStoreOptions,
): Promise<Verdict['sealed']> {
  const find = (seq: number) => sealedOf(parts.rows.bySeq(seq));
  const verifier = new DisclosureVerifier(problems, find, records.erased);
  for (let first = 1; first <= last; first += CHUNK) {
    if (signal?.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
    for (const row of parts.rows.disclosures(first, Math.min(last, first + CHUNK - 1))) {
      const disclosed = openDisclosure(parts, row);
      if (disclosed === null) problems.add(0, 'disclosure', `the value at ${row.path} cannot be decrypted`, row.seq);
      else await verifier.check(0, { seq: row.seq, path: row.path, value: [disclosed[0], disclosed[1] as never] });
    }
    await nextTurn();
  }
  const counts = await verifier.count(records.sealedValues);
  // beyond its bound the list of what was erased no longer tells a value that was taken from one that was erased
  if (counts.withheld > 0 && !records.erased.full) {
    const isErased = (seq: number, path: string) => records.erased.has(seq, path);
    await verifyKept(parts.rows, { from: 0, to: last }, isErased, problems, async () => {
      if (signal?.aborted) throw new CausewayError('cancelled', 'The verification was stopped.');
      await nextTurn();
    });
  }
  return counts;
}
