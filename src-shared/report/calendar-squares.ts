import { createElement as h, type ReactNode } from 'react';
import type { ReportState } from '../model/report.ts';
import type { BlockOf } from './block-text.ts';
import { type Axis, round, WIDTH } from './calendar-axis.ts';
import { formatDay, formatLastDay } from './format.ts';
import { toneOf, wordOf } from './state-mark.ts';

type Period = BlockOf<'calendar'>['rows'][number]['periods'][number];
interface Square {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const TALL = 12;

const isDaily = (periods: readonly Period[]) =>
  periods.length > 14 && periods.every(({ from, to }) => Date.parse(to) - Date.parse(from) <= 1.5 * DAY);

/** Days stand in columns of seven, everything longer in one row. */
export const heightOf = (periods: readonly Period[]): number => (isDaily(periods) ? 7 * 6 : TALL);

/**
 * The squares of one row. Those of one state that need no word of their own are one path, which keeps a year of days
 * small; one that is late or missed stands alone and says when it was. Shape besides colour: missed is crossed, late is
 * half filled, not due is hollow, not in force is a point.
 */
export function drawSquares(periods: readonly Period[], axis: Axis): ReactNode[] {
  const place = isDaily(periods) ? placeDay : placeLong;
  const paths = new Map<ReportState, string>();
  const alone: ReactNode[] = [];
  for (const period of periods) {
    const square = place(period, axis);
    const tone = toneOf(period.state);
    if (tone === 'bad' || tone === 'warn') alone.push(drawAlone(period, square));
    else paths.set(period.state, (paths.get(period.state) ?? '') + pathOf(period.state, square));
  }
  return [...[...paths].map(([state, d]) => h('path', { className: `r-sq r-sq-${state}`, d })), ...alone];
}

function placeLong({ from, to }: Period, axis: Axis): Square {
  const x = axis.at(Date.parse(from));
  return {
    x: round(x + 0.5),
    y: 0.5,
    width: Math.max(1.5, round(axis.at(Date.parse(to)) - x - 1.6)),
    height: TALL - 1,
  };
}

function placeDay({ from }: Period, axis: Axis): Square {
  const since = Date.parse(from) - axis.from;
  const column = WIDTH / Math.max(1, Math.ceil((axis.to - axis.from) / WEEK));
  const x = Math.floor(since / WEEK) * column;
  const width = Math.max(1.5, Math.min(column - 1.2, 14));
  return { x: round(x + 0.5), y: (Math.floor(since / DAY) % 7) * 6 + 0.5, width: round(width), height: 4.8 };
}

function pathOf(state: ReportState, { x, y, width, height }: Square): string {
  if (state === 'no-data') return `M${round(x + width / 2 - 0.8)} ${round(y + height / 2 - 0.8)}h1.6v1.6h-1.6z`;
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

/** A cross in the middle, as large as the square lets it be. */
function crossIn({ x, y, width, height }: Square): string {
  const arm = round(Math.min(width, height, 9) / 2 - 0.4);
  const [left, top] = [round(x + width / 2 - arm), round(y + height / 2 - arm)];
  return `M${left} ${top}l${arm * 2} ${arm * 2}m0 ${-arm * 2}l${-arm * 2} ${arm * 2}`;
}

function drawAlone({ from, to, state, count }: Period, square: Square): ReactNode {
  const { x, y, width, height } = square;
  const seen = count === 0 ? '' : `, ${count} seen`;
  return h(
    'g',
    { className: `r-sq-alone r-${toneOf(state)}` },
    h('title', null, `${wordOf(state)}: ${formatDay(from)} to ${formatLastDay(to)}${seen}`),
    h('rect', { x, y, width, height }),
    toneOf(state) === 'bad'
      ? h('path', { d: crossIn(square) })
      : h('rect', { className: 'r-half', x, y: round(y + height / 2), width, height: round(height / 2) }),
  );
}
