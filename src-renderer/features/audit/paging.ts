import type { TrailPage, TrailRow } from '#shared/ipc/views.ts';

export const PAGE_SIZE = 200;
/** Pages kept in memory while any place can be asked for again; the farthest from view go first. */
const MOST_PAGES = 60;

/**
 * Rows of the trail as far as they are loaded, newest first. `anywhere`: nothing is filtered and no record is missing, so
 * row i is record head − i and any place can be loaded; otherwise each page begins where the one before ended.
 */
export interface TrailRows {
  readonly anywhere: boolean;
  readonly head: number;
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly TrailRow[]>;
}

/** Begins with the first page of an answer. */
export function beginRows(page: TrailPage, filtered: boolean): TrailRows {
  const first = page.rows[0];
  const anywhere = !filtered && page.total === page.head && (first === undefined || first.seq === page.head);
  return { anywhere, head: page.head, total: page.total, pages: new Map([[0, page.rows]]) };
}

export function rowAt(rows: TrailRows, index: number): TrailRow | null {
  return rows.pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE] ?? null;
}

/** How many rows can be scrolled to: all of them, or one page more than is loaded. */
export function reachableRows(rows: TrailRows): number {
  if (rows.anywhere) return rows.total;
  return Math.min(rows.total, rows.pages.size * PAGE_SIZE + (isComplete(rows) ? 0 : PAGE_SIZE));
}

/** The row at which a record stands, or null where that cannot be told without loading. */
export function indexOfSeq(rows: TrailRows, seq: number): number | null {
  if (rows.anywhere) return seq >= 1 && seq <= rows.head ? rows.head - seq : null;
  for (const [page, loaded] of rows.pages) {
    const index = loaded.findIndex((row) => row.seq === seq);
    if (index !== -1) return page * PAGE_SIZE + index;
  }
  return null;
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
  const page = rows.pages.size;
  if (isComplete(rows) || to < page * PAGE_SIZE) return null;
  const last = rows.pages.get(page - 1)?.at(-1);
  return last === undefined ? null : { page, before: last.seq };
}

/** With a page that has arrived; forgets the pages farthest from it when there are too many. */
export function addPage(rows: TrailRows, page: number, loaded: readonly TrailRow[]): TrailRows {
  const pages = new Map(rows.pages).set(page, loaded);
  if (rows.anywhere && pages.size > MOST_PAGES) {
    const far = [...pages.keys()].filter((key) => key !== 0).sort((a, b) => Math.abs(b - page) - Math.abs(a - page));
    for (const key of far.slice(0, pages.size - MOST_PAGES)) pages.delete(key);
  }
  return { ...rows, pages };
}

/** Only for sequential pages: the last one loaded was not full. */
function isComplete(rows: TrailRows): boolean {
  const last = rows.pages.get(rows.pages.size - 1);
  return last === undefined || last.length < PAGE_SIZE || rows.pages.size * PAGE_SIZE >= rows.total;
}
