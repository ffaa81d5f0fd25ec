import type { TrailExport } from '#shared/ipc/views.ts';

export type ExportFormat = TrailExport['format'];

/** What the records are chosen by. */
export type ExportScope = 'all' | 'range' | 'filter';

export interface ExportFormatWords {
  readonly format: ExportFormat;
  readonly name: string;
  readonly text: string;
  /** Which selections it can be made of; the first is proposed. */
  readonly scopes: readonly ExportScope[];
}

export const EXPORT_FORMATS: readonly ExportFormatWords[] = [
  {
    format: 'chain',
    name: 'Whole chain',
    text: 'Everything with its checkpoint. Proves that nothing between is left out.',
    scopes: ['all'],
  },
  {
    format: 'range',
    name: 'Range',
    text: 'Records from one to another. Proves that nothing between them is left out.',
    scopes: ['range'],
  },
  {
    format: 'extract',
    name: 'Extract',
    text: 'The records of the filter. Proves each of them, never that these are all.',
    scopes: ['filter'],
  },
  {
    format: 'ocsf',
    name: 'OCSF events',
    text: 'JSON lines, version 1.9, for a security lake. Each names the record it is made of.',
    scopes: ['all', 'filter', 'range'],
  },
  {
    format: 'cef',
    name: 'CEF events',
    text: 'Text lines for a SIEM. Each names the record it is made of.',
    scopes: ['all', 'filter', 'range'],
  },
  {
    format: 'csv',
    name: 'Table',
    text: 'Comma-separated, for a spreadsheet. Cells that could be formulas are made text.',
    scopes: ['all', 'filter', 'range'],
  },
];

export interface ExportChoice {
  readonly format: ExportFormat;
  readonly scope: ExportScope;
  readonly first: string;
  readonly last: string;
  readonly disclose: boolean;
}

/** What is asked of the main process, or why it cannot be asked for. */
export function requestOf(choice: ExportChoice, query: TrailExport['query'], head: number): TrailExport | string {
  const { format, scope, disclose } = choice;
  switch (scope) {
    case 'all':
      return { format, disclose };
    case 'filter':
      return { format, query: query ?? {}, disclose };
    case 'range': {
      const first = readSeq(choice.first, 1);
      const last = readSeq(choice.last, head);
      if (first === null || last === null) return 'A record is named by its number, from 1 on.';
      if (first > last) return 'The first record comes after the last one.';
      if (last > head) return `The newest record is ${head}.`;
      return { format, first, last, disclose };
    }
  }
}

/** An empty field means the chain's own beginning or end. */
function readSeq(text: string, empty: number): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return empty;
  return /^[1-9]\d{0,14}$/.test(trimmed) ? Number(trimmed) : null;
}
