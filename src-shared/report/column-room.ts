import type { Cell, Column } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';

/** What a column of each kind takes on paper at least, in points. */
const ROOM: Readonly<Record<Column['kind'], number>> = {
  text: 66,
  foreign: 66,
  number: 38,
  seq: 38,
  state: 66,
  id: 62,
  time: 86,
  hash: 92,
};
/** Between the margins of a page that stands, and of one that lies. */
export const UPRIGHT = 510;
export const ACROSS = 755;

export const roomOf = (columns: readonly Column[]): number => columns.reduce((sum, { kind }) => sum + ROOM[kind], 0);

/** A character on paper, in points. */
const CHARACTER = 4.4;
/** A column of texts as short as this needs no room of its own. */
const BRIEF = 14;
/** Longer ones are no reason for more room than these already get. */
const LONGEST = 600;
/** Widths are whole per cents, each a class of the style. */
const LEAST = 6;
const MOST = 70;

/** A row with a cell as long as this may be broken across two pages: kept whole it would leave half of one empty. */
export const TALL = 700;

const isText = ({ kind }: Column) => kind === 'text' || kind === 'foreign';

/** How many characters a cell is drawn with, as far as a line has to hold them. */
export function lengthOf(cell: Cell): number {
  if (cell === null) return 1;
  if (typeof cell === 'number') return String(cell).length;
  if (typeof cell === 'string') return cell.length;
  return 'sealed' in cell ? Math.max(cell.text?.length ?? 0, 20) : cell.word.length;
}

/** What a column is given: a share of the table's width in per cent, the room of its longest word, or what is left. */
export type Fit = number | 'brief' | null;

/**
 * Texts share what numbers, times and states leave by how long they are, so that a sentence does not stand in a column as
 * narrow as a word. Other columns take what they need.
 */
export function fitsOf({ columns, rows }: Pick<BlockOf<'table'>, 'columns' | 'rows'>): Fit[] {
  const lengths = columns.map((column, at) => (isText(column) ? lengthsOf(rows, at) : []));
  const typical = lengths.map(typicalOf);
  const isLong = typical.map((length) => length > BRIEF);
  const taken = columns.reduce((sum, column, at) => {
    if (isLong[at]) return sum;
    if (isText(column)) return sum + ((typical[at] ?? 0) + 3) * CHARACTER;
    if (column.kind !== 'id') return sum + ROOM[column.kind];
    const longest = Math.max(column.label.length, lengthsOf(rows, at).at(-1) ?? 0);
    return sum + Math.min(ROOM.id, (longest + 3) * CHARACTER);
  }, 0);
  const width = roomOf(columns) > UPRIGHT ? ACROSS : UPRIGHT;
  const long = columns.flatMap((_, at) =>
    isLong[at]
      ? [{ at, weight: weightOf(typical[at] ?? 0), least: (longestWord(rows, at) + 2) * (CHARACTER / width) * 100 }]
      : [],
  );
  const shares = shareOut(long, Math.max(0.3, 1 - taken / width) * 100);
  return columns.map((column, at) => {
    const share = shares.get(at);
    if (share !== undefined) return inSteps(share);
    return isText(column) && (lengths[at]?.at(-1) ?? 0) <= BRIEF ? 'brief' : null;
  });
}

interface Claim {
  readonly at: number;
  readonly weight: number;
  /** What its longest word takes. */
  readonly least: number;
}

/** By weight, where none gets less than its longest word: of three quarters of the room at most, that others have some. */
function shareOut(claims: readonly Claim[], room: number): Map<number, number> {
  const words = claims.reduce((sum, { least }) => sum + least, 0);
  const part = Math.min(1, (room * 0.75) / words);
  return pour(
    claims.map((claim) => ({ ...claim, least: claim.least * part })),
    room,
  );
}

function pour(claims: readonly Claim[], room: number): Map<number, number> {
  const all = claims.reduce((sum, { weight }) => sum + weight, 0);
  const shareOf = ({ weight }: Claim) => (room * weight) / all;
  const short = claims.filter((claim) => shareOf(claim) < claim.least);
  if (short.length === 0) return new Map(claims.map((claim) => [claim.at, shareOf(claim)]));
  const others = claims.filter((claim) => !short.includes(claim));
  const kept = short.reduce((sum, { least }) => sum + least, 0);
  return new Map([...short.map(({ at, least }) => [at, least] as const), ...pour(others, room - kept)]);
}

/** Less than by length: the longest text would leave the others a word a line. */
const weightOf = (length: number) => length ** 0.65;

const inSteps = (share: number) => Math.min(MOST, Math.max(LEAST, Math.floor(share)));

/** Names of actions and policies are read whole; what is longer than any of them is broken. */
const LONGEST_WORD = 32;

function longestWord(rows: BlockOf<'table'>['rows'], at: number): number {
  let longest = 0;
  for (const { cells } of rows) {
    const cell = cells[at];
    if (typeof cell !== 'string') continue;
    for (const [word] of cell.slice(0, LONGEST).matchAll(/[^\s,]+/g)) longest = Math.max(longest, word.length);
    if (longest >= LONGEST_WORD) return LONGEST_WORD;
  }
  return longest;
}

/** Between the length that nine of ten cells do not pass and the longest: one long cell makes one tall row. */
const typicalOf = (sorted: readonly number[]) =>
  ((sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 0) * 2 + (sorted.at(-1) ?? 0)) / 3;

function lengthsOf(rows: BlockOf<'table'>['rows'], at: number): number[] {
  return rows.map(({ cells }) => Math.min(LONGEST, lengthOf(cells[at] ?? null))).sort((a, b) => a - b);
}

/** The style's classes of the widths that fitsOf gives. */
export const WIDTH_CSS: string = Array.from(
  { length: MOST - LEAST + 1 },
  (_, step) => `  & .r-w-${LEAST + step} { width: ${LEAST + step}%; }`,
).join('\n');
