import type { ChartSeries } from '#shared/model/investigation.ts';
import { formatAmount } from '../../format/numbers.ts';
import { formatLocal, formatLocalClock } from '../../format/times.ts';

export interface SeriesFacts {
  /** Index of the highest and lowest value in view, or null where there is none. */
  readonly highest: number | null;
  readonly lowest: number | null;
  /** Points outside the usual range, and points there are. */
  readonly outside: number;
  readonly points: number;
}

/** Counts what a chart shows between two indexes (half-open). */
export function measureSeries(series: ChartSeries, from: number, to: number): SeriesFacts {
  let highest: number | null = null;
  let lowest: number | null = null;
  let outside = 0;
  let points = 0;
  for (let index = from; index < to; index += 1) {
    const value = series.values[index] ?? null;
    if (value === null) continue;
    points += 1;
    if (highest === null || value > (series.values[highest] ?? value)) highest = index;
    if (lowest === null || value < (series.values[lowest] ?? value)) lowest = index;
    const low = series.low[index] ?? null;
    const high = series.high[index] ?? null;
    if ((low !== null && value < low) || (high !== null && value > high)) outside += 1;
  }
  return { highest, lowest, outside, points };
}

/** The part of the series between two times, as half-open indexes. */
export function sliceTimes(times: readonly number[], from: number, to: number): readonly [number, number] {
  let first = times.findIndex((time) => time >= from);
  if (first === -1) first = times.length;
  let last = times.length;
  while (last > first && (times[last - 1] ?? 0) > to) last -= 1;
  return [first, last];
}

/** What a chart says, in words, for those who do not see it. */
export function summarizeSeries(series: ChartSeries, from: number, to: number): string {
  const [first, last] = sliceTimes(series.times, from, to);
  const facts = measureSeries(series, first, last);
  if (facts.points === 0) return 'No data points in this window.';
  const say = (index: number | null) =>
    index === null
      ? '–'
      : `${formatAmount(series.values[index] ?? 0, series.unit)} at ${formatLocalClock(new Date(series.times[index] ?? 0))}`;
  const outside =
    facts.outside === 0
      ? 'None is outside the usual range.'
      : `${facts.outside} of ${facts.points} points are outside the usual range.`;
  const marks = series.marks
    .filter((mark) => mark.time >= from && mark.time <= to)
    .map((mark) => `${mark.label} at ${formatLocalClock(new Date(mark.time))}`);
  return [
    `${series.name} of ${series.service}, ${series.stat}, from ${formatLocal(new Date(series.times[first] ?? from))} to ${formatLocal(new Date(series.times[last - 1] ?? to))}.`,
    `Highest ${say(facts.highest)}, lowest ${say(facts.lowest)}.`,
    outside,
    marks.length === 0 ? '' : `Marks: ${marks.join('; ')}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export const CHART_HOURS = [3, 12, 24] as const;
const HOUR = 3_600_000;

/** The window of the last so many hours, or of all there is. */
export function chooseWindow(series: ChartSeries, hours: number | null): readonly [number, number] {
  const first = series.times[0] ?? 0;
  const last = series.times.at(-1) ?? 0;
  return hours === null ? [first, last] : [Math.max(first, last - hours * HOUR), last];
}

/** The shortest window that has the alarm, the onset and an hour of calm before them; all when none is long enough. */
export function chooseHours(series: ChartSeries): number | null {
  const last = series.times.at(-1) ?? 0;
  const told = series.marks.filter((mark) => mark.kind === 'alarm' || mark.kind === 'onset').map((mark) => mark.time);
  const earliest = Math.min(last, ...told) - HOUR;
  return CHART_HOURS.find((hours) => last - hours * HOUR <= earliest) ?? null;
}
