/** When the person last did something, and when the main process was last told that they are there. */
export interface Awake {
  readonly activeAt: number;
  readonly reportedAt: number;
}

const REPORT_EVERY_MS = 30_000;
const WARN_BEFORE_MS = 60_000;

/** As often as activity is reported: every 30 s at most, more often only where the window locks very soon. */
export function reportEvery(limitMs: number): number {
  return Math.min(REPORT_EVERY_MS, limitMs / 4);
}

/** Whether there was activity since the last report that is due to be told. Without a limit nothing is told. */
export function isReportDue(awake: Awake, limitMs: number, now: number): boolean {
  if (limitMs === 0 || awake.activeAt <= awake.reportedAt) return false;
  return now - awake.reportedAt >= reportEvery(limitMs);
}

/** Time until the main process locks the window, once it is near; null while it is not, or there is no limit. */
export function timeToLock(awake: Awake, limitMs: number, now: number): number | null {
  if (limitMs === 0) return null;
  const left = awake.reportedAt + limitMs - now;
  return left <= Math.min(WARN_BEFORE_MS, limitMs / 3) ? Math.max(0, left) : null;
}
