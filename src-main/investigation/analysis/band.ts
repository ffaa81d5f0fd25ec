import type { Series } from './model.ts';
import { quantileSorted, robustBaseline, sortNumbers, unitFloor } from './score.ts';
import { readSeason } from './season.ts';
import { cleanPoints, indexAt, spacing } from './window.ts';

/** Usual range of one point of a chart, in the unit of the series. */
export interface BandPoint {
  readonly time: number;
  readonly low: number;
  readonly high: number;
}

const WIDTH = 2;
const FEWEST_HISTORY = 8;

/**
 * The usual range around each point from `from` to `to` (epoch ms, both included), taken from the values before
 * `historyUntil` with the same robust scale the ranking uses. With two days of history the middle follows the hour of
 * the day. Empty without enough history. Quantities that are never negative get no negative lower bound.
 */
export function usualBand(
  series: Pick<Series, 'times' | 'values' | 'unit'>,
  args: { readonly historyUntil: number; readonly from: number; readonly to: number },
): readonly BandPoint[] {
  const points = cleanPoints(series);
  const history = { from: 0, to: indexAt(points.times, args.historyUntil) };
  if (history.to < FEWEST_HISTORY) return [];
  const past = sortNumbers(points.values.subarray(0, history.to));
  const baseline = robustBaseline(past, unitFloor(series.unit));
  const season = readSeason(points, history, spacing(points.times), unitFloor(series.unit));
  const bottom = quantileSorted(past, 0) >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  const band: BandPoint[] = [];
  for (let i = indexAt(points.times, args.from); i < indexAt(points.times, args.to + 1); i += 1) {
    const range = { from: i, to: i + 1 };
    const above = season?.levelAt(range, 1, 2);
    const below = season?.levelAt(range, -1, 2);
    const scale = WIDTH * (above !== undefined && season !== undefined ? season.scale : baseline.scale);
    band.push({
      time: points.times[i] ?? 0,
      low: Math.max(bottom, (below ?? baseline.median) - scale),
      high: (above ?? baseline.median) + scale,
    });
  }
  return band;
}
