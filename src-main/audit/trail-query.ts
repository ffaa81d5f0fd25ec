import type { Database } from '#main/platform/sqlite.ts';
import type { TrailCount, TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import { parseText } from './search/words.ts';
import { filterOf, LAST_TIME, type TrailFilter, type TrailTerm, timeTerm } from './trail-filter.ts';
import { toListed } from './trail-listed.ts';
import { type ListedRow, type SeqRange, TrailSql } from './trail-sql.ts';
import { countText, searchTrail, type TextIndex } from './trail-text.ts';

export interface TrailLimits {
  /** Up to so many rows of one index are sorted and looked at one by one; beyond, its rows are taken in their own order. */
  readonly few: number;
  /** A count over several common values is made in steps of so many records, and stops when the time is up. */
  readonly countStep: number;
}

const LIMITS: TrailLimits = { few: 20_000, countStep: 50_000 };
/** Where records of a time up to now are looked for first. */
const NEWEST = 5000;
const COUNT_FOR_MS = 90;
const MOST_COUNTS = 64;

type Total = Pick<TrailPage, 'total' | 'totalIs'>;

/** How a filter is answered. */
interface Plan {
  readonly terms: readonly TrailTerm[];
  /** The index to go through; null: along the table. */
  readonly index: string | null;
  readonly range: SeqRange;
  /** Several values of `action`, each with an order of its own. */
  readonly actions: readonly string[] | null;
  /** Where it is known already. */
  readonly total: number | null;
  /** Rows an index gives, at most. */
  readonly atMost: number;
  /** A time up to the newest record: where it begins is looked up only when the newest records are not enough. */
  readonly since: TrailTerm | null;
}

/** Filtered, keyset-paged reading of the trail: a page costs the same wherever it is. */
export class TrailReader {
  readonly #sql: TrailSql;
  /** The last totals told, by filter: pages after the first need not count again. */
  readonly #totals = new Map<string, Total & { readonly head: number }>();

  readonly #limits: TrailLimits;

  constructor(db: Database, limits: TrailLimits = LIMITS) {
    this.#sql = new TrailSql(db);
    this.#limits = limits;
  }

  /** `index`: the search index, where there is one; without it a text is looked for in the records themselves. */
  page(query: TrailQuery, head: number, index: TextIndex | null = null): TrailPage {
    const filter = filterOf(query);
    const nothing: TrailPage = { rows: [], total: 0, totalIs: 'exact', head, next: null, searched: 1 };
    if (filter === null) return nothing;
    const plan = this.#plan(filter, head);
    if (plan === null) return nothing;
    if (query.text !== undefined && query.text.trim() !== '') {
      const terms = parseText(query.text);
      if (terms.length === 0) return nothing;
      const range = { low: this.#begin(plan), high: plan.range.high };
      return searchTrail({ sql: this.#sql, plan: { ...plan, range }, terms, index, head, query });
    }
    const { before, limit } = query;
    const high = before === undefined ? plan.range.high : Math.min(plan.range.high, before - 1);
    const range = { low: plan.range.low, high };
    const found = this.#list(plan, range, limit);
    const all = found.length < limit && before === undefined;
    const total: Total = all ? { total: found.length, totalIs: 'exact' } : this.#total(query, plan, head);
    const last = found.at(-1);
    return {
      rows: found.flatMap(toListed),
      ...total,
      head,
      next: found.length < limit || last === undefined || last.seq <= 1 ? null : last.seq,
      searched: 1,
    };
  }

  #list(plan: Plan, range: SeqRange, limit: number): ListedRow[] {
    const sql = this.#sql;
    if (plan.actions !== null) return sql.listActions(plan.actions, range, limit);
    if (plan.since === null) return sql.list(plan.terms, range, plan.index, limit);
    const newest = sql.list(plan.terms, { low: Math.max(1, range.high - NEWEST), high: range.high }, null, limit);
    if (newest.length === limit) return newest;
    return sql.list(plan.terms, { low: this.#begin(plan), high: range.high }, null, limit);
  }

  /** The first seq of a plan's range. The clock may have gone back: only all records of a time tell where they begin. */
  #begin({ range, since }: Plan): number {
    return since === null ? range.low : (this.#sql.span(since)?.low ?? range.low);
  }

  /** null: no record is of the time asked for. */
  #plan({ terms, time }: TrailFilter, head: number): Plan | null {
    const sql = this.#sql;
    const whole = { low: 1, high: head };
    const candidates = [...terms, ...(time === null ? [] : [timeTerm(time)])].filter((term) => term.index !== null);
    const all = time === null ? terms : [...terms, timeTerm(time)];
    let fewest = this.#limits.few;
    let best: TrailTerm | null = null;
    for (const term of candidates) {
      const count = sql.count([term], null, term.index, fewest);
      if (count === 0) return null;
      if (count < fewest) [fewest, best] = [count, term];
    }
    if (best !== null) {
      const total = all.length === 1 ? fewest : null;
      return { terms: all, index: best.index, range: whole, actions: null, total, atMost: fewest, since: null };
    }
    const only = all.length === 1 ? all[0] : undefined;
    const since = time !== null && time.to === LAST_TIME ? timeTerm(time) : null;
    const span = time === null || since !== null ? null : sql.span(timeTerm(time));
    const plan = {
      terms: all,
      range: span ?? whole,
      actions: null,
      total: span !== null && only !== undefined ? span.count : null,
      atMost: span?.count ?? head,
      since,
    };
    if (only?.ordered) return { ...plan, index: only.index };
    if (only?.index === 'trail_by_action') {
      const actions = AUDIT_ACTIONS.filter((action) => action.startsWith(String(only.values[0])));
      return { ...plan, index: only.index, actions };
    }
    return { ...plan, index: null };
  }

  #total(query: TrailQuery, plan: Plan, head: number): Total {
    if (plan.terms.length === 0) return { total: head, totalIs: 'exact' };
    if (plan.total !== null) return { total: plan.total, totalIs: 'exact' };
    const { before, limit: _, ...filter } = query;
    const key = JSON.stringify(filter);
    const known = this.#totals.get(key);
    if (known !== undefined && (known.head === head || before !== undefined)) {
      return { total: known.total, totalIs: known.totalIs };
    }
    const total = this.#count(plan, head);
    if (this.#totals.size >= MOST_COUNTS) this.#totals.clear();
    this.#totals.set(key, { ...total, head });
    return total;
  }

  #count(plan: Plan, head: number): Total {
    const { terms, index, range, since } = plan;
    const sql = this.#sql;
    const only = terms.length === 1 ? terms[0] : undefined;
    if (only !== undefined && since !== null) return { total: sql.count(terms, null, since.index), totalIs: 'exact' };
    if (only !== undefined && only.index === null) {
      // of the outcomes only the others have an index
      const others = { sql: "outcome <> 'success'", values: [], index: 'trail_by_outcome', ordered: false };
      return { total: head - sql.count([others], null, others.index), totalIs: 'exact' };
    }
    if (index !== null) return { total: sql.count(terms, null, index), totalIs: 'exact' };
    const { count, next } = this.#countFor(terms, { low: this.#begin(plan), high: range.high });
    return { total: count, totalIs: next === null ? 'exact' : 'at-least' };
  }

  /**
   * Counts what a filter matches below `before`, for a moment; a count of everything is the sum of such counts, each going
   * on below the `next` of the one before. Of a text alone the search index is asked.
   */
  count(query: TrailQuery, head: number, index: TextIndex | null = null): TrailCount {
    const filter = filterOf(query);
    const nothing: TrailCount = { count: 0, countIs: 'exact', next: null };
    if (filter === null) return nothing;
    if (query.text !== undefined && query.text.trim() !== '') {
      const alone = filter.terms.length === 0 && filter.time === null;
      return countText(parseText(query.text), alone ? index : null);
    }
    const plan = this.#plan(filter, head);
    if (plan === null) return nothing;
    const { high } = plan.range;
    const range = {
      low: this.#begin(plan),
      high: query.before === undefined ? high : Math.min(high, query.before - 1),
    };
    return this.#countFor(plan.terms, range);
  }

  #countFor(terms: readonly TrailTerm[], { low, high }: SeqRange): TrailCount {
    const { countStep } = this.#limits;
    const until = performance.now() + COUNT_FOR_MS;
    let count = 0;
    for (let top = high; top >= low; top -= countStep) {
      if (top < high && performance.now() > until) return { count, countIs: 'exact', next: top + 1 };
      count += this.#sql.count(terms, { low: Math.max(low, top - countStep + 1), high: top }, null);
    }
    return { count, countIs: 'exact', next: null };
  }
}
