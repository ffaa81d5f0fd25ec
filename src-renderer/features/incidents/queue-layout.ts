/** Height of rows whose title needs one line, and of rows that have place for two, in pixels. */
export const ROW = { one: 52, two: 70 } as const;

/** What stands beside the title: severity, status, age, the gaps and the padding; in pixels, as the style sheet has it. */
const BESIDE = 84 + 152 + 76 + 3 * 12 + 2 * 16;

/** One height for all rows, as the list is virtual: the low one where the widest title fits in one line. */
export function chooseRowHeight(widest: number, width: number): number {
  return widest + 2 > width - BESIDE ? ROW.two : ROW.one;
}

/** The width of the widest title, in pixels. */
export function measureTitles(titles: readonly string[]): number {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return Number.POSITIVE_INFINITY;
  context.font = '600 13px "Inter Variable", Inter, system-ui, sans-serif';
  return titles.reduce((widest, title) => Math.max(widest, context.measureText(title).width), 0);
}
