import { createElement as h, type ReactNode } from 'react';
import type { Window } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { monthOf } from './format.ts';

/** Units across of a calendar's drawing. */
export const WIDTH = 560;

/** Time from left to right. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Where a moment stands, 0 to WIDTH. */
  at(time: number): number;
}

/**
 * From the first period's beginning to the last one's end, and no further than the window: a yearly period may end long
 * after it. null where there are no periods.
 */
export function axisOf(rows: BlockOf<'calendar'>['rows'], window?: Window): Axis | null {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { periods } of rows) {
    for (const period of periods) {
      from = Math.min(from, Date.parse(period.from));
      to = Math.max(to, Date.parse(period.to));
    }
  }
  if (!(to > from)) return null;
  if (window !== undefined) {
    const inside = [Math.max(from, Date.parse(window.from)), Math.min(to, Date.parse(window.to))] as const;
    if (inside[1] > inside[0]) [from, to] = inside;
  }
  const at = (time: number) => round(((Math.min(to, Math.max(from, time)) - from) / (to - from)) * WIDTH);
  return { from, to, at };
}

/** To a tenth of a unit: finer is not seen, and makes files long. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** The months' names above the squares. A name that would run into the next is left out. */
export function drawMonths(axis: Axis): ReactNode {
  const marks: ReactNode[] = [];
  let free = -10;
  for (const time of monthStarts(axis)) {
    const x = axis.at(Math.max(time, axis.from));
    if (x < free || x > WIDTH - 18) continue;
    const iso = new Date(Math.max(time, axis.from)).toISOString();
    const label = iso.slice(5, 7) === '01' || marks.length === 0 ? `${monthOf(iso)} ${iso.slice(0, 4)}` : monthOf(iso);
    free = x + label.length * 6 + 6;
    marks.push(h('text', { x, y: 9 }, label));
  }
  return h(
    'svg',
    { className: 'r-months', viewBox: `0 0 ${WIDTH} 12`, 'aria-hidden': true, focusable: 'false' },
    ...marks,
  );
}

function monthStarts({ from, to }: Axis): number[] {
  const start = new Date(from);
  const starts: number[] = [];
  for (let month = 0; ; month++) {
    const time = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 1);
    if (time >= to || starts.length > 1200) return starts;
    starts.push(time);
  }
}
