import { canonicalText, NotCanonicalError } from '#main/audit/canonical.ts';
import type { Block, Cell, ReportDocument, SealedCell } from '#shared/model/report.ts';

/** The text of a sealed value by its record and its place in it; null when it is not given, or erased. */
export type Disclosures = (seq: number, path: string) => string | null;

const LONGEST = 20_000;

/** The report with the sealed values its request asks for in clear; as it is where it asks for none. Changes nothing. */
export function fillDisclosures(document: ReportDocument, lookup: Disclosures): ReportDocument {
  if (!document.query.request.disclose) return document;
  const fill = (cell: SealedCell): SealedCell => ({
    ...cell,
    text: lookup(cell.seq, cell.path)?.slice(0, LONGEST) ?? null,
  });
  return { ...document, blocks: document.blocks.map((block) => mapSealed(block, fill)) };
}

/** The places of all sealed values in a report. */
export function sealedIn(document: ReportDocument): readonly SealedCell[] {
  const found: SealedCell[] = [];
  for (const block of document.blocks) {
    mapSealed(block, (cell) => {
      found.push(cell);
      return cell;
    });
  }
  return found;
}

/** A disclosed value as a report shows it: text as it is, anything else as its canonical JSON. */
export function showDisclosed(value: unknown): string | null {
  if (typeof value === 'string') return value;
  try {
    return canonicalText(value, { integersOnly: false });
  } catch (error) {
    if (error instanceof NotCanonicalError) return null; // nothing the store would have sealed
    throw error;
  }
}

export function isSealedCell(cell: unknown): cell is SealedCell {
  return typeof cell === 'object' && cell !== null && 'sealed' in cell;
}

function mapSealed(block: Block, map: (cell: SealedCell) => SealedCell): Block {
  const mapCell = (cell: Cell): Cell => (isSealedCell(cell) ? map(cell) : cell);
  switch (block.block) {
    case 'figures':
      return { ...block, items: block.items.map((item) => ({ ...item, value: mapCell(item.value) })) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => ({ ...row, cells: row.cells.map(mapCell) })) };
    case 'timeline':
      return { ...block, entries: block.entries.map((entry) => ({ ...entry, sealed: entry.sealed.map(map) })) };
    case 'text':
    case 'calendar':
    case 'bars':
      return block;
  }
}
