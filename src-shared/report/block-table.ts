import { createElement as h, type ReactNode } from 'react';
import type { Cell, Column } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { drawCell } from './cells.ts';
import { ACROSS, type Fit, fitsOf, lengthOf, roomOf, TALL, UPRIGHT } from './column-room.ts';
import { drawFacts } from './facts.ts';
import { countOf, formatCount, isShownBesidesUtc } from './format.ts';
import { plainText, showText } from './shown-text.ts';

export interface TableProps {
  readonly block: BlockOf<'table'>;
  readonly zone: string;
  /** How many rows are drawn at most; the others are counted below. For a preview: a saved report has all of them. */
  readonly rows?: number;
}

/** As few rows of a wide table are drawn as facts: they need no page that lies. */
const AS_FACTS = 3;

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

function drawRows(block: BlockOf<'table'>, rows: BlockOf<'table'>['rows'], zone: string): ReactNode {
  const { title, columns } = block;
  const fits = fitsOf(block);
  const classes = columns.map(({ kind }, at) => (fits[at] === 'brief' ? `r-k-${kind} r-brief` : `r-k-${kind}`));
  return h(
    'div',
    { className: 'r-scroll', role: 'region', 'aria-label': plainText(title), tabIndex: 0 },
    h(
      'table',
      { className: tableClass(block) },
      h('thead', null, h('tr', null, ...columns.map((column, at) => drawHead(column, zone, fits[at] ?? null)))),
      h(
        'tbody',
        null,
        rows.map(({ id, cells }) => h(TableRow, { key: id, cells, columns, classes, zone })),
      ),
    ),
  );
}

interface RowProps {
  readonly cells: readonly Cell[];
  readonly columns: readonly Column[];
  /** Of each column. */
  readonly classes: readonly string[];
  readonly zone: string;
}

/** A component, so that of a long table one row at a time is in memory while it is written. */
function TableRow({ cells, columns, classes, zone }: RowProps): ReactNode {
  return h(
    'tr',
    isTall({ cells }) ? { className: 'r-tall' } : null,
    ...columns.map(({ kind }, index) =>
      h('td', { className: classes[index] }, drawCell(cells[index] ?? null, kind, zone)),
    ),
  );
}

/** A long text leaves the hashes beside it a narrow column: they have lines enough. */
function tableClass({ columns, rows }: BlockOf<'table'>): string {
  const room = roomOf(columns);
  const tall = rows.some(isTall) ? ' r-has-tall' : '';
  if (room > ACROSS) return `r-table r-dense r-denser${tall}`;
  return room > UPRIGHT ? `r-table r-dense${tall}` : `r-table${tall}`;
}

const isTall = ({ cells }: Pick<RowProps, 'cells'>) => cells.some((cell) => lengthOf(cell) > TALL);

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

function drawHead({ id, label, kind }: Column, zone: string, fit: Fit): ReactNode {
  const hint = headHint(kind, zone);
  return h(
    'th',
    { scope: 'col', key: id, className: typeof fit === 'number' ? `r-k-${kind} r-w-${fit}` : `r-k-${kind}` },
    showText(label),
    hint === null ? null : h('span', { className: 'r-hint' }, hint),
  );
}

function headHint(kind: Column['kind'], zone: string): string | null {
  if (kind === 'foreign') return 'as written outside';
  return kind === 'time' && isShownBesidesUtc(zone) ? `UTC, then ${zone}` : null;
}
