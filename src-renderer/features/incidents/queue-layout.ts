/** Height of rows whose title needs one line, and of rows that have place for two, in pixels. */
export const ROW = { one: 52, two: 70 } as const;

/** What stands beside the title: severity, status, age, the gaps and the padding; in pixels, as the style sheet has it. */
const BESIDE = 84 + 152 + 76 + 3 * 12 + 2 * 16;
/** A bold letter of the title, rather too wide than too narrow. */
const LETTER = 7.4;

/** One height for all rows, as the list is virtual: the low one where every title fits in one line. */
export function chooseRowHeight(incidents: readonly { readonly title: string }[], width: number): number {
  const longest = incidents.reduce((most, { title }) => Math.max(most, title.length), 0);
  return longest * LETTER > width - BESIDE ? ROW.two : ROW.one;
}
