import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '#main/platform/sqlite.ts';
import { broken } from '../broken.ts';
import type { KeptCheckpoint } from '../checkpoint-keeper.ts';
import type { Head } from '../commit-batch.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { isStored } from '../stored-tree.ts';
import type { CompletedNode } from '../tree.ts';
import { FoundTree } from './found-tree.ts';
import type { SchemaCheck } from './schema-check.ts';

/** What a person was told of, held against the database at the very moment at which it is repaired. */
export interface AsTold {
  /** The keychain's checkpoint. */
  readonly kept: Pick<KeptCheckpoint, 'size'> | null;
  /** Throws when this is not what was told. `root`: base64, of the first `kept.size` records, where there are so many. */
  readonly demand: (head: Pick<Head, 'seq' | 'hash'>, root: string | null) => void;
}

/**
 * Makes the database, as it was found, one that can be appended to: guards as they must be, and the derived tables those
 * of the records that are there. Nothing of a record is touched. The tree is that of the stored bytes; a record that
 * is missing counts as one without bytes, so that the numbers stay in their places and no verifier ever finds it whole.
 * @returns the head to go on from: the newest record, under the hash it is stored with, as the next one's link must be
 * @throws CausewayError `audit-broken` when there is nothing to go on from, and what `demand` throws
 */
export async function continueAsFound(rows: SqliteRows, schema: SchemaCheck, { kept, demand }: AsTold): Promise<Head> {
  const head = rows.head();
  if (head === undefined || head.seq < 1) throw broken('no-records', 'it has no records to go on from');
  const nodes: CompletedNode[] = [];
  const onNode = (node: CompletedNode) => {
    if (isStored(node)) nodes.push(node);
  };
  const tree = new FoundTree(onNode);
  const size = kept === null || kept.size > head.seq ? null : kept.size;
  let root: string | null = null;
  while (tree.size < head.seq) {
    tree.read(rows, size !== null && tree.size < size ? size : head.seq);
    if (tree.size === size) root = tree.frontier.root().toString('base64');
    await nextTurn();
  }
  const repair = rows.db.transaction(() => {
    const now = rows.head();
    demand({ seq: now?.seq ?? 0, hash: now?.hash.toString('hex') ?? '' }, root);
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
  return { seq: head.seq, hash: head.hash.toString('hex'), frontier: tree.frontier };
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
