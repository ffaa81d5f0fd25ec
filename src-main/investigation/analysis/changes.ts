import type { Change, ChangeKind, Signal } from './model.ts';

const HOUR = 60 * 60_000;
/** A leak takes hours to show; what scaling or a lost task does shows at once. */
const LOOKBACK: Readonly<Record<ChangeKind, number>> = {
  deployment: 24 * HOUR,
  config: 24 * HOUR,
  scaling: HOUR,
  'task-stopped': HOUR,
};
const HALF_HOUR = 30 * 60_000;

/** How far a kind of change can raise a hypothesis. Scaling and stopped tasks follow a fault more often than they make one. */
const WEIGHT: Readonly<Record<ChangeKind, number>> = {
  deployment: 0.5,
  config: 0.5,
  scaling: 0.15,
  'task-stopped': 0.1,
};

export interface ChangeEffect {
  /** 1 with no change, at most 1.5. Multiplies evidence; nothing times anything stays nothing. */
  readonly factor: number;
  readonly change?: Change;
}

/**
 * The change that explains an onset best. Nearer to the onset counts more (half after 30 minutes), down to a fifth for a
 * change a day old: a leak takes hours to show. A change after the onset or after the signal explains nothing.
 *
 * @param onset when the service began to be unusual; the start of the signal where that is not known.
 * @param slack how exactly an onset is known (spacing of the points), ms.
 */
export function effectOfChanges(
  changes: readonly Change[],
  signal: Signal,
  onset: number | undefined,
  slack: number,
): ChangeEffect {
  let best: ChangeEffect = { factor: 1 };
  const began = Math.min(onset ?? signal.startedAt, signal.startedAt);
  const ordered = [...changes].sort((a, b) => b.time - a.time || (a.kind < b.kind ? -1 : 1));
  for (const change of ordered) {
    const lead = began - change.time;
    if (lead < -2 * slack || change.time > signal.startedAt || lead > LOOKBACK[change.kind]) continue;
    const closeness = Math.max(0.2, 2 ** (-Math.max(0, lead) / HALF_HOUR));
    const factor = 1 + WEIGHT[change.kind] * closeness;
    if (factor > best.factor) best = { factor, change };
  }
  return best;
}
