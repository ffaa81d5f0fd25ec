import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { countOf } from './format.ts';
import { showText } from './shown-text.ts';
import { drawShape } from './state-mark.ts';

/** What a reader has to know before anything else: records that do not hold together, and what an auditor would send back. */
export function Alerts({ document }: { readonly document: ReportDocument }): ReactNode {
  const broken = document.integrity.state === 'broken';
  const history = document.made.history ?? [];
  if (!broken && history.length === 0 && document.warnings.length === 0) return null;
  return h(
    'div',
    { className: 'r-alerts' },
    broken ? drawBroken(document) : null,
    drawHistory(history),
    drawWarnings(document.warnings),
  );
}

function drawHistory(found: readonly string[]): ReactNode {
  if (found.length === 0) return null;
  return h(
    'section',
    { className: 'r-alert r-bad', 'aria-label': 'The history of the chain is contradicted' },
    h('h2', null, drawShape('fails'), 'The history of the chain is contradicted'),
    h(
      'p',
      null,
      'The records hold together by themselves, and something kept outside of them says otherwise. Do not rely on this report before that is explained.',
    ),
    h('ul', { className: 'r-list' }, ...found.map((line) => h('li', null, showText(line)))),
  );
}

function drawBroken({ integrity }: ReportDocument): ReactNode {
  return h(
    'section',
    { className: 'r-alert r-bad', 'aria-label': 'The records do not hold together' },
    h('h2', null, drawShape('fails'), 'The records do not hold together'),
    h(
      'p',
      null,
      `${countOf(integrity.problemCount, 'problem')} ${integrity.problemCount === 1 ? 'was' : 'were'} found while the records were counted. `,
      'Every figure below is computed from a chain that is broken: do not rely on it before the break is explained.',
    ),
    h(
      'ul',
      { className: 'r-list' },
      ...integrity.problems
        .slice(0, 3)
        .map(({ seq, text }) =>
          h('li', null, seq === 0 ? null : h('span', { className: 'r-id' }, `Record ${seq}: `), showText(text)),
        ),
    ),
  );
}

function drawWarnings(warnings: readonly string[]): ReactNode {
  if (warnings.length === 0) return null;
  return h(
    'section',
    { className: 'r-alert r-warn', 'aria-label': 'Warnings' },
    h('h2', null, drawShape('open'), `${countOf(warnings.length, 'warning')} to read first`),
    h('ul', { className: 'r-list' }, ...warnings.map((text) => h('li', null, showText(text)))),
  );
}
