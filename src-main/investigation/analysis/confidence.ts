/**
 * Confidence, calibrated and not felt. The four constants are the maximum-likelihood fit of "the first hypothesis is the
 * true root cause" (a healthy case is never right), with a small ridge, over 340 labelled cases: seeds 1 to 4 of
 * src-main/cli/bench-rca/generate-cases.ts (faults in five families, a fifth of them healthy) and the training part of
 * PetShop with its healthy controls. Fitted on PetShop's 40 cases alone they would trust the signal more (3.8), on the
 * generated ones alone less (1.2). docs/accuracy.md has the reliability on seeds that took no part in it.
 */
import { roundTo } from './score.ts';

const WEIGHT_OF_TOP = 1.7;
const WEIGHT_OF_SIGNAL = 1.8;
const OFFSET = 2.6;
const SHARPNESS = 3.1;
/** Two systems are not the world: the engine never claims more than this. */
const HIGHEST = 0.97;

/** Confidence below which the engine abstains: it names a cause only when that is more likely right than wrong. */
export const THRESHOLD = 0.5;

/**
 * Probability that something is wrong that the strongest hypothesis can explain. The signal's own metric counts as much
 * as the hypothesis, up to the hypothesis: a loud service does not explain a signal that is quiet. A signal that could
 * not be measured does not speak either way.
 */
export function presence(top: number, signal: number | undefined): number {
  const explained = signal === undefined ? top : Math.min(top, signal);
  const evidence = WEIGHT_OF_TOP * top + WEIGHT_OF_SIGNAL * explained - OFFSET;
  return HIGHEST / (1 + Math.exp(-evidence));
}

/** Confidence of each score, in their order; sums to {@link presence}, 0 for a score of 0. */
export function confidences(scores: readonly number[], signal: number | undefined): readonly number[] {
  const top = scores.reduce((most, score) => Math.max(most, score), 0);
  const present = presence(top, signal);
  const weights = scores.map((score) => (score > 0 ? Math.exp(SHARPNESS * (score - top)) : 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? roundTo((present * weight) / total, 4) : 0));
}
