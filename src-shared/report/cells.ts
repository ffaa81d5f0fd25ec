import { createElement as h, type ReactNode } from 'react';
import type { Cell, Column, SealedCell } from '../model/report.ts';
import { formatCount, formatInZone, formatUtc } from './format.ts';
import { showForeign, showText } from './shown-text.ts';
import { drawState } from './state-mark.ts';

/**
 * A hash or commitment. The whole value is in the page: the screen cuts it short by style and selects it whole at a
 * click, so that what is copied is complete; paper shows all of it.
 */
export function drawHash(value: string, whole = false): ReactNode {
  return h('code', { className: whole ? 'r-hash r-whole' : 'r-hash', title: value }, value);
}

/** A moment in UTC, and in the document's zone below it. What is no time stays the text it is. */
export function drawTime(iso: string, zone: string): ReactNode {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(iso) || Number.isNaN(Date.parse(iso))) return showText(iso);
  const local = formatInZone(iso, zone);
  return h(
    'time',
    { className: 'r-time', dateTime: iso },
    formatUtc(iso),
    local === null ? null : ' ',
    local === null ? null : h('span', { className: 'r-zone' }, local),
  );
}

/** A sealed value: its commitment, and the text where the report gives it in clear. People wrote it: it is foreign. */
export function drawSealed(cell: SealedCell): ReactNode {
  const where = `${cell.path} of record ${cell.seq}`;
  const mark = h(
    'span',
    { className: 'r-seal', title: `Sealed in the chain: ${where}` },
    h(
      'svg',
      { className: 'r-shape', viewBox: '0 0 12 12', 'aria-hidden': true, focusable: 'false' },
      h('path', { d: 'M2.5 5.5h7v5h-7ZM4 5.5V3.6a2 2 0 0 1 4 0v1.9', fill: 'none', stroke: 'currentColor' }),
    ),
    cell.text === null ? 'Sealed ' : 'Opened ',
    drawHash(cell.sealed),
  );
  if (cell.text === null) return h('span', { className: 'r-sealed' }, mark);
  return h('span', { className: 'r-sealed' }, cell.text === '' ? null : showForeign(cell.text), mark);
}

/** Numbers of records as they are written everywhere, `1-5,8,10-12`, and what a list that was cut says of the others. */
const SEQ_LIST = /^\d+(-\d+)?(,\d+(-\d+)?)+(-?,?…|, and further ones;.*)?$/;

/** A list is broken after a comma and never inside of a range: what is copied reads as it was written, but for blanks. */
function drawSeqList(list: string): ReactNode {
  const parts = list
    .split(/,\s*/)
    .flatMap((range, at) => [
      at === 0 ? '' : ', ',
      /^\d+-\d+$/.test(range) ? h('span', { className: 'r-range' }, range) : range,
    ]);
  return h('span', { className: 'r-list-of-seqs' }, ...parts);
}

/** One value of a table or a list of figures, by the kind of its column. */
export function drawCell(cell: Cell, kind: Column['kind'], zone: string): ReactNode {
  if (cell === null) return h('span', { className: 'r-none' }, '–');
  if (typeof cell === 'object') return 'sealed' in cell ? drawSealed(cell) : drawState(cell.state, cell.word);
  if (typeof cell === 'number') return kind === 'seq' || kind === 'id' ? String(cell) : formatCount(cell);
  switch (kind) {
    case 'foreign':
      return showForeign(cell);
    case 'time':
      return drawTime(cell, zone);
    case 'hash':
      return cell === '' ? '' : drawHash(cell);
    case 'id':
    case 'seq':
      return h('span', { className: 'r-id' }, showText(cell));
    case 'text':
      return SEQ_LIST.test(cell) ? drawSeqList(cell) : showText(cell);
    case 'number':
    case 'state':
      return showText(cell);
  }
}
