import type { Database, Statement } from '#main/platform/sqlite.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { broken } from './broken.ts';
import type { CompletedNode } from './tree.ts';

export interface RecordRow {
  readonly seq: number;
  readonly hash: Buffer;
  readonly sig: Buffer;
  readonly bytes: Buffer;
}

export interface TrailIndex {
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly incident: string | null;
}

export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
  readonly written: number;
}

export interface DisclosureRow {
  readonly seq: number;
  readonly path: string;
  readonly subject: Buffer;
  readonly box: Buffer;
}

/** What lists and filters know of a record; a function of it alone, so that it can be checked against the bytes. */
export function indexRecord({ time, action, outcome, actor, target, links }: AuditRecord): TrailIndex {
  return {
    time: Date.parse(time),
    action,
    outcome,
    actor_type: actor.type,
    actor_id: actor.id,
    target_type: target.type,
    target_id: target.id,
    incident: links?.incident ?? null,
  };
}

const TRAIL_COLUMNS = 'time, action, outcome, actor_type, actor_id, target_type, target_id, incident' as const;

/** Every statement of the store but the filtered list, prepared once. */
export class SqliteRows {
  readonly db: Database;
  readonly #insertRecord: Statement<[number, Buffer, Buffer, Uint8Array, Buffer], unknown>;
  readonly #insertTrail: Statement<unknown[], unknown>;
  readonly #insertNode: Statement<[number, number, Buffer], unknown>;
  readonly #head: Statement<[], RecordRow>;
  readonly #bySeq: Statement<[number], RecordRow>;
  readonly #byHash: Statement<[Buffer], RecordRow>;
  readonly #byAction: Statement<[string], RecordRow>;
  readonly #chunk: Statement<[number, number, number], RecordRow>;
  readonly #indexChunk: Statement<[number, number], TrailIndex & { readonly seq: number; readonly prev: Buffer }>;
  readonly #node: Statement<[number, number], Buffer>;
  readonly #insertCheckpoint: Statement<[number, string, number], unknown>;
  readonly #newestCheckpoint: Statement<[], number | null>;
  readonly #checkpointsAfter: Statement<[number], CheckpointRow>;
  readonly #countCheckpoints: Statement<[number, number], number>;
  readonly #countNodes: Statement<[], number>;
  readonly #trailOrphans: Statement<[], number>;
  readonly #disclosureOrphans: Statement<[], number>;
  readonly #insertDisclosure: Statement<[number, string, Buffer, Buffer], unknown>;
  readonly #disclosures: Statement<[number, number], DisclosureRow>;
  readonly #disclosurePlaces: Statement<[number, number], { readonly seq: number; readonly path: string }>;
  readonly #disclosure: Statement<[number, string], DisclosureRow>;
  readonly #countDisclosures: Statement<[], number>;
  readonly #insertSubject: Statement<[Buffer, Buffer], unknown>;
  readonly #subject: Statement<[Buffer], Buffer>;

  constructor(db: Database) {
    this.db = db;
    const record = 'SELECT seq, hash, sig, bytes FROM record';
    this.#insertRecord = db.prepare('INSERT INTO record (seq, hash, prev, sig, bytes) VALUES (?, ?, ?, ?, ?)');
    this.#insertTrail = db.prepare(`INSERT INTO trail (seq, ${TRAIL_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertNode = db.prepare('INSERT INTO tree_node (level, place, hash) VALUES (?, ?, ?)');
    this.#head = db.prepare(`${record} ORDER BY seq DESC LIMIT 1`);
    this.#bySeq = db.prepare(`${record} WHERE seq = ?`);
    this.#byHash = db.prepare(`${record} WHERE hash = ?`);
    this.#byAction = db.prepare(`${record} WHERE seq IN (SELECT seq FROM trail WHERE action = ?) ORDER BY seq`);
    this.#chunk = db.prepare(`${record} WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`);
    this.#indexChunk = db.prepare(
      `SELECT record.seq AS seq, record.prev AS prev, ${TRAIL_COLUMNS} FROM record LEFT JOIN trail USING (seq)
       WHERE record.seq >= ? AND record.seq <= ? ORDER BY record.seq`,
    );
    this.#node = db
      .prepare<[number, number], Buffer>('SELECT hash FROM tree_node WHERE level = ? AND place = ?')
      .pluck();
    this.#insertCheckpoint = db.prepare('INSERT INTO checkpoint (size, note, written) VALUES (?, ?, ?)');
    this.#newestCheckpoint = db.prepare<[], number | null>('SELECT max(size) FROM checkpoint').pluck();
    this.#checkpointsAfter = db.prepare('SELECT size, note, written FROM checkpoint WHERE size > ? ORDER BY size');
    this.#countCheckpoints = db
      .prepare<[number, number], number>('SELECT count(*) FROM checkpoint WHERE size > ? AND size <= ?')
      .pluck();
    this.#countNodes = db.prepare<[], number>('SELECT count(*) FROM tree_node').pluck();
    const orphans = (table: string) =>
      db
        .prepare<[], number>(
          `SELECT DISTINCT seq FROM ${table} WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.seq = ${table}.seq)
           ORDER BY seq LIMIT 1000`,
        )
        .pluck();
    this.#trailOrphans = orphans('trail');
    this.#disclosureOrphans = orphans('disclosure');
    this.#insertDisclosure = db.prepare('INSERT INTO disclosure (seq, path, subject, box) VALUES (?, ?, ?, ?)');
    this.#disclosures = db.prepare(
      'SELECT seq, path, subject, box FROM disclosure WHERE seq >= ? AND seq <= ? ORDER BY seq, path',
    );
    this.#disclosurePlaces = db.prepare(
      'SELECT seq, path FROM disclosure WHERE seq >= ? AND seq <= ? ORDER BY seq, path',
    );
    this.#disclosure = db.prepare('SELECT seq, path, subject, box FROM disclosure WHERE seq = ? AND path = ?');
    this.#countDisclosures = db.prepare<[], number>('SELECT count(*) FROM disclosure').pluck();
    this.#insertSubject = db.prepare('INSERT INTO subject_key (subject, wrapped) VALUES (?, ?)');
    this.#subject = db.prepare<[Buffer], Buffer>('SELECT wrapped FROM subject_key WHERE subject = ?').pluck();
  }

  insertRecord(seq: number, hash: string, prev: string, sig: Uint8Array, bytes: Buffer, index: TrailIndex): void {
    requireWritten(this.#insertRecord.run(seq, Buffer.from(hash, 'hex'), Buffer.from(prev, 'hex'), sig, bytes));
    const { time, action, outcome, actor_type, actor_id, target_type, target_id, incident } = index;
    const trail = [seq, time, action, outcome, actor_type, actor_id, target_type, target_id, incident];
    requireWritten(this.#insertTrail.run(...trail));
  }

  insertNode({ level, index, hash }: CompletedNode): void {
    requireWritten(this.#insertNode.run(level, index, hash));
  }

  /** Nothing is written where a checkpoint of this size or a larger one stands. */
  insertNewerCheckpoint({ size, note, written }: CheckpointRow): void {
    const insert = this.db.transaction(() => {
      if ((this.#newestCheckpoint.get() ?? 0) >= size) return;
      requireWritten(this.#insertCheckpoint.run(size, note, written));
    });
    insert.immediate();
  }

  insertDisclosure(row: DisclosureRow): void {
    requireWritten(this.#insertDisclosure.run(row.seq, row.path, row.subject, row.box));
  }

  insertSubject(tag: Buffer, wrapped: Buffer): void {
    requireWritten(this.#insertSubject.run(tag, wrapped));
  }

  head(): RecordRow | undefined {
    return this.#head.get();
  }

  bySeq(seq: number): RecordRow | undefined {
    return this.#bySeq.get(seq);
  }

  byHash(hash: string): RecordRow | undefined {
    return this.#byHash.get(Buffer.from(hash, 'hex'));
  }

  /** The records the trail lists under an action, in order; for rare actions only. */
  byAction(action: AuditAction): RecordRow[] {
    return this.#byAction.all(action);
  }

  /** Up to `limit` records after `after`, up to `last`. */
  chunk(after: number, last: number, limit: number): RecordRow[] {
    return this.#chunk.all(after, last, limit);
  }

  /** What stands beside the records `first` to `last`; the members of the trail are null where its row is missing. */
  indexes(first: number, last: number): (TrailIndex & { readonly seq: number; readonly prev: Buffer })[] {
    return this.#indexChunk.all(first, last);
  }

  node(level: number, place: number): Buffer | undefined {
    return this.#node.get(level, place);
  }

  /** In ascending order of size. */
  checkpointsAfter(size: number): CheckpointRow[] {
    return this.#checkpointsAfter.all(size);
  }

  /** Larger than `after`, up to `to`. */
  countCheckpoints(after: number, to: number): number {
    return this.#countCheckpoints.get(after, to) ?? 0;
  }

  countNodes(): number {
    return this.#countNodes.get() ?? 0;
  }

  /** Seqs beside which rows stand although there is no such record, up to 1,000 of each kind. */
  orphans(): { readonly trail: readonly number[]; readonly disclosure: readonly number[] } {
    return { trail: this.#trailOrphans.all(), disclosure: this.#disclosureOrphans.all() };
  }

  disclosures(first: number, last: number): DisclosureRow[] {
    return this.#disclosures.all(first, last);
  }

  /** Where disclosures stand, without what they hold. */
  disclosurePlaces(first: number, last: number): { readonly seq: number; readonly path: string }[] {
    return this.#disclosurePlaces.all(first, last);
  }

  disclosure(seq: number, path: string): DisclosureRow | undefined {
    return this.#disclosure.get(seq, path);
  }

  countDisclosures(): number {
    return this.#countDisclosures.get() ?? 0;
  }

  subject(tag: Buffer): Buffer | undefined {
    return this.#subject.get(tag);
  }
}

/**
 * A trigger can make SQLite pass over a row without an error (RAISE(IGNORE)). What was passed over was not written, and
 * nobody may be told it was.
 * @throws CausewayError `audit-broken` (`write-swallowed`)
 */
export function requireWritten({ changes }: { readonly changes: number }): void {
  if (changes !== 1) throw broken('write-swallowed', 'a row that was inserted is not there');
}
