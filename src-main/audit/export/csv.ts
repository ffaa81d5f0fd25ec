/** RFC 4180, for a program that opens a cell beginning with `=` as a formula. */

/**
 * What makes a spreadsheet compute a cell: an operator (also in full width, which some fold), with anything invisible
 * before it; a tab, carriage return or line feed, which some drop. An apostrophe is doubled so that taking one away
 * always gives the value back.
 */
const RISKY = /^(?:'|[\t\r\n]|[\p{C}\p{Z}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

/** The value as it may be shown in a cell. */
export function neutralise(text: string): string {
  return RISKY.test(text) ? `'${text}` : text;
}

/** One row, its CRLF included. Every cell is quoted, so that nothing in it can begin another one. */
export function csvRow(cells: readonly (string | number | null)[]): string {
  const quoted = cells.map((cell) => `"${neutralise(String(cell ?? '')).replaceAll('"', '""')}"`);
  return `${quoted.join(',')}\r\n`;
}
