import type { MetricKind } from '#shared/model/service-map.ts';
import type { MetricTable } from '../scenario/metrics-csv.ts';
import { HOUR, MINUTE, type Stretch } from './timeline.ts';

/** Availability is bad when low; everything else an alarm watches is bad when high. */
export function worseIsLower(kind: MetricKind): boolean {
  return kind === 'availability';
}

/**
 * The stretch before `incidentAt` in which the incident's metric looks best: an hour, or half of what there is when the
 * recording holds less than two hours of health. Whole minutes.
 */
export function findHealthiest(metrics: MetricTable, key: string, kind: MetricKind, incidentAt: number): Stretch {
  const start = Math.ceil((metrics.times[0] ?? incidentAt) / MINUTE) * MINUTE;
  const available = incidentAt - start;
  const length = Math.max(MINUTE, Math.min(HOUR, Math.floor(available / 2 / MINUTE) * MINUTE));
  const values = metrics.series.get(key) ?? new Float64Array(0);
  let best: Stretch = { from: start, to: start + length };
  let bestMean = Number.POSITIVE_INFINITY;
  // The last tenth before the incident may already carry its first signs.
  for (let from = start; from + length <= incidentAt - available / 10; from += Math.max(MINUTE, length / 4)) {
    const aligned = Math.floor(from / MINUTE) * MINUTE;
    const mean = meanWithin(metrics.times, values, aligned, aligned + length) * (worseIsLower(kind) ? -1 : 1);
    if (mean < bestMean) {
      bestMean = mean;
      best = { from: aligned, to: aligned + length };
    }
  }
  return best;
}

function meanWithin(times: Float64Array, values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (let index = lowerBound(times, from); index < times.length && (times[index] ?? to) < to; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : sum / count;
}

/** The first index whose time is not before `time`. */
export function lowerBound(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
