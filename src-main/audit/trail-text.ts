import type { TrailCount, TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import { RecordEnvelope } from '#shared/model/audit-record.ts';
import { hasTerms, mayHaveTerms, type Term } from './search/words.ts';
import type { TrailTerm } from './trail-filter.ts';
import { toListed } from './trail-listed.ts';
import type { ReadRow, SeqRange, TrailSql } from './trail-sql.ts';

/**
 * A derived index over the records' words. It is not trusted: what it finds is compared with the record, so that a
 * forged one can hide a record from a search, and not make one up. Whoever doubts it has it built again.
 */
export interface TextIndex {
  /** Every record up to this seq is in it. */
  readonly last: number;
  /** Seqs at `high` and below that may have the terms, newest first. */
  find(terms: readonly Term[], high: number, limit: number): number[];
  /** How many may have them, counted to `most`. */
  count(terms: readonly Term[], most: number): number;
  /** It could not be read: it is not asked again, and built anew. */
  failed(error: unknown): void;
}

export interface TextSearch {
  readonly sql: TrailSql;
  readonly plan: {
    readonly terms: readonly TrailTerm[];
    readonly index: string | null;
    readonly actions: readonly string[] | null;
    readonly range: SeqRange;
    readonly atMost: number;
  };
  readonly terms: readonly Term[];
  readonly index: TextIndex | null;
  readonly head: number;
  readonly query: TrailQuery;
}

/** What one request may take; then it answers with what it has, and says how far it came. */
const SEARCH_FOR_MS = 110;
const CHUNK = 250;
/** So few rows are read one by one rather than looked up in the search index. */
const FEW = 4000;
const MOST_COUNTED = 50_000;

/** Looks for a text in the records that a plan leaves, newest first. */
export function searchTrail(search: TextSearch): TrailPage {
  const few = search.plan.index !== null && search.plan.atMost <= FEW;
  if (few || search.index === null) return new Walk({ ...search, index: null }).run();
  try {
    return new Walk(search).run();
  } catch (error) {
    search.index.failed(error);
    return new Walk({ ...search, index: null }).run();
  }
}

/** How many records may have the terms, by the index alone; without one nothing can be said but what was found. */
export function countText(terms: readonly Term[], index: TextIndex | null): TrailCount {
  if (index !== null && terms.length > 0) {
    try {
      const count = index.count(terms, MOST_COUNTED);
      return { count, countIs: count >= MOST_COUNTED ? 'at-least' : 'about', next: null };
    } catch (error) {
      index.failed(error);
    }
  }
  return { count: 0, countIs: 'at-least', next: null };
}

class Walk {
  readonly #search: TextSearch;
  readonly #rows: TrailPage['rows'] = [];
  readonly #until = performance.now() + SEARCH_FOR_MS;
  /** Everything above is done. */
  #high: number;
  #matched = 0;
  #lastListed = 0;

  constructor(search: TextSearch) {
    this.#search = search;
    const { plan, query } = search;
    this.#high = query.before === undefined ? plan.range.high : Math.min(plan.range.high, query.before - 1);
  }

  run(): TrailPage {
    const { plan, index, head } = this.#search;
    // the newest are read in any case: of a common word they fill the page, and the index need not be asked for it
    const known = index === null ? 0 : Math.min(index.last, this.#high - CHUNK);
    const low = Math.max(plan.range.low, known + 1);
    const done = this.#readDown(low) && (index === null || this.#askIndex(index, plan.range.low));
    const more = this.#matched > this.#rows.length;
    const next = more ? this.#lastListed : done ? null : this.#high + 1;
    const searched = done ? 1 : this.#high + 1;
    return { rows: this.#rows, ...this.#total(done), head, next: next === null || next <= 1 ? null : next, searched };
  }

  /** Counting what only the index knows is left to `countText`: the page does not wait for it. */
  #total(done: boolean): Pick<TrailPage, 'total' | 'totalIs'> {
    const exact = done && this.#search.query.before === undefined;
    return { total: this.#matched, totalIs: exact ? 'exact' : 'at-least' };
  }

  /** Reads the records down to `low` themselves. @returns whether it came to the end */
  #readDown(low: number): boolean {
    const { plan, sql } = this.#search;
    const index = plan.actions === null ? plan.index : null;
    while (this.#high >= low) {
      const chunk = sql.read(plan.terms, { low, high: this.#high }, index, CHUNK);
      for (const row of chunk) this.#take(row);
      const last = chunk.at(-1);
      if (last === undefined || chunk.length < CHUNK) {
        this.#high = low - 1;
        return true;
      }
      this.#high = last.seq - 1;
      if (this.#enough()) return this.#high < low;
    }
    return true;
  }

  #askIndex(index: TextIndex, low: number): boolean {
    const { plan, sql, terms } = this.#search;
    const byHash = this.#byHash();
    while (this.#high >= low) {
      if (this.#enough()) return false;
      const found = index.find(terms, this.#high, CHUNK);
      const end = found.length < CHUNK ? low : (found.at(-1) ?? low);
      const hashed = byHash.filter((seq) => seq >= end && seq <= this.#high);
      const seqs = [...new Set([...found.filter((seq) => seq >= low), ...hashed])];
      for (const row of sql.readSeqs(seqs, plan.terms)) this.#take(row);
      this.#high = end - 1;
    }
    return true;
  }

  /** The hash a record is stored under is in the database's own index. */
  #byHash(): readonly number[] {
    const [term, ...others] = this.#search.terms;
    const word = term?.words.length === 1 && others.length === 0 ? term.words[0] : undefined;
    return word !== undefined && /^[0-9a-f]{6,64}$/.test(word) ? this.#search.sql.hashPrefix(word) : [];
  }

  #take(row: ReadRow): void {
    const [listed] = toListed(row);
    if (listed === undefined || row.bytes === null || !this.#has(row.bytes, listed.hash)) return;
    this.#matched++;
    if (this.#rows.length >= this.#search.query.limit) return;
    this.#rows.push(listed);
    this.#lastListed = listed.seq;
  }

  #has(bytes: Buffer, hash: string): boolean {
    const { terms } = this.#search;
    const json = bytes.toString('utf8');
    if (!mayHaveTerms(terms, json, hash)) return false;
    try {
      const record = RecordEnvelope.safeParse(JSON.parse(json));
      return record.success && hasTerms(terms, record.data, hash);
    } catch {
      return false; // damaged bytes say nothing; verification names them
    }
  }

  /** A page is full and counting on is not worth it, or the time is up. */
  #enough(): boolean {
    const full = this.#matched > this.#search.query.limit;
    const countable = this.#search.index !== null && this.#search.plan.terms.length === 0;
    return (full && countable) || performance.now() > this.#until;
  }
}
