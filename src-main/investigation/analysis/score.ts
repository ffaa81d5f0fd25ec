/** Robust statistics on plain numbers; every function is total and NaN-free for finite input. */

/** Quantile `q` in [0, 1] of ascending values, with linear interpolation; 0 for no values. */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return 0;
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}

/** The values in ascending order. A typed array sorts numerically, and several times faster than a comparator does. */
export function sortNumbers(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

export function median(values: ArrayLike<number>): number {
  return quantileSorted(sortNumbers(values), 0.5);
}

function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  let mean = 0;
  for (let i = 0; i < values.length; i += 1) mean += (values[i] ?? 0) / values.length;
  let square = 0;
  for (let i = 0; i < values.length; i += 1) square += ((values[i] ?? 0) - mean) ** 2 / values.length;
  return Math.sqrt(square);
}

export interface Baseline {
  readonly median: number;
  readonly scale: number;
}

/**
 * The smallest difference that means anything in a unit. Without it a counter that was always 0 makes the first 1
 * infinitely surprising.
 */
export function unitFloor(unit: string): number {
  switch (unit) {
    case 'Percent':
      return 0.5;
    case 'Count':
      return 1;
    case 'Milliseconds':
      return 0.5;
    case 'Microseconds':
      return 10;
    case 'Bytes':
      return 1024;
    default:
      return 1e-6;
  }
}

/** Median, and a scale with a floor: max(interquartile range, 1 % of the median, 0.1 standard deviation, unit floor). */
export function robustBaseline(values: ArrayLike<number>, floor: number): Baseline {
  const sorted = sortNumbers(values);
  const middle = quantileSorted(sorted, 0.5);
  const iqr = quantileSorted(sorted, 0.75) - quantileSorted(sorted, 0.25);
  return {
    median: middle,
    scale: Math.max(iqr, 0.01 * Math.abs(middle), 0.1 * standardDeviation(sorted), floor, Number.MIN_VALUE * 2 ** 60),
  };
}

/** Largest score anything can get: beyond it "how much" no longer tells services apart. */
export const SCORE_LIMIT = 1000;

/** Signed floor-scaled score of a level against a baseline, limited to ±{@link SCORE_LIMIT}. */
export function floorScaledScore(level: number, baseline: Baseline): number {
  const score = (level - baseline.median) / baseline.scale;
  return Math.max(-SCORE_LIMIT, Math.min(SCORE_LIMIT, score));
}

/** Evidence of a calibrated score: its logarithm, so that a factor counts the same at any height; 0 for nothing unusual. */
export function evidenceOf(score: number): number {
  return score > 0 ? Math.log1p(score) : 0;
}

/** Rounds to `digits` decimals, so that results are the same bytes everywhere; never −0. */
export function roundTo(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor + 0;
}
