import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { type Database, openSnapshot } from '#main/platform/sqlite.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { parseNote, verifyNote } from './checkpoint.ts';
import { type KeptCheckpoint, recallCheckpoint } from './checkpoint-keeper.ts';
import { CHECKPOINT_RECORDS } from './checkpoint-writer.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { DisclosureVerifier } from './disclosure-verifier.ts';
import { keysForCheckpoint, SinceCheck } from './end-checks.ts';
import { isObject, readJson } from './json-read.ts';
import { ProblemList } from './problems.ts';
import { RecordVerifier } from './record-verifier.ts';
import { findSealed } from './seal.ts';
import { type CheckpointRow, indexRecord, type RecordRow, SqliteRows } from './sqlite-rows.ts';
import type { VerifyStoreOptions } from './store.ts';
import { openDisclosure } from './stored-record.ts';
import { isStored } from './stored-tree.ts';
import type { CompletedNode } from './tree.ts';
import { describeKeys, listNotProven, verdictWord } from './verdict-text.ts';

export interface VerifyParts {
  readonly chain: string;
  readonly tenant: string;
  readonly rows: SqliteRows;
  readonly vault: DisclosureVault;
  readonly secrets: SecretStore;
  readonly signer: { readonly keyId: string };
  readonly checkSchema: () => void;
}

/** Records held at a time: each may have 4 MiB. */
const CHUNK = 32;

/**
 * Reads everything stored and checks it like a file: bytes, links, signatures, tree, checkpoints, disclosures; besides,
 * what stands beside the bytes, the guards of the schema, and the checkpoint kept in the keychain. Nothing that was
 * found good earlier is taken for granted. What is read is one state of the database, whatever is written meanwhile.
 */
export async function verifyStoredChain(
  parts: VerifyParts,
  head: { readonly seq: number },
  options: VerifyStoreOptions,
): Promise<Verdict> {
  const started = performance.now();
  const { chain, tenant } = parts;
  const problems = new ProblemList();
  const nodes = new NodeCheck();
  const onNode = (node: CompletedNode) => nodes.take(node, problems);
  const records = new RecordVerifier(problems, { chain, tenant, first: 1, left: [], keys: [], onNode });
  let readable = true;
  let sealed = { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 };
  let snapshot: Database | null = null;
  try {
    verifySchema(parts, problems);
    // first the keychain, then the database: whatever is written in between, it has all the keychain knows of
    const kept = await keptCheckpoint(parts, problems);
    snapshot = openSnapshot(parts.rows.db.name, 'the audit store');
    const rows = new SqliteRows(snapshot);
    nodes.rows = rows;
    const last = rows.head()?.seq ?? 0;
    if (last < head.seq) {
      problems.add(0, 'not-extension', `there were ${head.seq} records when this began, and there are ${last}`);
    }
    const note = kept === null ? null : parseNote(kept.note);
    const since = note === null || typeof note === 'string' ? null : new SinceCheck(note);
    await verifyRecords({ ...parts, rows }, records, problems, since, last, options);
    nodes.finish(problems);
    verifyBesideNothing(rows, problems);
    verifyCadence(rows, kept, last, problems);
    since?.report({ chain, header: null, signedBy: null }, records, problems);
    if (records.firstKey !== parts.signer.keyId)
      problems.add(0, 'pin', 'the chain does not begin with the keychain key');
    sealed = await verifyDisclosures({ ...parts, rows }, records, problems, last, options);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') throw error;
    readable = false;
    problems.add(0, 'unreadable', `the store cannot be read: ${describeError(error)}`);
  } finally {
    snapshot?.close();
  }
  return {
    verdict: verdictWord(problems, readable),
    file: parts.rows.db.name,
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
async function keptCheckpoint({ secrets, chain }: VerifyParts, problems: ProblemList): Promise<KeptCheckpoint | null> {
  try {
    const kept = await recallCheckpoint(secrets, chain);
    if (kept === null) problems.add(0, 'not-extension', 'the keychain has no checkpoint of this chain');
    return kept;
  } catch (error) {
    if (!(error instanceof CausewayError) || error.code !== 'audit-broken') throw error;
    problems.add(0, 'checkpoint', error.message);
    return null;
  }
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

/** Rows that say something of records there are not. */
function verifyBesideNothing(rows: SqliteRows, problems: ProblemList): void {
  const { trail, disclosure } = rows.orphans();
  for (const seq of trail) problems.add(0, 'schema', 'the trail lists a record that is not there', seq);
  for (const seq of disclosure) problems.add(0, 'disclosure', 'a value is kept for a record that is not there', seq);
}

/** That no checkpoint was taken away: the writer never lets more than so many records go without one. */
function verifyCadence(rows: SqliteRows, kept: KeptCheckpoint | null, last: number, problems: ProblemList): void {
  const sizes = rows.checkpointsAfter(-1).map(({ size }) => size);
  if (kept !== null && !sizes.includes(kept.size)) {
    problems.add(0, 'checkpoint', `the keychain's checkpoint of ${kept.size} records is missing in the store`);
  }
  let before = 0;
  for (const size of [...sizes.filter((size) => size <= last), last]) {
    // one more: the record of an export is written before its checkpoint
    if (size - before > CHECKPOINT_RECORDS + 1) {
      problems.add(0, 'checkpoint', `there is no checkpoint between records ${before} and ${size}`);
    }
    before = size;
  }
}

function verifySchema({ checkSchema }: VerifyParts, problems: ProblemList): void {
  try {
    checkSchema();
  } catch (error) {
    problems.add(0, 'schema', error instanceof Error ? error.message : 'the schema was changed');
  }
}

async function verifyRecords(
  { rows }: VerifyParts,
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
      if (next !== undefined && next.size <= row.seq) verifyCheckpointRow(checkpoints.shift(), records, problems);
    }
    done = end;
    onProgress?.(done, last);
    await nextTurn();
  }
  for (const row of checkpoints) {
    if (row.size > last) problems.add(0, 'not-extension', `a checkpoint is of ${row.size} records, there are ${last}`);
  }
}

/** The columns beside the bytes are for finding records; a lie in them would hide one. */
function verifyBeside(
  record: AuditRecord,
  row: RecordRow,
  beside: ReturnType<SqliteRows['indexes']>[number] | undefined,
  problems: ProblemList,
): void {
  const wrong = namesOfWrongColumns(record, row, beside);
  if (wrong.length > 0) problems.add(0, 'schema', `columns contradict the record: ${wrong.join(', ')}`, row.seq);
}

function namesOfWrongColumns(
  record: AuditRecord,
  row: RecordRow,
  beside: ReturnType<SqliteRows['indexes']>[number] | undefined,
): string[] {
  const wrong: string[] = [];
  if (record.seq !== row.seq) wrong.push('seq');
  if (beside?.prev.toString('hex') !== record.prev) wrong.push('prev');
  for (const [name, value] of Object.entries(indexRecord(record))) {
    if (beside?.[name as keyof typeof beside] !== value) wrong.push(name);
  }
  return wrong;
}

function verifyCheckpointRow(row: CheckpointRow | undefined, records: RecordVerifier, problems: ProblemList): void {
  if (row === undefined) return;
  const note = parseNote(row.note);
  if (typeof note === 'string') {
    problems.add(0, 'checkpoint', `checkpoint ${row.size}: ${note}`);
    return;
  }
  if (note.size !== row.size) {
    problems.add(0, 'checkpoint', `the checkpoint kept as one of ${row.size} records is of ${note.size}`);
  } else if (records.tree.size !== row.size) {
    problems.add(0, 'root', `there are not ${row.size} records up to the checkpoint of ${row.size}`);
  } else if (records.tree.root().toString('base64') !== note.root) {
    problems.add(0, 'root', `the root of ${row.size} records is not the checkpoint's`);
  }
  const wrong = verifyNote(note, keysForCheckpoint(records.ring, note.size));
  if (wrong !== null) problems.add(0, 'checkpoint', `checkpoint ${row.size}: ${wrong}`);
}

async function verifyDisclosures(
  parts: VerifyParts,
  records: RecordVerifier,
  problems: ProblemList,
  last: number,
  { signal }: VerifyStoreOptions,
): Promise<Verdict['sealed']> {
  const find = (seq: number) => {
    const row = parts.rows.bySeq(seq);
    const reading = row === undefined ? null : readJson(row.bytes);
    return reading?.ok && isObject(reading.value) ? findSealed(reading.value) : new Map<string, string>();
  };
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
  return verifier.count(records.sealedValues);
}
