/** One way of changing what was written. `refused`: SQLite refuses it. `detected`: the schema shows it afterwards. */
export interface Attack {
  readonly id: string;
  readonly text: string;
  readonly sql: string;
  readonly expect: 'refused' | 'detected';
  /** It changes the connection itself: the copy it was tried on serves for no other. */
  readonly alone: boolean;
  /** Tried as whoever writes the file itself: the schema is writable, and no name is reserved. */
  readonly undefended?: boolean;
}

const HEAD = '(SELECT max(seq) FROM record)';
const NEWEST = `FROM record WHERE seq = ${HEAD}`;
const COLUMNS = 'time, action, outcome, actor_type, actor_id, target_type, target_id, incident';
const TRAIL = `FROM trail WHERE seq = ${HEAD}`;

const refused = (id: string, text: string, sql: string): Attack => ({
  id,
  text,
  sql,
  expect: 'refused',
  alone: /PRAGMA|ATTACH/.test(sql),
});
const detected = (id: string, text: string, sql: string): Attack => ({
  id,
  text,
  sql,
  expect: 'detected',
  alone: true,
});

/** Tried on a scratch copy at every start. Written for columns by position where a table may grow. */
export const ATTACKS: readonly Attack[] = [
  refused('update-bytes', 'UPDATE of what a record says', `UPDATE record SET bytes = x'7b7d' WHERE seq = ${HEAD}`),
  refused('update-hash', 'UPDATE of a hash', `UPDATE record SET hash = zeroblob(32) WHERE seq = ${HEAD}`),
  refused('update-sig', 'UPDATE of a signature', `UPDATE record SET sig = zeroblob(64) WHERE seq = ${HEAD}`),
  refused('update-rowid', 'UPDATE of a rowid', `UPDATE record SET _rowid_ = ${HEAD} + 99 WHERE seq = ${HEAD}`),
  refused('update-or-replace', 'UPDATE OR REPLACE', `UPDATE OR REPLACE record SET seq = ${HEAD} WHERE seq >= 0`),
  refused('update-from', 'UPDATE FROM another table', 'UPDATE record SET prev = t.hash FROM tree_node AS t'),
  refused('delete-newest', 'DELETE of the newest record', `DELETE FROM record WHERE seq = ${HEAD}`),
  refused('delete-all', 'DELETE of all records', 'DELETE FROM record'),
  refused('delete-returning', 'DELETE RETURNING', `DELETE FROM record WHERE seq = ${HEAD} RETURNING bytes`),
  refused(
    'replace',
    'REPLACE of the newest record',
    `REPLACE INTO record SELECT seq, hash, prev, sig, x'00' ${NEWEST}`,
  ),
  refused(
    'insert-or-replace',
    'INSERT OR REPLACE with another hash',
    `INSERT OR REPLACE INTO record SELECT seq, randomblob(32), prev, sig, bytes ${NEWEST}`,
  ),
  refused(
    'upsert',
    'an upsert',
    `INSERT INTO record SELECT seq, hash, prev, sig, bytes ${NEWEST} ON CONFLICT (seq) DO UPDATE SET bytes = x'00'`,
  ),
  refused('gap', 'a gap', `INSERT INTO record SELECT seq + 2, randomblob(32), hash, sig, bytes ${NEWEST}`),
  refused(
    'fork',
    'a second record after the same one',
    `INSERT INTO record SELECT seq + 1, randomblob(32), prev, sig, bytes ${NEWEST}`,
  ),
  refused(
    'wrong-prev',
    'a record that follows none',
    `INSERT INTO record SELECT seq + 1, randomblob(32), randomblob(32), sig, bytes ${NEWEST}`,
  ),
  refused(
    'below-head',
    'a record before the others',
    'INSERT INTO record SELECT min(seq) - 1, randomblob(32), zeroblob(32), sig, bytes FROM record',
  ),
  refused('negative', 'a negative number', `INSERT INTO record SELECT -1, randomblob(32), hash, sig, bytes ${NEWEST}`),
  refused(
    'null-seq',
    'NULL for the number',
    `INSERT INTO record SELECT NULL, randomblob(32), prev, sig, bytes ${NEWEST}`,
  ),
  refused(
    'rowid-insert',
    'the largest rowid',
    `INSERT INTO record (rowid, hash, prev, sig, bytes) SELECT 9223372036854775807, randomblob(32), hash, sig, bytes ${NEWEST}`,
  ),
  refused('repeat', 'the same record again', `INSERT INTO record SELECT seq + 1, hash, hash, sig, bytes ${NEWEST}`),
  refused(
    'text-bytes',
    'text in the place of bytes',
    `INSERT INTO record SELECT seq + 1, randomblob(32), hash, sig, 'text' ${NEWEST}`,
  ),
  refused(
    'no-checks',
    'a short hash with checks switched off',
    `PRAGMA ignore_check_constraints = ON; UPDATE record SET hash = x'00' WHERE seq = ${HEAD}`,
  ),
  refused(
    'no-recursive-triggers',
    'REPLACE with recursive triggers switched off',
    `PRAGMA recursive_triggers = OFF; REPLACE INTO record SELECT seq, hash, prev, sig, x'00' ${NEWEST}`,
  ),
  refused('no-foreign-keys', 'DELETE with foreign keys switched off', 'PRAGMA foreign_keys = OFF; DELETE FROM record'),
  refused('trail-update', 'UPDATE of the trail', "UPDATE trail SET actor_id = 'nobody'"),
  refused('trail-delete', 'DELETE from the trail', `DELETE FROM trail WHERE seq = ${HEAD}`),
  refused('trail-replace', 'REPLACE in the trail', `REPLACE INTO trail SELECT * ${TRAIL}`),
  refused(
    'trail-other',
    'a row of the trail beside another record',
    `INSERT INTO trail (seq, ${COLUMNS}) SELECT seq + 1, ${COLUMNS} ${TRAIL}`,
  ),
  refused('checkpoint-update', 'UPDATE of a checkpoint', "UPDATE checkpoint SET note = ''"),
  refused('checkpoint-delete', 'DELETE of checkpoints', 'DELETE FROM checkpoint'),
  refused(
    'checkpoint-back',
    'a checkpoint that goes back',
    "INSERT INTO checkpoint (size, note, written) VALUES (0, '', 0)",
  ),
  refused(
    'checkpoint-ahead',
    'a checkpoint of records there are not',
    `INSERT INTO checkpoint (size, note, written) VALUES (${HEAD} + 1, '', 0)`,
  ),
  refused(
    'checkpoint-null',
    'a checkpoint of no size',
    "INSERT INTO checkpoint (size, note, written) VALUES (NULL, '', 0)",
  ),
  refused('tree-update', 'UPDATE of a subtree', 'UPDATE tree_node SET hash = zeroblob(32)'),
  refused(
    'tree-replace',
    'REPLACE of a subtree',
    'REPLACE INTO tree_node SELECT level, place, zeroblob(32) FROM tree_node',
  ),
  refused('disclosure-update', "UPDATE of a person's value", "UPDATE disclosure SET box = x'00'"),
  refused('disclosure-delete', "DELETE of a person's value", 'DELETE FROM disclosure'),
  refused('disclosure-replace', "REPLACE of a person's value", 'REPLACE INTO disclosure SELECT * FROM disclosure'),
  refused('subject-key-delete', "DELETE of a person's key", 'DELETE FROM subject_key'),
  refused('subject-key-replace', "REPLACE of a person's key", 'REPLACE INTO subject_key SELECT * FROM subject_key'),
  refused('subject-key-update', "UPDATE of a person's key", "UPDATE subject_key SET wrapped = x'00'"),
  refused('chain-second', 'a second chain', "INSERT INTO chain VALUES (1, 'other', 'other')"),
  refused('chain-delete', 'DELETE of the chain', 'DELETE FROM chain'),
  refused(
    'attach',
    'REPLACE from an attached database',
    `ATTACH ':memory:' AS other; CREATE TABLE other.record AS SELECT seq, hash, prev, sig, x'00' AS bytes FROM main.record;
     INSERT OR REPLACE INTO main.record SELECT * FROM other.record`,
  ),
  refused(
    'writable-schema',
    'an edit of the schema itself',
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '' WHERE name = 'record_update'",
  ),
  detected('drop-trigger', 'DROP TRIGGER', 'DROP TRIGGER record_update'),
  detected('drop-table', 'DROP TABLE', 'PRAGMA foreign_keys = OFF; DROP TABLE record'),
  detected('rename-table', 'a table given another name', 'ALTER TABLE record RENAME TO record_before'),
  detected('rename-column', 'a column given another name', 'ALTER TABLE record RENAME COLUMN sig TO signature'),
  detected('drop-index', 'DROP INDEX', 'DROP INDEX record_by_hash'),
  detected(
    'swallow',
    'a trigger that swallows what is written',
    'CREATE TRIGGER swallow BEFORE INSERT ON record BEGIN SELECT RAISE(IGNORE); END',
  ),
  {
    id: 'swallow-own-name',
    text: "a trigger with a name of SQLite's own that swallows what is written",
    sql: 'CREATE TRIGGER sqlite_swallow BEFORE INSERT ON record BEGIN SELECT RAISE(IGNORE); END',
    expect: 'detected',
    alone: true,
    undefended: true,
  },
  detected(
    'temporary-trigger',
    'a trigger of the connection only',
    'CREATE TEMP TRIGGER swallow BEFORE INSERT ON main.record BEGIN SELECT RAISE(IGNORE); END',
  ),
  detected(
    'shadow',
    'a view in front of a table',
    'CREATE TEMP VIEW record AS SELECT * FROM main.record WHERE seq < 0',
  ),
];
