import { createElement as h, type ReactNode } from 'react';
import type { Window } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { type Axis, axisOf, drawMonths, WIDTH } from './calendar-axis.ts';
import { drawSquares, heightOf } from './calendar-squares.ts';
import { countOf, formatDay, formatLastDay } from './format.ts';
import { plainText, showText } from './shown-text.ts';
import { drawShape, toneOf, wordOf } from './state-mark.ts';
import { drawTally, sayTally, tallyStates } from './tally.ts';

type Row = BlockOf<'calendar'>['rows'][number];

export interface CalendarProps {
  readonly block: BlockOf<'calendar'>;
  readonly anchor: string;
  /** What the axis keeps to; absent: it goes from the first period to the last. */
  readonly window?: Window;
}

/** Occurrences over the window: one row a control, one square a period, all rows along one axis of time. */
export function CalendarBlock({ block, anchor, window }: CalendarProps): ReactNode {
  const axis = axisOf(block.rows, window);
  if (axis === null) return h('p', { className: 'r-empty' }, 'No control has a period in this window.');
  return h(
    'div',
    { className: 'r-calendar' },
    drawLegend(block.rows),
    h(
      'ul',
      { className: 'r-chart' },
      h('li', { className: 'r-chart-row r-chart-head', 'aria-hidden': true }, h('span'), drawMonths(axis), h('span')),
      ...block.rows.map((row, index) => drawRow(row, axis, `${anchor}-${index}`)),
    ),
  );
}

function drawRow(row: Row, axis: Axis, id: string): ReactNode {
  const tally = tallyStates(row.periods.map(({ state }) => ({ state, value: 1 })));
  const height = heightOf(row.periods);
  return h(
    'li',
    { className: 'r-chart-row', key: row.id },
    h('span', { className: 'r-chart-label' }, showText(row.label)),
    row.periods.length === 0
      ? h('span', { className: 'r-none' }, 'each time it happens; see the count')
      : h(
          'svg',
          {
            className: 'r-squares',
            viewBox: `0 0 ${WIDTH} ${height}`,
            role: 'img',
            'aria-labelledby': `${id}-t ${id}-d`,
          },
          h('title', { id: `${id}-t` }, plainText(row.label)),
          h('desc', { id: `${id}-d` }, describe(row, sayTally(tally))),
          ...drawSquares(row.periods, axis),
        ),
    drawTally(tally, 'no periods'),
  );
}

/** In words: how many of each, and when the ones were that should not be. */
function describe({ periods }: Row, said: string): string {
  const bad = periods.filter(({ state }) => toneOf(state) === 'bad' || toneOf(state) === 'warn');
  const named = bad
    .slice(0, 12)
    .map(({ from, to, state }) => `${wordOf(state)}: ${formatDay(from)} to ${formatLastDay(to)}`);
  const more = bad.length > named.length ? [`and ${bad.length - named.length} more`] : [];
  return `${countOf(periods.length, 'period')}: ${said}. ${[...named, ...more].join('; ')}`.trim();
}

function drawLegend(rows: readonly Row[]): ReactNode {
  const states = [...new Set(rows.flatMap(({ periods }) => periods.map(({ state }) => state)))];
  return h(
    'p',
    { className: 'r-legend' },
    'Each square is one period of the control’s own cadence. ',
    ...states.map((state) =>
      h('span', { className: `r-count r-${toneOf(state)}` }, drawShape(state), `${wordOf(state)} `),
    ),
  );
}
