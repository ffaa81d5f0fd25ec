import type { MetricKind } from '#shared/model/service-map.ts';
import type { Series, Signal } from './model.ts';
import {
  type Baseline,
  floorScaledScore,
  median,
  quantileSorted,
  robustBaseline,
  sortNumbers,
  unitFloor,
} from './score.ts';
import { readSeason, type Season } from './season.ts';
import { cleanPoints, type Points, type Range, type Slices, slicePoints } from './window.ts';

const FEWEST_HISTORY = 8;
const MOST_BLOCKS = 250;
const UNUSUAL = 1.5;

/** A series against its own past. */
export interface Measured {
  readonly series: Series;
  readonly points: Points;
  readonly slices: Slices;
  readonly baseline: Baseline;
  /** What the window is compared with: the same hour of other days where known, else the median of the history. */
  readonly reference: number;
  readonly seasonal: boolean;
  /** Median of the window. */
  readonly level: number;
  /** Share of the deviation that was there already just before the window, 0 to 1. */
  readonly already: number;
  /** Score of the window in the direction that is worse for this kind; 0 or less is not worse. */
  readonly score: number;
  /** The same score of windows of the same length in the history, newest first. */
  readonly pastScores: readonly number[];
}

/** Which way is worse: 1 up, −1 down, 0 either. */
export function worseDirection(kind: MetricKind): 1 | -1 | 0 {
  switch (kind) {
    case 'availability':
      return -1;
    case 'network':
    case 'requests':
    case 'other':
      return 0;
    case 'latency':
    case 'errors':
    case 'cpu':
    case 'memory':
    case 'disk':
      return 1;
  }
}

function scoreRange(
  points: Points,
  range: Range,
  baseline: Baseline,
  season: Season | undefined,
  direction: 1 | -1,
  fewestDays: number,
): { readonly score: number; readonly reference: number; readonly seasonal: boolean } {
  const level = median(points.values.subarray(range.from, range.to));
  const reference = season?.levelAt(range, direction, fewestDays);
  const used: Baseline =
    reference === undefined || season === undefined ? baseline : { median: reference, scale: season.scale };
  return {
    score: direction * floorScaledScore(level, used),
    reference: used.median,
    seasonal: reference !== undefined,
  };
}

/** Judges one series at the signal; undefined without enough history or without a point in the window. */
export function measureSeries(series: Series, signal: Signal): Measured | undefined {
  const points = cleanPoints(series);
  const slices = slicePoints(points, signal);
  const { history, window, before } = slices;
  if (history.to - history.from < FEWEST_HISTORY || window.to === window.from) return undefined;
  const floor = unitFloor(series.unit);
  const baseline = robustBaseline(points.values.subarray(history.from, history.to), floor);
  const season = readSeason(points, history, slices.step, floor);
  const level = median(points.values.subarray(window.from, window.to));
  const fixed = worseDirection(series.kind);
  const direction = fixed === 0 ? (level >= baseline.median ? 1 : -1) : fixed;
  const now = scoreRange(points, window, baseline, season, direction, 2);
  const length = Math.max(3, Math.min(60, window.to - window.from));
  const pastScores: number[] = [];
  for (let to = history.to; to - length >= history.from && pastScores.length < MOST_BLOCKS; to -= length) {
    const block = { from: to - length, to };
    const past = scoreRange(points, block, baseline, now.seasonal ? season : undefined, direction, 1);
    pastScores.push(fixed === 0 ? Math.abs(past.score) : past.score);
  }
  const earlier = median(points.values.subarray(before.from, before.to));
  const deviation = level - now.reference;
  const already = before.to > before.from && deviation !== 0 ? (earlier - now.reference) / deviation : 0;
  return {
    series,
    points,
    slices,
    baseline,
    reference: now.reference,
    seasonal: now.seasonal,
    level,
    already: Math.max(0, Math.min(1, already)),
    score: now.score,
    pastScores,
  };
}

/**
 * Standardises a score against what the same measure reached in the past of the same service: divided by the 98th
 * percentile of the past scores, never by less than 1. A service that is always noisy has to be louder than itself.
 */
export function calibrateScore(score: number, pastScores: readonly number[]): number {
  const settled = pastScores.slice(ongoing(pastScores));
  return score / Math.max(1, quantileSorted(sortNumbers(settled), 0.98));
}

/**
 * How many of the newest past scores belong to the episode that reaches into the window: a leak that has been growing for
 * hours must not count as the service's usual noise. At most a quarter, so that a service that is always unusual stays so.
 */
function ongoing(pastScores: readonly number[]): number {
  const most = Math.floor(pastScores.length / 4);
  let count = 0;
  while (count < most && (pastScores[count] ?? 0) > UNUSUAL) count += 1;
  return count;
}

/** Calibrated score of one series. */
export function calibratedScore(measured: Measured): number {
  return calibrateScore(measured.score, measured.pastScores);
}
