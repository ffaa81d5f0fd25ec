import uPlot from 'uplot';
import type { ChartSeries } from '#shared/model/investigation.ts';
import { formatMeasure } from '../format/numbers.ts';
import { placeLabels } from './chart-labels.ts';
import type { ChartColors } from './colors.ts';

const FONT = '11px "Inter Variable", system-ui, sans-serif';
const LABEL_ROW = 15;

/** The chart of a metric: its line, its usual range as a band, its marks as labelled dashed lines. */
export function chartOptions(
  series: ChartSeries,
  colors: ChartColors,
  size: { readonly width: number; readonly height: number },
  utc: boolean,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const axis = {
    stroke: colors.faint,
    font: FONT,
    grid: { stroke: colors.line, width: 1 },
    ticks: { stroke: colors.line, width: 1, size: 4 },
  };
  return {
    ...size,
    padding: [LABEL_ROW * labelRows(series) + 8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 7, fill: colors.accent } },
    tzDate: (seconds) => (utc ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000)),
    scales: { x: { time: true }, y: { range: (_plot, low, high) => padRange(low, high) } },
    axes: [
      {
        ...axis,
        space: 70,
        values: [
          [86400, '{YYYY}-{MM}-{DD}', null, null, null, null, null, null, 0],
          [3600, '{HH}:{mm}', '\n{MMM} {D}', null, '\n{MMM} {D}', null, null, null, 1],
          [60, '{HH}:{mm}', '\n{MMM} {D}', null, '\n{MMM} {D}', null, null, null, 1],
          [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 0],
        ],
      },
      { ...axis, size: 58, values: (_plot, splits) => splits.map((value) => formatMeasure(value)) },
    ],
    series: [
      {},
      { stroke: colors.accent, width: 1.6, points: { show: false }, spanGaps: false },
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: colors.band }],
    hooks: {
      draw: [(plot) => drawMarks(plot, series, colors)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

/** Metrics that cannot be negative start at 0 where they come near it; the top leaves room for the line. */
function padRange(low: number, high: number): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 && low - room * 4 < 0 ? 0 : low - room, high + room];
}

const FIRST_LABELLED = ['alarm', 'action', 'onset', 'change'] as const;

/** Rows of labels above the plot: one for each mark, three at most. */
function labelRows(series: ChartSeries): number {
  return Math.min(3, series.marks.length);
}

function drawMarks(plot: uPlot, series: ChartSeries, colors: ChartColors): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  const paint = { alarm: colors.alarm, onset: colors.alarm, change: colors.change, action: colors.action } as const;
  ctx.save();
  ctx.font = FONT.replace('11px', `${11 * ratio}px`);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left'; // the axes leave theirs behind
  const marks = [...series.marks]
    .sort((a, b) => FIRST_LABELLED.indexOf(a.kind) - FIRST_LABELLED.indexOf(b.kind) || b.time - a.time)
    .map((mark) => {
      const text = shorten(ctx, mark.label, 230 * ratio);
      const x = Math.round(plot.valToPos(mark.time / 1000, 'x', true));
      return { kind: mark.kind, text, x, width: ctx.measureText(text).width };
    })
    .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width);
  const room = { left: bbox.left, right: bbox.left + bbox.width, rows: labelRows(series), gap: 5 * ratio };
  const places = placeLabels(marks, room);
  for (const [index, mark] of marks.entries()) {
    const place = places[index] ?? null; // without room: the list of marks below the chart has it
    const middle = bbox.top - ((place?.row ?? -1) + 0.5) * LABEL_ROW * ratio - 2 * ratio;
    ctx.strokeStyle = paint[mark.kind];
    ctx.fillStyle = paint[mark.kind];
    ctx.lineWidth = (mark.kind === 'alarm' ? 1.6 : 1) * ratio;
    ctx.setLineDash(mark.kind === 'alarm' ? [] : [4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(mark.x, place === null ? bbox.top : middle - 6 * ratio);
    ctx.lineTo(mark.x, bbox.top + bbox.height);
    ctx.stroke();
    if (place !== null) ctx.fillText(mark.text, place.left, middle);
  }
  ctx.restore();
}

function shorten(ctx: CanvasRenderingContext2D, text: string, most: number): string {
  if (ctx.measureText(text).width <= most) return text;
  let length = text.length;
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > most) length -= 1;
  return `${text.slice(0, length)}…`;
}
