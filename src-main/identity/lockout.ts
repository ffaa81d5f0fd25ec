import type { LockoutEntry } from './people-entries.ts';

/** How failed attempts slow down the next ones. Milliseconds. */
export interface LockoutRule {
  /** So many failures in a row lock nothing. */
  readonly free: number;
  readonly firstMs: number;
  readonly mostMs: number;
  /** Failures older than this no longer count. */
  readonly forgetMs: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** From the fifth failure: 30 seconds, doubled each time up to an hour. */
export const ACCOUNT_RULE: LockoutRule = { free: 4, firstMs: 30_000, mostMs: HOUR, forgetMs: 24 * HOUR };

/** Of all e-mail addresses nobody has together: otherwise whoever tries many is never slowed down. */
export const WORKSPACE_RULE: LockoutRule = {
  free: 99,
  firstMs: 15 * MINUTE,
  mostMs: 15 * MINUTE,
  forgetMs: 15 * MINUTE,
};

export const NO_FAILURES: LockoutEntry = {
  failures: 0,
  lastFailureAt: 0,
  lockedUntil: 0,
  lockMs: 0,
  refused: 0,
  announced: false,
};

/** How long this stays locked, milliseconds; 0: it is not. A clock that was set back does not lengthen it. */
export function remainingLock({ lockedUntil, lockMs }: LockoutEntry, now: number): number {
  return Math.max(0, Math.min(lockedUntil - now, lockMs));
}

/** One more failure. It is counted before the password is looked at, so that ending the program midway saves nothing. */
export function countFailure(before: LockoutEntry, rule: LockoutRule, now: number): LockoutEntry {
  const failures = isForgotten(before, rule, now) ? 1 : before.failures + 1;
  const lockMs = failures <= rule.free ? 0 : Math.min(rule.mostMs, rule.firstMs * 2 ** (failures - rule.free - 1));
  return {
    failures,
    lastFailureAt: now,
    lockedUntil: lockMs === 0 ? 0 : now + lockMs,
    lockMs,
    refused: before.refused,
    announced: false,
  };
}

export function isForgotten({ failures, lastFailureAt }: LockoutEntry, rule: LockoutRule, now: number): boolean {
  return failures === 0 || now - lastFailureAt > rule.forgetMs;
}
