import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument, ReportException } from '../model/report.ts';
import { drawTime } from './cells.ts';
import { drawSmallTable, type Head } from './facts.ts';
import { countOf, formatCount } from './format.ts';
import { kindInWords } from './report-words.ts';
import { showText } from './shown-text.ts';
import { drawState } from './state-mark.ts';

export interface ExceptionsProps {
  readonly document: Pick<ReportDocument, 'exceptions' | 'hiddenByFilter' | 'zone'>;
  /** How many are drawn at most; the others are counted. */
  readonly rows?: number;
}

/** All that should not have been, or should have been and was not: fixed ones too, and those a filter would hide. */
export function Exceptions({ document, rows = Number.POSITIVE_INFINITY }: ExceptionsProps): ReactNode {
  const { exceptions, zone } = document;
  const hidden = Math.max(0, exceptions.length - rows);
  return h(
    'div',
    null,
    h('p', { className: 'r-sum' }, say(document)),
    exceptions.length === 0
      ? null
      : drawSmallTable(
          'All exceptions',
          HEADS,
          (hidden > 0 ? exceptions.slice(0, rows) : exceptions).map((exception) => drawRow(exception, zone)),
        ),
    hidden === 0 ? null : h('p', { className: 'r-note' }, `${countOf(hidden, 'more exception')}: in the saved report.`),
  );
}

function say({ exceptions, hiddenByFilter }: ExceptionsProps['document']): string {
  const filter =
    hiddenByFilter === 0
      ? 'No filter hides any.'
      : `The filter of this report would have hidden ${formatCount(hiddenByFilter)} of them; they are listed all the same.`;
  if (exceptions.length === 0) {
    return `The rules of this report found none in the window. ${filter} Rules see what is recorded: see what this report does not prove.`;
  }
  const open = exceptions.filter(({ state }) => state === 'open').length;
  return `${countOf(exceptions.length, 'exception')}: ${formatCount(open)} open, ${formatCount(exceptions.length - open)} fixed. Fixed ones stay listed. ${filter}`;
}

const HEADS: readonly Head[] = [
  { head: 'State', kind: 'short' },
  { head: 'Control', kind: 'short' },
  { head: 'What was found', kind: 'main' },
  { head: 'Record', kind: 'number' },
  { head: 'Time', kind: 'short' },
  { head: 'Fixed by', kind: 'number' },
];

function drawRow({ control, kind, text, seq, time, state, fixedBy }: ReportException, zone: string): ReactNode[] {
  return [
    drawState(state),
    h('span', { className: 'r-id' }, control === null ? '–' : showText(control)),
    h('span', null, showText(text), h('span', { className: 'r-line r-note' }, showText(kindInWords(kind)))),
    seq === null ? '–' : String(seq),
    time === null ? '–' : drawTime(time, zone),
    fixedBy === null ? (state === 'fixed' ? 'later' : '–') : String(fixedBy),
  ];
}
