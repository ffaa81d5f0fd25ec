import type { Clock } from '#main/platform/clock.ts';

/** A token bucket: `burst` requests at once, `perSecond` sustained. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface ThrottlingRates {
  /** For every operation without its own rate. */
  readonly default?: Rate;
  /** By `service:Operation`, as in IAM actions. */
  readonly operations?: Readonly<Record<string, Rate>>;
}

const DEFAULT_RATE: Rate = { perSecond: 50, burst: 200 };

/** AWS's own quota of asymmetric ECC requests is 1,000 a second, for all of them together. */
const RATES: Readonly<Record<string, Rate>> = { 'kms:Sign': { perSecond: 1000, burst: 1000 } };

/** Whether a request of this account for this operation is within its rate; a refused request takes nothing. */
export type Throttle = (accountId: string, action: string) => boolean;

export function createThrottle(clock: Clock, rates: ThrottlingRates): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (accountId, action) => {
    const rate = rates.operations?.[action] ?? rates.default ?? RATES[action] ?? DEFAULT_RATE;
    const key = `${accountId} ${action}`;
    const now = clock.now();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now };
    const elapsed = Math.max(0, now - bucket.at) / 1000;
    const tokens = Math.min(rate.burst, bucket.tokens + elapsed * rate.perSecond);
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  };
}
