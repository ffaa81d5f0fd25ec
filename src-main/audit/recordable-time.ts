import type { Clock } from '#main/platform/clock.ts';
import { CausewayError } from '#shared/errors.ts';

/** 9999-12-31T23:59:59.999Z: RFC 3339 has four digits for the year. */
const LAST = 253_402_300_799_999;

/**
 * Now, as records have it.
 * @throws CausewayError `audit-unavailable` where the clock says a time that cannot be written
 */
export function recordableTime(clock: Pick<Clock, 'now'>): string {
  const now = clock.now();
  if (now >= 0 && now <= LAST) return new Date(now).toISOString();
  const text = 'The clock of this machine says a time that cannot be recorded. Set the clock and try again.';
  throw new CausewayError('audit-unavailable', text, { reason: 'clock' });
}
