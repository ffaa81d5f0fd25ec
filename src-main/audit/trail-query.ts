import type { Database, Statement } from '#main/platform/sqlite.ts';
import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import { AuditAction } from '#shared/model/audit-actions.ts';
import type { ActorType, Outcome } from '#shared/model/audit-record.ts';

interface ListedRow {
  readonly seq: number;
  readonly time: number;
  readonly action: string;
  readonly outcome: Outcome;
  readonly actor_type: ActorType;
  readonly actor_id: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly incident: string | null;
  /** null where there is no record. */
  readonly hash: Buffer | null;
}

/** A row beside no record, or of no known action or time, is not shown: only a change to the file makes one. */
function toListed(row: ListedRow): TrailPage['rows'] {
  const action = AuditAction.safeParse(row.action);
  const time = new Date(row.time);
  if (row.hash === null || !action.success || Number.isNaN(time.getTime())) return [];
  return [
    {
      seq: row.seq,
      time: time.toISOString(),
      action: action.data,
      outcome: row.outcome,
      actorType: row.actor_type,
      actorId: row.actor_id,
      targetType: row.target_type,
      targetId: row.target_id,
      incident: row.incident,
      hash: row.hash.toString('hex'),
    },
  ];
}

/** Filtered, keyset-paged reading of the trail: a page costs the same wherever it is. */
export class TrailReader {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(db: Database) {
    this.#db = db;
  }

  page(query: TrailQuery, head: number): TrailPage {
    const { where, values } = whereOf(query);
    const total =
      where === '' ? head : Number(this.#prepare(`SELECT count(*) AS total FROM trail${where}`, true).get(...values));
    const paged = query.before === undefined ? where : `${where === '' ? ' WHERE' : `${where} AND`} seq < ?`;
    const list = this.#prepare(
      `SELECT trail.*, (SELECT hash FROM record WHERE record.seq = trail.seq) AS hash
       FROM trail${paged} ORDER BY seq DESC LIMIT ?`,
      false,
    );
    const parameters = query.before === undefined ? [...values, query.limit] : [...values, query.before, query.limit];
    const rows = (list.all(...parameters) as ListedRow[]).flatMap(toListed);
    return { rows, total, head };
  }

  /** One statement for each combination of filters in use, not one for each value. */
  #prepare(sql: string, pluck: boolean): Statement<unknown[], unknown> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      if (pluck) statement.pluck();
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function whereOf(query: TrailQuery): { readonly where: string; readonly values: readonly unknown[] } {
  const terms: string[] = [];
  const values: unknown[] = [];
  const add = (term: string, value: unknown) => {
    if (value === undefined) return;
    terms.push(term);
    values.push(value);
  };
  add('category = ?', query.action === undefined ? query.category : undefined); // the action says the category
  add('action = ?', query.action);
  add(query.outcome === 'success' ? 'outcome = ?' : "outcome <> 'success' AND outcome = ?", query.outcome);
  add('actor_id = ?', query.actor);
  add('incident IS NOT NULL AND incident = ?', query.incident);
  add('time >= ?', query.from === undefined ? undefined : Date.parse(query.from));
  add('time <= ?', query.to === undefined ? undefined : Date.parse(query.to));
  add('instr(ids, ?) > 0', query.text === undefined || query.text === '' ? undefined : query.text.toLowerCase());
  if (query.category !== undefined && query.action !== undefined && !query.action.startsWith(`${query.category}.`)) {
    terms.push('0'); // an action of another category: nothing
  }
  return { where: terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`, values };
}
