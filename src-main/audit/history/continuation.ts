import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#main/platform/sqlite.ts';
import { broken } from '../broken.ts';
import type { Head } from '../commit-batch.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { isStored } from '../stored-tree.ts';
import { type CompletedNode, Frontier, hashLeaf } from '../tree.ts';
import type { SchemaCheck } from './schema-check.ts';

const CHUNK = 256;
/** More missing records than this are not stood in for: a number far ahead would be work without end. */
const MOST_MISSING = 100_000;
const NOTHING = hashLeaf(Buffer.alloc(0));

/**
 * Makes the database, as it was found, one that can be appended to: guards as they must be, and the derived tables those
 * of the records that are there. Nothing of a record is touched. The tree is that of the stored bytes; a record that
 * is missing counts as one without bytes, so that the numbers stay in their places and no verifier ever finds it whole.
 * @returns the head to go on from: the newest record, under the hash it is stored with, as the next one's link must be
 * @throws CausewayError `audit-broken` when there is nothing to go on from
 */
export async function continueAsFound(rows: SqliteRows, schema: SchemaCheck): Promise<Head> {
  const head = rows.head();
  if (head === undefined || head.seq < 1) throw broken('no-records', 'it has no records to go on from');
  const nodes: CompletedNode[] = [];
  const frontier = await readTree(rows, head.seq, (node) => {
    if (isStored(node)) nodes.push(node);
  });
  const repair = rows.db.transaction(() => {
    const now = rows.head();
    if (now?.seq !== head.seq || !now.hash.equals(head.hash)) {
      throw broken('changed-underneath', 'its database was changed while the break was acknowledged');
    }
    schema.repair(rows.db);
    withoutGuards(rows.db, ['tree_node', 'trail', 'disclosure', 'checkpoint', 'cosignature'], () => {
      rows.db.exec('DELETE FROM tree_node');
      for (const node of nodes) rows.insertNode(node);
      // what stands beside no record would keep the next record or checkpoint of that number from being written; the
      // checkpoints with their cosignatures are in the incident bundle
      rows.db.prepare('DELETE FROM trail WHERE seq > ?').run(head.seq);
      rows.db.prepare('DELETE FROM disclosure WHERE seq > ?').run(head.seq);
      rows.db.prepare('DELETE FROM cosignature WHERE size > ?').run(head.seq);
      rows.db.prepare('DELETE FROM checkpoint WHERE size > ?').run(head.seq);
    });
  });
  repair.immediate();
  return { seq: head.seq, hash: head.hash.toString('hex'), frontier };
}

async function readTree(rows: SqliteRows, last: number, onNode: (node: CompletedNode) => void): Promise<Frontier> {
  const frontier = new Frontier();
  let missing = 0;
  const standIn = (until: number) => {
    for (; frontier.size < until; missing++) {
      if (missing >= MOST_MISSING) throw broken('too-many-missing', `more than ${MOST_MISSING} records are missing`);
      frontier.append(NOTHING, onNode);
    }
  };
  for (let done = 0; done < last; ) {
    const chunk = rows.chunk(done, last, CHUNK);
    for (const row of chunk) {
      standIn(row.seq - 1);
      frontier.append(hashLeaf(row.bytes), onNode);
    }
    done = chunk.at(-1)?.seq ?? last;
    await nextTurn();
  }
  return frontier;
}

/** Takes the triggers of tables away for a moment inside the caller's transaction: either they are back or nothing was. */
function withoutGuards(db: Database, tables: readonly string[], work: () => void): void {
  const guards = db
    .prepare<[], { name: string; tbl_name: string; sql: string }>(
      "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'",
    )
    .all()
    .filter(({ tbl_name }) => tables.includes(tbl_name));
  for (const { name } of guards) db.exec(`DROP TRIGGER main."${name.replaceAll('"', '""')}"`);
  work();
  for (const { sql } of guards) db.exec(sql);
}
