import type { Database, Statement } from '#main/platform/sqlite.ts';
import type { TrailTerm } from './trail-filter.ts';

export interface ListedRow {
  readonly seq: number;
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly incident: string | null;
  /** null where there is no record. */
  readonly hash: Buffer | null;
}

export interface ReadRow extends ListedRow {
  readonly bytes: Buffer | null;
}

/** Seqs [low, high]. */
export interface SeqRange {
  readonly low: number;
  readonly high: number;
}

const HASH = '(SELECT hash FROM record WHERE record.seq = trail.seq) AS hash';
const BYTES = '(SELECT bytes FROM record WHERE record.seq = trail.seq) AS bytes';

/**
 * The statements over `trail`. Which index is used is said each time (INDEXED BY, or none and the table from its end):
 * without statistics SQLite's guess is sometimes the one that sorts a million rows for the first screenful.
 */
export class TrailSql {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Newest first, through the index named, or along the table. */
  list(terms: readonly TrailTerm[], range: SeqRange, index: string | null, limit: number): ListedRow[] {
    const { where, values } = conditions(terms, range);
    const sql = `SELECT trail.*, ${HASH} FROM trail ${by(index)}${where} ORDER BY seq DESC LIMIT ?`;
    return this.#prepare(sql).all(...values, limit) as ListedRow[];
  }

  /** The newest rows of several values of one column, taken in turn from each value's own newest. */
  listActions(actions: readonly string[], range: SeqRange, limit: number): ListedRow[] {
    const one =
      'SELECT seq FROM (SELECT seq FROM trail INDEXED BY trail_by_action WHERE action = ? AND seq >= ? AND seq <= ? ORDER BY seq DESC LIMIT ?)';
    const seqs = `SELECT seq FROM (${actions.map(() => one).join(' UNION ALL ')}) ORDER BY seq DESC LIMIT ?`;
    const sql = `SELECT trail.*, ${HASH} FROM trail WHERE seq IN (${seqs}) ORDER BY seq DESC`;
    const values = actions.flatMap((action) => [action, range.low, range.high, limit]);
    return this.#prepare(sql).all(...values, limit) as ListedRow[];
  }

  /** Rows with their bytes, for searching them. */
  read(terms: readonly TrailTerm[], range: SeqRange, index: string | null, limit: number): ReadRow[] {
    const { where, values } = conditions(terms, range);
    const sql = `SELECT trail.*, ${HASH}, ${BYTES} FROM trail ${by(index)}${where} ORDER BY seq DESC LIMIT ?`;
    return this.#prepare(sql).all(...values, limit) as ReadRow[];
  }

  /** Those of the rows named that meet the conditions, newest first. */
  readSeqs(seqs: readonly number[], terms: readonly TrailTerm[]): ReadRow[] {
    const where = terms.map(({ sql }) => ` AND ${sql}`).join('');
    const sql = `SELECT trail.*, ${HASH}, ${BYTES} FROM trail NOT INDEXED
      WHERE seq IN (SELECT value FROM json_each(?))${where} ORDER BY seq DESC`;
    const values = terms.flatMap((term) => term.values);
    return this.#prepare(sql).all(JSON.stringify(seqs), ...values) as ReadRow[];
  }

  /** How many rows meet the conditions, counted to `most` at most. */
  count(terms: readonly TrailTerm[], range: SeqRange | null, index: string | null, most?: number): number {
    const { where, values } = conditions(terms, range);
    const from = `FROM trail ${by(index)}${where}`;
    const sql =
      most === undefined
        ? `SELECT count(*) AS count ${from}`
        : `SELECT count(*) AS count FROM (SELECT 1 ${from} LIMIT ?)`;
    const row = this.#prepare(sql).get(...values, ...(most === undefined ? [] : [most]));
    return (row as { readonly count: number }).count;
  }

  /** Where in the chain the records of a time stand: their number, and the first and last. null: there are none. */
  span(term: TrailTerm): (SeqRange & { readonly count: number }) | null {
    const sql = `SELECT count(*) AS count, min(seq) AS low, max(seq) AS high FROM trail ${by(term.index)} WHERE ${term.sql}`;
    const row = this.#prepare(sql).get(...term.values) as { count: number; low: number | null; high: number | null };
    return row.low === null || row.high === null ? null : { count: row.count, low: row.low, high: row.high };
  }

  /** Seqs of the records whose hash begins so, newest first, 100 at most. */
  hashPrefix(prefix: string): number[] {
    const low = Buffer.from(prefix.padEnd(64, '0'), 'hex');
    const high = Buffer.from(prefix.padEnd(64, 'f'), 'hex');
    const sql = 'SELECT seq FROM record INDEXED BY record_by_hash WHERE hash >= ? AND hash <= ? LIMIT 100';
    const rows = this.#prepare(sql).all(low, high) as { readonly seq: number }[];
    return rows.map(({ seq }) => seq).sort((a, b) => b - a);
  }

  /** One statement for each combination of filters in use, not one for each value. */
  #prepare(sql: string): Statement<unknown[], unknown> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function by(index: string | null): string {
  return index === null ? 'NOT INDEXED' : `INDEXED BY ${index}`;
}

function conditions(terms: readonly TrailTerm[], range: SeqRange | null) {
  const parts = terms.map(({ sql }) => sql);
  const values: unknown[] = terms.flatMap((term) => term.values);
  if (range !== null) {
    parts.push('seq >= ? AND seq <= ?');
    values.push(range.low, range.high);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
}
