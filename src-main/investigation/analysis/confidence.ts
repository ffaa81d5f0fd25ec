import { roundTo } from './score.ts';

const PRESENCE_SLOPE = 3;
const PRESENCE_MIDDLE = 1.2;
const SHARPNESS = 3;

/** Confidence below which the engine abstains. */
export const THRESHOLD = 0.4;

/**
 * Probability that something is wrong at all, from the strongest hypothesis and from the signal's own metric: a loud
 * service does not explain a signal that is quiet. An unknown signal does not speak either way.
 */
export function presence(top: number, signal: number | undefined): number {
  const evidence = signal === undefined ? top : Math.min(top, signal);
  return 1 / (1 + Math.exp(-PRESENCE_SLOPE * (evidence - PRESENCE_MIDDLE)));
}

/** Confidence of each score, in their order; sums to {@link presence}. */
export function confidences(scores: readonly number[], signal: number | undefined): readonly number[] {
  const top = scores.reduce((most, score) => Math.max(most, score), 0);
  const present = presence(top, signal);
  const weights = scores.map((score) => (score > 0 ? Math.exp(SHARPNESS * (score - top)) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? roundTo((present * weight) / total, 4) : 0));
}
