import { createElement as h, type ReactNode } from 'react';
import type { Cell, Column } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { drawCell } from './cells.ts';
import { drawFacts } from './facts.ts';
import { countOf, formatCount, isShownBesidesUtc } from './format.ts';
import { plainText, showText } from './shown-text.ts';

export interface TableProps {
  readonly block: BlockOf<'table'>;
  readonly zone: string;
  /** How many rows are drawn at most; the others are counted below. For a preview: a saved report has all of them. */
  readonly rows?: number;
}

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
const UPRIGHT = 510;
const ACROSS = 755;
/** As few rows of a wide table are drawn as facts: they need no page that lies. */
const AS_FACTS = 3;

const roomOf = (columns: readonly Column[]) => columns.reduce((sum, { kind }) => sum + ROOM[kind], 0);

/** Whether a table is printed across the page. */
export const isWide = ({ columns, rows }: BlockOf<'table'>): boolean =>
  roomOf(columns) > UPRIGHT && rows.length > AS_FACTS;

/** A table of any length: its head stands on each printed page, no row is broken across two. */
export function TableBlock({ block, zone, rows = Number.POSITIVE_INFINITY }: TableProps): ReactNode {
  const shown = block.rows.length > rows ? block.rows.slice(0, rows) : block.rows;
  const hidden = block.rows.length - shown.length;
  return h(
    'div',
    { className: 'r-table-block' },
    block.note === undefined ? null : h('p', { className: 'r-note' }, showText(block.note)),
    drawBody(block, shown, zone),
    hidden === 0
      ? null
      : h(
          'p',
          { className: 'r-note' },
          `${countOf(hidden, 'more row')} of ${formatCount(block.rows.length)}: in the saved report.`,
        ),
  );
}

function drawBody(block: BlockOf<'table'>, shown: BlockOf<'table'>['rows'], zone: string): ReactNode {
  if (block.rows.length === 0) return h('p', { className: 'r-empty' }, showText(block.empty));
  const asFacts = block.rows.length <= AS_FACTS && roomOf(block.columns) > UPRIGHT;
  return asFacts ? drawAsFacts(block, zone) : drawRows(block, shown, zone);
}

function drawRows({ title, columns }: BlockOf<'table'>, rows: BlockOf<'table'>['rows'], zone: string): ReactNode {
  return h(
    'div',
    { className: 'r-scroll', role: 'region', 'aria-label': plainText(title), tabIndex: 0 },
    h(
      'table',
      { className: tableClass(columns) },
      h('thead', null, h('tr', null, ...columns.map((column) => drawHead(column, zone)))),
      h(
        'tbody',
        null,
        rows.map(({ id, cells }) => h(TableRow, { key: id, cells, columns, zone })),
      ),
    ),
  );
}

interface RowProps {
  readonly cells: readonly Cell[];
  readonly columns: readonly Column[];
  readonly zone: string;
}

/** A component, so that of a long table one row at a time is in memory while it is written. */
function TableRow({ cells, columns, zone }: RowProps): ReactNode {
  return h(
    'tr',
    null,
    ...columns.map(({ kind }, index) =>
      h('td', { className: `r-k-${kind}` }, drawCell(cells[index] ?? null, kind, zone)),
    ),
  );
}

function tableClass(columns: readonly Column[]): string {
  const room = roomOf(columns);
  if (room > ACROSS) return 'r-table r-dense r-denser';
  return room > UPRIGHT ? 'r-table r-dense' : 'r-table';
}

/** Each row as a list of its values by name. */
function drawAsFacts({ columns, rows }: BlockOf<'table'>, zone: string): ReactNode {
  return h(
    'div',
    { className: 'r-rows' },
    ...rows.map(({ cells }) =>
      drawFacts(
        columns.map(({ label, kind }, index) => [showText(label), drawCell(cells[index] ?? null, kind, zone)] as const),
      ),
    ),
  );
}

function drawHead({ id, label, kind }: Column, zone: string): ReactNode {
  const hint = headHint(kind, zone);
  return h(
    'th',
    { scope: 'col', key: id, className: `r-k-${kind}` },
    showText(label),
    hint === null ? null : h('span', { className: 'r-hint' }, hint),
  );
}

function headHint(kind: Column['kind'], zone: string): string | null {
  if (kind === 'foreign') return 'as written outside';
  return kind === 'time' && isShownBesidesUtc(zone) ? `UTC, then ${zone}` : null;
}
