import type { ControlStatus, Frequency } from '#shared/model/control.ts';
import type { Block, Cell, Column, ReportState, StateCell } from '#shared/model/report.ts';
import type { SealedPlace } from '../../register/register-state.ts';

/** Building stones of blocks. What records hold is clipped to what a document may: it was written by anybody. */
type Table = Extract<Block, { block: 'table' }>;
type Figure = Extract<Block, { block: 'figures' }>['items'][number];
export type Row = Table['rows'][number];

const ROWS = 200_000;

export function clip(text: string, longest = 2000): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}

export function column(id: string, label: string, kind: Column['kind'] = 'text'): Column {
  return { id, label, kind };
}

export function table(given: {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly empty: string;
  readonly note?: string | undefined;
}): Table {
  const { id, title, columns, rows, empty, note } = given;
  const over = rows.length - ROWS;
  const more = over > 0 ? `${over} further rows are not listed.` : '';
  const said = [note ?? '', more].filter((text) => text !== '').join(' ');
  return {
    block: 'table',
    id,
    title,
    columns: [...columns],
    rows: rows.slice(0, ROWS),
    empty,
    ...(said === '' ? {} : { note: clip(said) }),
  };
}

/** `id` names the row wherever somebody speaks of it: unique within its table. */
export function row(id: string, cells: readonly Cell[]): Row {
  return { id: clip(id, 128), cells: cells.map((cell) => (typeof cell === 'string' ? clip(cell, 20_000) : cell)) };
}

export function figure(id: string, label: string, value: Cell, more: Partial<Omit<Figure, 'id'>> = {}): Figure {
  return { id, label, value, kind: typeof value === 'number' ? 'number' : 'text', ...more };
}

export function text(id: string, title: string, paragraphs: readonly string[]): Block {
  return { block: 'text', id, title, paragraphs: paragraphs.map((paragraph) => clip(paragraph)) };
}

export function state(of: ReportState, word: string): StateCell {
  return { state: of, word };
}

/** Its text is filled in later, and only where that was asked for. */
export function sealed(place: SealedPlace | null): Cell {
  return place === null ? null : { sealed: place.sealed, seq: place.seq, path: place.path, text: null };
}

export const STATUS_WORDS: Readonly<Record<ControlStatus, string>> = {
  'in-place': 'In place',
  partial: 'Partial',
  gap: 'Gap',
  'not-applicable': 'Not applicable',
};

export function status(of: ControlStatus): StateCell {
  return state(of, STATUS_WORDS[of]);
}

export const FREQUENCY_WORDS: Readonly<Record<Frequency, string>> = {
  event: 'each time',
  daily: 'daily',
  weekly: 'weekly',
  monthly: 'monthly',
  quarterly: 'quarterly',
  semiannual: 'every six months',
  annual: 'yearly',
};

/** "1 record", "2 records". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Of milliseconds, in the largest units that say enough. */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

/** With a full stop, where it has none. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
