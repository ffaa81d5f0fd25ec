import { worseDirection } from './measure.ts';
import type { Series } from './model.ts';
import { floorScaledScore, median, quantileSorted, robustBaseline, sortNumbers, unitFloor } from './score.ts';
import { readSeason } from './season.ts';
import { cleanPoints, indexAt, spacing } from './window.ts';
import { formatAmount } from './wording.ts';

export type RecoveryVerdict = 'recovered' | 'not-recovered' | 'unknown';

export interface Recovery {
  readonly verdict: RecoveryVerdict;
  readonly usual: { readonly low: number; readonly high: number };
  /** Median from the start of the incident to the action. */
  readonly before: number;
  /** Median of the last points after the action. */
  readonly after: number;
  /** Points after the action that the verdict rests on. */
  readonly points: number;
  readonly reason: string;
}

const FEWEST_HISTORY = 8;
const FEWEST_AFTER = 3;
/** Only the end of what came after the action is judged: a rollback takes effect while old tasks still drain. */
const JUDGED = 10;
const USUAL_WIDTH = 2;
const REMAINING_LIMIT = 0.25;

/**
 * Whether the incident's own metric came back after an action. Recovered means: the last points are in the usual range,
 * their majority one by one and their median too, and at most a quarter of the deviation is left. Fewer than three
 * points after the action, too little history, or a metric that was usual all along give `unknown`, never `recovered`.
 */
export function judgeRecovery(args: {
  readonly series: Series;
  readonly startedAt: number;
  readonly executedAt: number;
  readonly checkedUntil: number;
}): Recovery {
  const { series, startedAt, executedAt, checkedUntil } = args;
  const points = cleanPoints(series);
  const step = spacing(points.times);
  const historyStart = points.times[0] ?? startedAt;
  const guard = Math.min(30 * 60_000, 0.2 * Math.max(0, startedAt - historyStart));
  const history = { from: 0, to: indexAt(points.times, startedAt - guard) };
  const past = sortNumbers(points.values.subarray(0, history.to));
  const floor = unitFloor(series.unit);
  const baseline = robustBaseline(past, floor);
  const fixed = worseDirection(series.kind);

  const incident = points.values.subarray(indexAt(points.times, startedAt), indexAt(points.times, executedAt));
  // A point at t stands for [t, t + step): the first one that is wholly after the action begins at or after it.
  const afterFrom = indexAt(points.times, executedAt);
  const afterTo = Math.max(afterFrom, indexAt(points.times, checkedUntil + 1));
  const judgedFrom = Math.max(
    afterFrom,
    afterTo - Math.max(FEWEST_AFTER, Math.min(JUDGED, Math.ceil((afterTo - afterFrom) / 2))),
  );
  const judged = points.values.subarray(judgedFrom, afterTo);
  const season = readSeason(points, history, step, floor);
  const range = { from: judgedFrom, to: afterTo };
  const level =
    (afterTo > judgedFrom ? season?.levelAt(range, fixed === -1 ? -1 : 1, 2) : undefined) ?? baseline.median;
  const width = USUAL_WIDTH * Math.max(baseline.scale, Math.abs(level - baseline.median) / USUAL_WIDTH);
  const bottom = quantileSorted(past, 0) >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  const usual = { low: Math.max(bottom, baseline.median - width), high: baseline.median + width };
  const before = median(incident);
  const after = median(judged);
  const base = { usual, before, after, points: judged.length };

  const worse = (value: number): boolean => (fixed !== -1 && value > usual.high) || (fixed !== 1 && value < usual.low);
  if (history.to < FEWEST_HISTORY)
    return { ...base, verdict: 'unknown', reason: 'There is too little history to say what is usual.' };
  if (incident.length === 0)
    return {
      ...base,
      verdict: 'unknown',
      reason: 'There is no value between the start of the incident and the action.',
    };
  if (judged.length < FEWEST_AFTER)
    return {
      ...base,
      verdict: 'unknown',
      reason: `Only ${judged.length} values have been reported since the action; at least ${FEWEST_AFTER} are needed.`,
    };
  const words = `${series.key} was ${formatAmount(before, series.unit)} before the action and is ${formatAmount(after, series.unit)} now`;
  const limit =
    fixed === -1
      ? `at least ${formatAmount(usual.low, series.unit)}`
      : `up to ${formatAmount(usual.high, series.unit)}`;
  if (!worse(before) && Math.abs(floorScaledScore(before, baseline)) <= USUAL_WIDTH)
    return { ...base, verdict: 'unknown', reason: `${words}; it was usual before the action too (${limit}).` };
  const outside = judged.filter(worse).length;
  const remaining = Math.abs(after - baseline.median) / Math.max(Number.MIN_VALUE, Math.abs(before - baseline.median));
  const recovered =
    !worse(after) &&
    2 * outside < judged.length &&
    (remaining <= REMAINING_LIMIT || Math.abs(after - baseline.median) <= baseline.scale);
  return recovered
    ? { ...base, verdict: 'recovered', reason: `${words}, within the usual range (${limit}).` }
    : {
        ...base,
        verdict: 'not-recovered',
        reason: worse(after)
          ? `${words}, outside the usual range (${limit}).`
          : `${words}; that is still far from the usual ${formatAmount(baseline.median, series.unit)}.`,
      };
}
