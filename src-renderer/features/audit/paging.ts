import type { TrailPage, TrailRow } from '#shared/ipc/views.ts';

export const PAGE_SIZE = 200;
/** Pages kept in memory while any place can be asked for again; the farthest from view go first. */
const MOST_PAGES = 60;

/**
 * Rows of the trail as far as they are loaded, newest first. `anywhere`: nothing is filtered and no record is missing, so
 * row i is record head − i and any page can be loaded; otherwise each page goes on where the one before ended.
 */
export interface TrailRows {
  readonly anywhere: boolean;
  readonly head: number;
  readonly total: number;
  readonly totalIs: TrailPage['totalIs'];
  /** Where any page can be loaded: those that are. */
  readonly pages: ReadonlyMap<number, readonly TrailRow[]>;
  /** Otherwise: all rows loaded, in order. */
  readonly list: readonly TrailRow[];
  /** `before` of the page that goes on; null when everything is loaded. */
  readonly next: number | null;
  /** Records down to this one were looked at. */
  readonly searched: number;
}

/** Begins with the first page of an answer. */
export function beginRows(page: TrailPage, filtered: boolean): TrailRows {
  const first = page.rows[0];
  const anywhere = !filtered && page.total === page.head && (first === undefined || first.seq === page.head);
  const { head, total, totalIs, searched } = page;
  const empty: TrailRows = { anywhere, head, total, totalIs, pages: new Map(), list: [], next: null, searched };
  return anywhere ? { ...empty, pages: new Map([[0, page.rows]]) } : withNext(empty, page);
}

export function rowAt(rows: TrailRows, index: number): TrailRow | null {
  if (!rows.anywhere) return rows.list[index] ?? null;
  return rows.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE] ?? null;
}

/** How many rows can be scrolled to: all of them, or one page more than is loaded. */
export function reachableRows(rows: TrailRows): number {
  if (rows.anywhere) return rows.total;
  if (rows.next === null) return rows.list.length;
  const reachable = rows.list.length + PAGE_SIZE;
  return rows.totalIs === 'exact' ? Math.min(rows.total, reachable) : reachable;
}

/** The row at which a record stands, or null where that cannot be told without loading. */
export function indexOfSeq(rows: TrailRows, seq: number): number | null {
  if (rows.anywhere) return seq >= 1 && seq <= rows.head ? rows.head - seq : null;
  const index = rows.list.findIndex((row) => row.seq === seq);
  return index === -1 ? null : index;
}

export interface PageRequest {
  readonly page: number;
  /** For the query's `before`. */
  readonly before: number;
}

/** The next page to load for the rows in view [from, to), or null when they are all there. */
export function nextRequest(rows: TrailRows, from: number, to: number): PageRequest | null {
  if (rows.anywhere) {
    const last = Math.floor(Math.max(from, Math.min(to, rows.total) - 1) / PAGE_SIZE);
    for (let page = Math.floor(from / PAGE_SIZE); page <= last; page += 1) {
      if (!rows.pages.has(page) && page * PAGE_SIZE < rows.total)
        return { page, before: rows.head - page * PAGE_SIZE + 1 };
    }
    return null;
  }
  return rows.next === null || to < rows.list.length ? null : { page: 0, before: rows.next };
}

/** With a page that has arrived; forgets the pages farthest from it when there are too many. */
export function addPage(rows: TrailRows, place: number, page: TrailPage): TrailRows {
  if (!rows.anywhere) return withNext(rows, page);
  const pages = new Map(rows.pages).set(place, page.rows);
  if (pages.size > MOST_PAGES) {
    const far = [...pages.keys()].filter((key) => key !== 0).sort((a, b) => Math.abs(b - place) - Math.abs(a - place));
    for (const key of far.slice(0, pages.size - MOST_PAGES)) pages.delete(key);
  }
  return { ...rows, pages };
}

/** What was counted of a filter so far, beside its pages. */
export function withTotal(rows: TrailRows, count: number, countIs: TrailPage['totalIs']): TrailRows {
  if (rows.totalIs === 'exact') return rows;
  if (countIs === 'exact') return { ...rows, total: count, totalIs: 'exact' };
  return count <= rows.total ? rows : { ...rows, total: count, totalIs: countIs };
}

function withNext(rows: TrailRows, page: TrailPage): TrailRows {
  const list = [...rows.list, ...page.rows];
  const on = { ...rows, list, next: page.next, searched: page.searched };
  if (page.next === null && rows.totalIs !== 'exact') return { ...on, total: list.length, totalIs: 'exact' };
  return { ...on, total: Math.max(rows.total, list.length) };
}

/** "1,234", "at least 1,234", "about 1,234": what is known of how many there are. */
export function countText({ total, totalIs }: TrailRows, format: (count: number) => string): string {
  const count = format(total);
  return totalIs === 'exact' ? count : totalIs === 'about' ? `about ${count}` : `at least ${count}`;
}
