import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError, describeError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { parseNote, verifyNote } from './checkpoint.ts';
import { recallCheckpoint } from './checkpoint-keeper.ts';
import type { DisclosureVault } from './disclosure-vault.ts';
import { DisclosureVerifier } from './disclosure-verifier.ts';
import { keysForCheckpoint, SinceCheck } from './end-checks.ts';
import { isObject, readJson } from './json-read.ts';
import { ProblemList } from './problems.ts';
import { RecordVerifier } from './record-verifier.ts';
import { findSealed } from './seal.ts';
import { type CheckpointRow, indexRecord, type RecordRow, type SqliteRows } from './sqlite-rows.ts';
import type { VerifyStoreOptions } from './store.ts';
import { openDisclosure } from './stored-record.ts';
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

const CHUNK = 128;

/**
 * Reads everything stored and checks it like a file: bytes, links, signatures, tree, checkpoints, disclosures; besides,
 * what stands beside the bytes, the guards of the schema, and the checkpoint kept in the keychain. Nothing that was
 * found good earlier is taken for granted.
 */
export async function verifyStoredChain(
  parts: VerifyParts,
  head: { readonly seq: number },
  options: VerifyStoreOptions,
): Promise<Verdict> {
  const started = performance.now();
  const { chain, tenant, rows } = parts;
  const problems = new ProblemList();
  const records = new RecordVerifier(problems, { chain, tenant, first: 1, left: [], keys: [] });
  let readable = true;
  let sealed = { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 };
  try {
    verifySchema(parts, problems);
    const kept = await recallCheckpoint(parts.secrets, chain);
    const note = kept === null ? null : parseNote(kept.note);
    const since = note === null || typeof note === 'string' ? null : new SinceCheck(note);
    await verifyRecords(parts, records, problems, since, head.seq, options);
    since?.report({ chain, header: null, signedBy: null }, records, problems);
    if (since === null) problems.add(0, 'not-extension', 'the keychain has no checkpoint of this chain');
    if (records.firstKey !== parts.signer.keyId)
      problems.add(0, 'pin', 'the chain does not begin with the keychain key');
    sealed = await verifyDisclosures(parts, records, problems, head.seq, options);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'cancelled') throw error;
    readable = false;
    problems.add(0, 'unreadable', `the store cannot be read: ${describeError(error)}`);
  }
  return {
    verdict: verdictWord(problems, readable),
    file: rows.db.name,
    chain,
    tenant,
    selection: 'complete',
    records: records.records,
    first: 1,
    last: records.lastSeq,
    head: records.head,
    root: records.tree.root().toString('base64'),
    keys: describeKeys(records.ring),
    sealed: { ...sealed },
    problems: [...problems.kept],
    problemCount: problems.count,
    notProven: listNotProven({ selection: 'complete', pinned: true, since: true, erasuresCut: records.erased.full }),
    elapsedMs: Math.round(performance.now() - started),
  };
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
  const checkpoints = rows.checkpoints();
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
  if (note.size !== row.size || records.tree.size !== row.size) {
    problems.add(0, 'checkpoint', `checkpoint ${row.size} is of another size`);
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
