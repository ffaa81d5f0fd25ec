/** Chromium does not lay out elements higher than about 33.5 million pixels; beyond this the scroll bar is scaled. */
export const MOST_PIXELS = 24_000_000;

export interface GridWindow {
  /** First row to draw and one past the last. */
  readonly from: number;
  readonly to: number;
  /** Where row `from` is drawn, in pixels from the top of the scrolled area. */
  readonly offset: number;
  /** Height of the scrolled area in pixels. */
  readonly height: number;
}

interface Extent {
  readonly rows: number;
  readonly rowHeight: number;
  readonly viewport: number;
}

const OVERSCAN = 6;

/** Which rows of a long list are on the screen at a scroll position. */
export function windowRows(extent: Extent, scrollTop: number): GridWindow {
  const { rows, rowHeight, viewport } = extent;
  const full = rows * rowHeight;
  const height = Math.min(full, MOST_PIXELS);
  const room = Math.max(1, height - viewport);
  const top = Math.min(Math.max(0, scrollTop), room);
  // With a scaled scroll bar the rows are placed around where they appear, not where they would be.
  const real = full > height ? (top / room) * (full - viewport) : top;
  const from = Math.max(0, Math.floor(real / rowHeight) - OVERSCAN);
  const to = Math.min(rows, Math.ceil((real + viewport) / rowHeight) + OVERSCAN);
  return { from, to, offset: top + (from * rowHeight - real), height };
}

/** The scroll position that shows a row, or the present one when it is in view already. `header` covers the top. */
export function scrollToRow(extent: Extent, scrollTop: number, row: number, header: number): number {
  const { rows, rowHeight, viewport } = extent;
  const full = rows * rowHeight;
  const height = Math.min(full, MOST_PIXELS);
  const room = Math.max(1, height - viewport);
  const scale = full > height ? (full - viewport) / room : 1;
  const real = scrollTop * scale;
  const body = viewport - header;
  const top = row * rowHeight;
  if (top < real) return top / scale;
  return top + rowHeight > real + body ? (top + rowHeight - body) / scale : scrollTop;
}
