import { createElement as h, type ReactNode } from 'react';
import type { BlockOf } from './block-text.ts';
import { plainText, showText } from './shown-text.ts';
import { toneOf } from './state-mark.ts';
import { drawTally, sayTally, tallyStates } from './tally.ts';

type Bar = BlockOf<'bars'>['bars'][number];

/** As many bars stay on one page. */
const KEPT_TOGETHER = 16;

const sumOf = (bar: Bar) => bar.parts.reduce((sum, { value }) => sum + value, 0);

/** Stacked bars to one scale, each with its numbers in words beside it. */
export function BarsBlock({ block, anchor }: { readonly block: BlockOf<'bars'>; readonly anchor: string }): ReactNode {
  if (block.bars.length === 0) return h('p', { className: 'r-empty' }, 'There is nothing to draw.');
  const scale = Math.max(1, ...block.bars.map(sumOf));
  return h(
    'ul',
    { className: block.bars.length > KEPT_TOGETHER ? 'r-chart' : 'r-chart r-keep' },
    ...block.bars.map((bar, index) => drawBar(bar, scale, `${anchor}-${index}`)),
  );
}

function drawBar(bar: Bar, scale: number, id: string): ReactNode {
  const tally = tallyStates(bar.parts);
  return h(
    'li',
    { className: 'r-chart-row', key: bar.id },
    h('span', { className: 'r-chart-label' }, showText(bar.label)),
    h(
      'svg',
      { className: 'r-bar', width: '100%', height: 14, role: 'img', 'aria-labelledby': `${id}-t ${id}-d` },
      h('title', { id: `${id}-t` }, plainText(bar.label)),
      h('desc', { id: `${id}-d` }, `${sayTally(tally)}.`),
      h('rect', { className: 'r-track', width: '100%', height: 14, rx: 3 }),
      ...drawParts(bar, scale),
    ),
    drawTally(tally),
  );
}

function drawParts(bar: Bar, scale: number): ReactNode[] {
  let from = 0;
  return bar.parts
    .filter(({ value }) => value > 0)
    .map(({ state, value }) => {
      const x = percent(from, scale);
      from += value;
      return h('rect', { className: `r-part r-${toneOf(state)}`, x, width: percent(value, scale), height: 14 });
    });
}

const percent = (value: number, scale: number) => `${Math.round((value / scale) * 1e6) / 1e4}%`;
