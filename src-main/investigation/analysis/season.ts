import { type Baseline, median, quantileSorted, robustBaseline, sortNumbers } from './score.ts';
import { indexAt, type Points, type Range } from './window.ts';

const DAY = 24 * 60 * 60_000;
const FEWEST_PAIRS = 30;
const MOST_DAYS = 7;

/** What the same hour of other days says about a level. */
export interface Season {
  /** Scale of the difference between one day and the next, with the usual floors. */
  readonly scale: number;
  /**
   * Level the other days had over the time of `range` (upper quartile of each day for `direction` 1, lower for −1, then
   * the median over the days), or undefined with fewer than `fewestDays` of them.
   */
  levelAt(range: Range, direction: 1 | -1, fewestDays: number): number | undefined;
}

/**
 * Daily rhythm of a series, or undefined where less than two days of history exist. A nightly batch job is loud and
 * blameless: it was as loud at this hour yesterday. Jobs that run weekly are not recognised.
 */
export function readSeason(points: Points, history: Range, step: number, floor: number): Season | undefined {
  const first = points.times[history.from] ?? 0;
  const last = points.times[history.to - 1] ?? 0;
  if (last - first < 2 * DAY - 2 * step) return undefined;
  const differences: number[] = [];
  for (let i = history.from, j = history.from; i < history.to; i += 1) {
    const wanted = (points.times[i] ?? 0) - DAY;
    while (j < i && (points.times[j] ?? 0) < wanted - step / 2) j += 1;
    if (Math.abs((points.times[j] ?? 0) - wanted) <= step / 2)
      differences.push(((points.values[i] ?? 0) - (points.values[j] ?? 0)) / Math.SQRT2);
  }
  if (differences.length < FEWEST_PAIRS) return undefined;
  const level = median(points.values.subarray(history.from, history.to));
  const { scale }: Baseline = robustBaseline(differences, Math.max(floor, 0.01 * Math.abs(level)));
  const margin = Math.max(5 * 60_000, step);
  return {
    scale,
    levelAt(range, direction, fewestDays) {
      const start = (points.times[range.from] ?? 0) - margin;
      const end = (points.times[range.to - 1] ?? 0) + margin;
      const expected = (end - start) / step;
      const levels: number[] = [];
      for (let day = -MOST_DAYS; day <= MOST_DAYS; day += 1) {
        if (day === 0) continue;
        const from = Math.max(history.from, indexAt(points.times, start + day * DAY));
        const to = Math.min(history.to, indexAt(points.times, end + day * DAY + 1));
        if (to - from < Math.max(2, expected / 2)) continue;
        levels.push(quantileSorted(sortNumbers(points.values.subarray(from, to)), direction > 0 ? 0.75 : 0.25));
      }
      return levels.length >= fewestDays ? median(levels) : undefined;
    },
  };
}
