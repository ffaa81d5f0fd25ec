import { createElement as h, type ReactNode } from 'react';
import type { ReportDocument } from '../model/report.ts';
import { drawTime } from './cells.ts';
import { drawSmallTable } from './facts.ts';
import { countOf, formatCount } from './format.ts';
import { showText } from './shown-text.ts';
import { drawState } from './state-mark.ts';

/** Whether the records hold together, as found while they were counted. */
export function Integrity({ document }: { readonly document: ReportDocument }): ReactNode {
  const { integrity, zone } = document;
  const holds = integrity.state === 'holds';
  return h(
    'div',
    null,
    h(
      'p',
      { className: 'r-sum' },
      drawState(holds ? 'holds' : 'fails', holds ? 'Holds' : 'Broken'),
      ` ${countOf(integrity.checked, 'record')} checked while counting: each one’s hash was computed from its bytes, its link to the one before compared, and its number. Signatures are not part of this pass; re-performing and the stand-alone verifier check them.`,
    ),
    holds ? null : drawProblems(document),
    integrity.acknowledged.length === 0
      ? null
      : h(
          'div',
          null,
          h('h3', null, 'Breaks of the history that people acknowledged, on record'),
          drawSmallTable(
            'Acknowledged breaks',
            [{ head: 'Record', kind: 'short' }, 'Time'],
            integrity.acknowledged.map(({ seq, time }) => [String(seq), drawTime(time, zone)]),
          ),
        ),
  );
}

function drawProblems({ integrity }: ReportDocument): ReactNode {
  const { problems, problemCount } = integrity;
  const shown = problemCount > problems.length ? `, the first ${problems.length} of them` : '';
  return h(
    'div',
    null,
    h('h3', null, `${formatCount(problemCount)} found${shown}`),
    drawSmallTable(
      'Problems found',
      [
        { head: 'Record', kind: 'short' },
        { head: 'What was found', kind: 'main' },
      ],
      problems.map(({ seq, text }) => [seq === 0 ? 'the chain' : String(seq), showText(text)]),
    ),
  );
}
