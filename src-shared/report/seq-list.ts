import { createElement as h, type ReactNode } from 'react';
import type { ReportPopulation } from '../model/report.ts';
import { countOf } from './format.ts';

/** Of a longer list only both ends are drawn: nobody reads it, and programs read it from the report's data. */
const MOST = 20_000;
const END = 8_000;

/** The numbers of the records in scope, as ranges. */
export function drawSeqs({ seqs, inScope }: Pick<ReportPopulation, 'seqs' | 'inScope'>): ReactNode {
  if (inScope === 0) return h('p', { className: 'r-empty' }, 'No record is in scope.');
  if (seqs === null) {
    return h(
      'p',
      { className: 'r-empty' },
      `${countOf(inScope, 'record')}: too many to list. The root in the section on the population stands for them; re-performing computes it again from the chain.`,
    );
  }
  if (seqs.length <= MOST) return drawBox(seqs);
  const head = seqs.slice(0, seqs.lastIndexOf(',', END));
  const tail = seqs.slice(seqs.indexOf(',', seqs.length - END) + 1);
  const ranges = countCommas(seqs) - countCommas(head) - countCommas(tail) - 1;
  return h(
    'div',
    null,
    h(
      'p',
      { className: 'r-note' },
      `Both ends of a long list; ${countOf(ranges, 'range')} between them stand in the report’s data only.`,
    ),
    drawBox(head, '', ', …'),
    drawBox(tail, '… '),
  );
}

const countCommas = (text: string) => text.split(',').length - 1;

/** No range is broken at its hyphen. */
function drawBox(ranges: string, before = '', after = ''): ReactNode {
  const parts = ranges
    .split(',')
    .flatMap((range, index) => [index === 0 ? before : ', ', h('span', { className: 'r-range' }, range)]);
  return h(
    'div',
    { className: 'r-seqs', role: 'region', 'aria-label': 'Numbers of records', tabIndex: 0 },
    ...parts,
    after,
  );
}
