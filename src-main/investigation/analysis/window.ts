import type { Series, Signal } from './model.ts';
import { median } from './score.ts';

/** Longest part of an incident that is judged: later values show the repair rather than the fault. */
const LONGEST_WINDOW = 60 * 60_000;
/** A median of fewer points is no median. */
const FEWEST_POINTS = 3;

/** The finite points of a series, ascending in time; `rows[i]` is the index the point had in the series. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly rows: Int32Array;
}

/** Index ranges [from, to) into {@link Points}. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Slices {
  /** Usual spacing of the points in ms. */
  readonly step: number;
  readonly history: Range;
  /** Just before the window: tells what was the same already before the incident. */
  readonly before: Range;
  readonly window: Range;
}

/** Drops values that are not finite and orders the rest, whatever the caller passed. */
export function cleanPoints(series: Pick<Series, 'times' | 'values'>): Points {
  const order: number[] = [];
  let ascending = true;
  for (let i = 0; i < Math.min(series.times.length, series.values.length); i += 1) {
    if (!Number.isFinite(series.times[i]) || !Number.isFinite(series.values[i])) continue;
    if (order.length > 0 && (series.times[i] ?? 0) < (series.times[order.at(-1) ?? 0] ?? 0)) ascending = false;
    order.push(i);
  }
  if (!ascending) order.sort((a, b) => (series.times[a] ?? 0) - (series.times[b] ?? 0) || a - b);
  const times = new Float64Array(order.length);
  const values = new Float64Array(order.length);
  const rows = new Int32Array(order.length);
  order.forEach((row, i) => {
    times[i] = series.times[row] ?? 0;
    values[i] = series.values[row] ?? 0;
    rows[i] = row;
  });
  return { times, values, rows };
}

/** First index whose time is at or after `time`. */
export function indexAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Usual spacing of the points in ms (median); one minute where there are fewer than two points. */
export function spacing(times: Float64Array): number {
  if (times.length < 2) return 60_000;
  const gaps = new Float64Array(times.length - 1);
  for (let i = 1; i < times.length; i += 1) gaps[i - 1] = (times[i] ?? 0) - (times[i - 1] ?? 0);
  return Math.max(1000, median(gaps));
}

/**
 * Cuts the points at the signal. A point at t stands for [t, t + step): it belongs to the window when most of that lies
 * after the start. With fewer than three points since then the window reaches back, because an alarm fires only after
 * the fault has lasted some periods. The history ends a little earlier, so that a late trigger does not teach the fault
 * as normal.
 */
export function slicePoints(points: Points, signal: Pick<Signal, 'startedAt' | 'observedUntil'>): Slices {
  const step = spacing(points.times);
  const until = Math.min(signal.observedUntil, signal.startedAt + LONGEST_WINDOW);
  const to = indexAt(points.times, until + 1);
  let from = indexAt(points.times, signal.startedAt - step / 2);
  if (to - from < FEWEST_POINTS) {
    const reach = indexAt(points.times, until - FEWEST_POINTS * step);
    from = Math.min(from, Math.max(reach, to - FEWEST_POINTS, 0));
  }
  from = Math.min(from, to);
  const start = Math.min(points.times[from] ?? signal.startedAt, signal.startedAt);
  const before = { from: indexAt(points.times, start - Math.max(10 * 60_000, 2 * step) - step / 2), to: from };
  const guard = Math.min(30 * 60_000, 0.2 * Math.max(0, start - (points.times[0] ?? start)));
  return {
    step,
    before,
    window: { from, to },
    history: { from: 0, to: Math.min(from, indexAt(points.times, start - guard)) },
  };
}
