import { createElement as h, type ReactNode } from 'react';
import type { ReportState } from '../model/report.ts';
import { formatCount } from './format.ts';
import { drawShape, toneOf, wordOf } from './state-mark.ts';

/** How many of each state, in the order they first come; states with none are left out. */
export function tallyStates(
  parts: Iterable<{ readonly state: ReportState; readonly value: number }>,
): Map<ReportState, number> {
  const tally = new Map<ReportState, number>();
  for (const { state, value } of parts) if (value > 0) tally.set(state, (tally.get(state) ?? 0) + value);
  return tally;
}

/** The numbers a chart shows, as shape, number and word: what cannot see the chart reads the same. */
export function drawTally(tally: ReadonlyMap<ReportState, number>, none = 'nothing'): ReactNode {
  if (tally.size === 0) return h('span', { className: 'r-tally' }, none);
  return h(
    'span',
    { className: 'r-tally' },
    ...[...tally].map(([state, count]) =>
      h(
        'span',
        { className: `r-count r-${toneOf(state)}` },
        drawShape(state),
        `${formatCount(count)} ${wordOf(state).toLowerCase()} `,
      ),
    ),
  );
}

/** The same as a sentence. */
export function sayTally(tally: ReadonlyMap<ReportState, number>, none = 'nothing'): string {
  if (tally.size === 0) return none;
  return [...tally].map(([state, count]) => `${formatCount(count)} ${wordOf(state).toLowerCase()}`).join(', ');
}
