/** An answer gives at most this many rows at a time. */
const ROWS_AT_ONCE = 200;

export interface RowPage {
  readonly from: number;
  readonly to: number;
  readonly page: number;
  readonly pages: number;
  /** `from` of the neighbouring pages; the same as now where there is none. */
  readonly previous: number;
  readonly next: number;
}

/** The part of a citation's half-open row range that begins at `from`, 200 rows at most. */
export function pageRows(citation: { readonly from: number; readonly to: number }, from: number): RowPage {
  const length = Math.max(0, citation.to - citation.from);
  const pages = Math.max(1, Math.ceil(length / ROWS_AT_ONCE));
  const index = Math.min(pages - 1, Math.max(0, Math.floor((from - citation.from) / ROWS_AT_ONCE)));
  const start = citation.from + index * ROWS_AT_ONCE;
  return {
    from: start,
    to: Math.max(start, Math.min(citation.to, start + ROWS_AT_ONCE)),
    page: index + 1,
    pages,
    previous: citation.from + Math.max(0, index - 1) * ROWS_AT_ONCE,
    next: citation.from + Math.min(pages - 1, index + 1) * ROWS_AT_ONCE,
  };
}
