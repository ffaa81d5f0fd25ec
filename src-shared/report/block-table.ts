import { createElement as h, type ReactNode } from 'react';
import type { Cell, Column } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { drawCell } from './cells.ts';
import { countOf, formatCount, isShownBesidesUtc } from './format.ts';
import { plainText, showText } from './shown-text.ts';

export interface TableProps {
  readonly block: BlockOf<'table'>;
  readonly zone: string;
  /** How many rows are drawn at most; the others are counted below. For a preview: a saved report has all of them. */
  readonly rows?: number;
}

/** Wider than this, a table is printed across. */
const PORTRAIT_COLUMNS = 7;
/** Wider than this, it is also printed smaller. */
const ACROSS_COLUMNS = 10;

export const isWide = ({ columns }: BlockOf<'table'>): boolean => columns.length > PORTRAIT_COLUMNS;

/** A table of any length: its head stands on each printed page, no row is broken across two. */
export function TableBlock({ block, zone, rows = Number.POSITIVE_INFINITY }: TableProps): ReactNode {
  const shown = block.rows.length > rows ? block.rows.slice(0, rows) : block.rows;
  const hidden = block.rows.length - shown.length;
  return h(
    'div',
    { className: 'r-table-block' },
    block.note === undefined ? null : h('p', { className: 'r-note' }, showText(block.note)),
    block.rows.length === 0 ? h('p', { className: 'r-empty' }, showText(block.empty)) : drawRows(block, shown, zone),
    hidden === 0
      ? null
      : h(
          'p',
          { className: 'r-note' },
          `${countOf(hidden, 'more row')} of ${formatCount(block.rows.length)}: in the saved report.`,
        ),
  );
}

function drawRows({ title, columns }: BlockOf<'table'>, rows: BlockOf<'table'>['rows'], zone: string): ReactNode {
  return h(
    'div',
    { className: 'r-scroll', role: 'region', 'aria-label': plainText(title), tabIndex: 0 },
    h(
      'table',
      { className: tableClass(columns.length) },
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

const tableClass = (columns: number) =>
  columns > ACROSS_COLUMNS ? 'r-table r-dense r-denser' : columns > PORTRAIT_COLUMNS ? 'r-table r-dense' : 'r-table';

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
