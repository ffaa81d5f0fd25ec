import { type Database, openScratch, readSchema, undefended } from '#main/platform/sqlite.ts';
import { describeError } from '#shared/errors.ts';
import type { SelfTest } from '#shared/ipc/verification-views.ts';
import { hashRecord } from './hash.ts';
import { SchemaCheck } from './history/schema-check.ts';
import { ATTACKS, type Attack } from './self-attacks.ts';

/** Records of the real chain in the scratch copy, and the bytes of each that are taken: what it costs never grows. */
const RECORDS = 4;
const BYTES = 4096;

type Attacked = SelfTest['attacks'][number];

/**
 * Attacks a scratch copy of the store: its schema as it is found in the database, with the last few records, in memory.
 * What must be refused is refused and leaves everything as it was; what nobody inside the process can be kept from is
 * noticed by the comparison of the schema. The real database is only read.
 */
export function attackScratchCopy(db: Database, at: string): SelfTest {
  const scratch = buildScratch(db);
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'unknown';
  try {
    const copy = scratch.serialize();
    const schema = new SchemaCheck();
    const before = contentDigest(scratch);
    return { at, sqlite: version, attacks: runAll(copy, schema, before) };
  } finally {
    scratch.close();
  }
}

/** One sentence of the attacks that were not held, or null. */
export function describeFailure({ attacks }: SelfTest): string | null {
  const failed = attacks.filter(({ held }) => !held);
  const [first] = failed;
  if (first === undefined) return null;
  const more = failed.length === 1 ? '' : ` and ${failed.length - 1} more`;
  return (
    `The audit store does not withstand an attack on a copy of itself (${first.text}: ${first.detail}${more}). Nothing is ` +
    'written until it does. Update Causeway or put back the program as it was installed; the trail can be read.'
  );
}

/** Why nothing is written when the result could not be put on record. */
export function describeUnrecorded(error: unknown): string {
  return (
    `The result of the audit store's attacks on a copy of itself could not be put on record (${describeError(error)}). ` +
    'Nothing is written until it is: start the program again when the reason is gone. The trail can be read.'
  );
}

/** Attacks that leave nothing behind share a copy; if anything was left, each is tried again on one of its own. */
function runAll(copy: Buffer, schema: SchemaCheck, before: string): Attacked[] {
  const shared = openScratch(copy);
  try {
    const tried = new Map(ATTACKS.filter(({ alone }) => !alone).map((attack) => [attack, attempt(shared, attack)]));
    const clean = schema.differences(shared).length === 0 && contentDigest(shared) === before;
    return ATTACKS.map((attack) => {
      const refusal = clean ? tried.get(attack) : undefined;
      return refusal === undefined || refusal === null ? runAlone(attack, copy, schema, before) : held(attack, refusal);
    });
  } finally {
    shared.close();
  }
}

/** How it was refused, or null. */
function attempt(db: Database, { sql, undefended: free }: Attack): string | null {
  try {
    if (free) undefended(db, () => db.exec(sql));
    else db.exec(sql);
    return null;
  } catch (error) {
    return describeError(error);
  }
}

function held({ id, text }: Attack, refusal: string): Attacked {
  return { id, text, held: true, detail: `refused: ${refusal}`.slice(0, 500) };
}

function runAlone(attack: Attack, copy: Buffer, schema: SchemaCheck, before: string): Attacked {
  const { id, text, expect } = attack;
  const db = openScratch(copy);
  try {
    const refusal = attempt(db, attack);
    const [difference] = schema.differences(db);
    if (refusal !== null) {
      const whole = expect === 'detected' || (difference === undefined && contentDigest(db) === before);
      return whole ? held(attack, refusal) : { id, text, held: false, detail: 'it left a change behind' };
    }
    if (expect === 'refused') return { id, text, held: false, detail: 'it was not refused' };
    if (difference === undefined) return { id, text, held: false, detail: 'it was not noticed' };
    return {
      id,
      text,
      held: true,
      detail: `noticed by the schema: ${difference.type} ${difference.name}`.slice(0, 500),
    };
  } finally {
    db.close();
  }
}

/** The real schema's text, and rows to attack in every table that is guarded. */
function buildScratch(db: Database): Database {
  const scratch = openScratch();
  try {
    const schema = readSchema(db).filter(({ sql }) => sql !== null && !/^CREATE VIRTUAL/i.test(sql));
    const tables = schema.filter(({ type }) => type === 'table');
    scratch.pragma('foreign_keys = OFF'); // the copy begins in the middle of the chain
    for (const { sql } of tables) scratch.exec(sql ?? '');
    for (const { name } of tables) copyRows(db, scratch, name);
    // what was put into the schema as a file is copied, too, whatever its name
    undefended(scratch, () => {
      for (const { type, sql } of schema) if (type === 'index') scratch.exec(sql ?? '');
      for (const { type, sql } of schema) if (type !== 'table' && type !== 'index') scratch.exec(sql ?? '');
    });
    scratch.pragma('foreign_keys = ON');
    return scratch;
  } catch (error) {
    scratch.close();
    throw error;
  }
}

function copyRows(db: Database, scratch: Database, table: string): void {
  const select = SELECTED[table];
  const rows = select === undefined ? [] : db.prepare<[], unknown[]>(select).raw().all();
  const all = rows.length === 0 && STAND_INS[table] !== undefined ? [STAND_INS[table]] : rows;
  const [first] = all;
  if (first === undefined) return;
  const insert = scratch.prepare<unknown[], unknown>(
    `INSERT INTO "${table}" VALUES (${first.map(() => '?').join(', ')})`,
  );
  for (const row of all) insert.run(...row);
}

/** The newest rows of each table, found by its key: none of these reads grows with the chain. */
const SELECTED: Readonly<Record<string, string>> = {
  chain: 'SELECT * FROM chain',
  record: `SELECT seq, hash, prev, sig, substr(bytes, 1, ${BYTES}) FROM record ORDER BY seq DESC LIMIT ${RECORDS}`,
  trail: `SELECT * FROM trail ORDER BY seq DESC LIMIT ${RECORDS}`,
  checkpoint: 'SELECT * FROM checkpoint ORDER BY size DESC LIMIT 2',
  tree_node: 'SELECT * FROM tree_node LIMIT 2',
  subject_key: 'SELECT * FROM subject_key LIMIT 1',
  disclosure: `SELECT seq, path, subject, substr(box, 1, ${BYTES}) FROM disclosure ORDER BY seq DESC LIMIT 1`,
};

/** Where the chain has no such row yet, so that there is one to attack. */
const STAND_INS: Readonly<Record<string, readonly unknown[]>> = {
  chain: [1, 'scratch', 'scratch'],
  tree_node: [8, 0, Buffer.alloc(32)],
  subject_key: [Buffer.alloc(32), Buffer.alloc(60)],
  disclosure: [1, '/actor/name', Buffer.alloc(32), Buffer.alloc(60)],
  checkpoint: [1, 'scratch', 0],
};

function contentDigest(db: Database): string {
  const tables = Object.keys(SELECTED).map((table) =>
    db
      .prepare<[], unknown[]>(`SELECT * FROM main."${table}"`)
      .raw()
      .all()
      .map((row) => row.map((value) => (Buffer.isBuffer(value) ? value.toString('base64') : value))),
  );
  return hashRecord(Buffer.from(JSON.stringify(tables), 'utf8'));
}
