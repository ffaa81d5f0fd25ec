import type { ChartSeries } from '#shared/model/investigation.ts';
import { escapeHtml } from './escape-html.ts';

const WIDTH = 960;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 24;
const TOP = 44;
/** How much of the series is drawn: the hours around the incident. */
const SHOWN_MS = 4 * 3_600_000;

/** The signal as an inline SVG: its values, its usual range as a band, and the marks on it. Times are UTC. */
export function chartSvg(chart: ChartSeries): string {
  const end = chart.times.at(-1) ?? 0;
  const start = Math.max(chart.times[0] ?? 0, end - SHOWN_MS);
  const rows = chart.times
    .map((time, i) => ({
      time,
      value: chart.values[i] ?? null,
      low: chart.low[i] ?? null,
      high: chart.high[i] ?? null,
    }))
    .filter((row) => row.time >= start);
  const top = Math.max(...rows.flatMap((row) => [row.value ?? 0, row.high ?? 0]), Number.MIN_VALUE) * 1.05;
  const x = (time: number) => round(LEFT + ((time - start) / Math.max(1, end - start)) * (WIDTH - LEFT - 8));
  const y = (value: number) => round(HEIGHT - BOTTOM - (Math.max(0, value) / top) * (HEIGHT - BOTTOM - TOP));
  const usual = rows.filter((row) => row.low !== null && row.high !== null);
  const band =
    usual.length < 2
      ? ''
      : `<path class="band" d="M${[
          ...usual.map((row) => `${x(row.time)} ${y(row.high ?? 0)}`),
          ...usual.toReversed().map((row) => `${x(row.time)} ${y(row.low ?? 0)}`),
        ].join('L')}Z"/>`;
  const grid = [0, 0.5, 1].map(
    (part) =>
      `<path class="grid" d="M${LEFT} ${y(top * part)}H${WIDTH}"/><text class="axis" x="${LEFT - 6}" y="${y(top * part) + 4}" text-anchor="end">${short(top * part)}</text>`,
  );
  const hours = [0, 0.25, 0.5, 0.75, 1].map((part) => start + part * (end - start));
  const axis = hours.map(
    (time, i) =>
      `<text class="axis" x="${x(time)}" y="${HEIGHT - 6}" text-anchor="${i === 0 ? 'start' : i === hours.length - 1 ? 'end' : 'middle'}">${new Date(time).toISOString().slice(11, 16)}</text>`,
  );
  const marks = chart.marks
    .filter((mark) => mark.time >= start)
    .map(
      (mark, i) =>
        `<path class="mark" d="M${x(mark.time)} ${TOP}V${HEIGHT - BOTTOM}"/><text class="label" x="${x(mark.time)}" y="${12 + (i % 3) * 13}" text-anchor="${x(mark.time) > WIDTH / 2 ? 'end' : 'start'}">${escapeHtml(mark.label)}</text>`,
    );
  const name = `${chart.service} ${chart.name} (${chart.stat}, ${chart.unit})`;
  return `<p>${escapeHtml(name)}; the band is the usual range; times UTC.</p><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(
    name,
  )}">${band}${grid.join('')}${axis.join('')}${line(rows, x, y)}${marks.join('')}</svg>`;
}

/** A path per unbroken run: a gap in the data stays a gap. */
function line(
  rows: readonly { readonly time: number; readonly value: number | null }[],
  x: (time: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = 'M';
  for (const row of rows) {
    if (row.value === null) pen = 'M';
    else {
      path += `${pen}${x(row.time)} ${y(row.value)}`;
      pen = 'L';
    }
  }
  return `<path class="series" d="${path}"/>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
const short = (value: number) => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2))));
