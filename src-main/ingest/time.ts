import { z } from 'zod';

/** Date and time as written, then the offset. */
const RFC3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(?:Z|[+-](\d{2}):?(\d{2}))$/;

/** No alarm of a known kind is older than these services or from further ahead than anybody's clock is wrong. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1) - 1;

/**
 * Epoch milliseconds of a time as alarms write it, NaN when it is none. CloudWatch writes `+0000` without a colon.
 * `Date.parse` takes 30 February as 2 March and 24:00 as the next day; such a time is no time here.
 */
function toEpoch(text: string): number {
  const [, written = '', hours = '00', minutes = '00'] = RFC3339.exec(text) ?? [];
  const local = Date.parse(`${written}Z`);
  if (!Number.isFinite(local) || !new Date(local).toISOString().startsWith(written)) return Number.NaN;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

/** A time as alarms write it, brought to RFC 3339, UTC, milliseconds; in the years 2000 to 2099 of UTC. */
export const AlarmTime = z
  .string()
  .max(64)
  .refine((text) => Number.isFinite(toEpoch(text)), {
    error: 'must be an RFC 3339 time of a day that exists',
    abort: true,
  })
  .refine((text) => toEpoch(text) >= EARLIEST && toEpoch(text) <= LATEST, {
    error: 'must be a time of the years 2000 to 2099',
    abort: true,
  })
  .transform((text) => new Date(toEpoch(text)).toISOString());
