import type { AuditRecord } from '#shared/model/audit-record.ts';
import { parseNote, verifyNote } from './checkpoint.ts';
import type { KeptCheckpoint } from './checkpoint-keeper.ts';
import { CHECKPOINT_RECORDS } from './checkpoint-writer.ts';
import { keysForCheckpoint } from './end-checks.ts';
import type { KeyRing } from './key-ring.ts';
import type { ProblemList } from './problems.ts';
import type { RecordVerifier } from './record-verifier.ts';
import { type CheckpointRow, indexRecord, type RecordRow, type SqliteRows } from './sqlite-rows.ts';

/** Checks of what a database has beside the bytes of its records, for every verification of a stored chain. */
export type Beside = ReturnType<SqliteRows['indexes']>[number];

/** The columns beside the bytes are for finding records; a lie in them would hide one. */
export function verifyBeside(
  record: AuditRecord,
  row: RecordRow,
  beside: Beside | undefined,
  problems: ProblemList,
): void {
  const wrong = namesOfWrongColumns(record, row, beside);
  if (wrong.length > 0) problems.add(0, 'schema', `columns contradict the record: ${wrong.join(', ')}`, row.seq);
}

function namesOfWrongColumns(record: AuditRecord, row: RecordRow, beside: Beside | undefined): string[] {
  const wrong: string[] = [];
  if (record.seq !== row.seq) wrong.push('seq');
  if (beside?.prev.toString('hex') !== record.prev) wrong.push('prev');
  for (const [name, value] of Object.entries(indexRecord(record))) {
    if (beside?.[name as keyof typeof beside] !== value) wrong.push(name);
  }
  return wrong;
}

/**
 * A stored checkpoint against the records up to it, all of which `records` has just taken. Returns false, and says
 * nothing of the root, when it is not that of the records and `doubtful` says that the tree before them is in doubt.
 * `ring`: the chain's keys where no record was taken yet; null when they cannot be told.
 */
export function verifyCheckpointRow(
  row: CheckpointRow,
  records: RecordVerifier,
  problems: ProblemList,
  { doubtful = false, ring = records.ring }: { readonly doubtful?: boolean; readonly ring?: KeyRing | null } = {},
): boolean {
  const note = parseNote(row.note);
  if (typeof note === 'string') {
    problems.add(0, 'checkpoint', `checkpoint ${row.size}: ${note}`);
    return true;
  }
  let judged = true;
  if (note.size !== row.size) {
    problems.add(0, 'checkpoint', `the checkpoint kept as one of ${row.size} records is of ${note.size}`);
  } else if (records.tree.size !== row.size) {
    problems.add(0, 'root', `there are not ${row.size} records up to the checkpoint of ${row.size}`);
  } else if (records.tree.root().toString('base64') !== note.root) {
    if (doubtful) judged = false;
    else problems.add(0, 'root', `the root of ${row.size} records is not the checkpoint's`);
  }
  const wrong = ring === null ? null : verifyNote(note, keysForCheckpoint(ring, note.size));
  if (wrong !== null) problems.add(0, 'checkpoint', `checkpoint ${row.size}: ${wrong}`);
  return judged;
}

/** Rows that say something of records there are not. */
export function verifyBesideNothing(rows: SqliteRows, problems: ProblemList): void {
  verifyImpossible(rows, problems);
  const { trail, disclosure } = rows.orphans();
  for (const seq of trail) problems.add(0, 'schema', 'the trail lists a record that is not there', seq);
  for (const seq of disclosure) problems.add(0, 'disclosure', 'a value is kept for a record that is not there', seq);
}

/** Rows no writer makes: numbers begin with 1, and nothing is ever written into the table of the chain. */
const IMPOSSIBLE: readonly (readonly [sql: string, message: string])[] = [
  ['SELECT seq FROM record WHERE seq < 1', 'there is a record before the first one'],
  ['SELECT seq FROM trail WHERE seq < 1', 'the trail lists a record before the first one'],
  ['SELECT size FROM checkpoint WHERE size < 1', 'there is a checkpoint of no records'],
  ['SELECT id FROM chain', 'the table of the chain says something, and nothing was written to it'],
];
const MOST_IMPOSSIBLE = 100;

/** Rows that are no damage to any record, and that no check of records meets. */
function verifyImpossible({ db }: SqliteRows, problems: ProblemList): void {
  for (const [sql, message] of IMPOSSIBLE) {
    for (const at of db.prepare<[], number>(`${sql} LIMIT ${MOST_IMPOSSIBLE}`).pluck().all()) {
      problems.add(0, 'schema', `${message} (${at})`);
    }
  }
}

/** Lines of a damaged file that are told. */
const MOST_DAMAGES = 100;

/**
 * The pages of the file: an index with a lie in it, or a page that lost its place, keeps rows from being found although
 * every record holds.
 */
export function verifyPages({ db }: SqliteRows, problems: ProblemList): void {
  const lines = db.prepare<[], string>(`PRAGMA integrity_check(${MOST_DAMAGES})`).pluck().all();
  for (const line of lines.join('\n').split('\n')) {
    if (line !== 'ok' && !line.startsWith('***')) {
      problems.add(0, 'schema', `the file of the database is damaged: ${line.slice(0, 300)}`);
    }
  }
}

/** That no checkpoint was taken away: the writer never lets more than so many records go without one. */
export function verifyCadence(
  rows: SqliteRows,
  kept: Pick<KeptCheckpoint, 'size' | 'checkpoints'> | null,
  last: number,
  problems: ProblemList,
): void {
  const sizes = rows.checkpointsAfter(-1).map(({ size }) => size);
  const missing = kept !== null && !sizes.includes(kept.size);
  if (missing) {
    problems.add(0, 'checkpoint', `the keychain's checkpoint of ${kept.size} records is missing in the store`);
  }
  const others = kept === null ? 0 : (kept.checkpoints ?? 0) - sizes.filter((size) => size <= kept.size).length;
  if (others > (missing ? 1 : 0)) {
    problems.add(0, 'checkpoint', `of the checkpoints the keychain counted, ${others} are missing in the store`);
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

/** Checkpoints of more records than there are. */
export function verifyCheckpointsBeyond(rows: SqliteRows, last: number, problems: ProblemList): void {
  for (const { size } of rows.checkpointsAfter(last)) {
    problems.add(0, 'not-extension', `a checkpoint is of ${size} records, there are ${last}`);
  }
}
