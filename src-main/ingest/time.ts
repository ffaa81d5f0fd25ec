import { z } from 'zod';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/** Epoch milliseconds of a time as alarms write it, NaN when it is none. CloudWatch writes `+0000` without a colon. */
function toEpoch(text: string): number {
  if (!RFC3339.test(text)) return Number.NaN;
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

/** A time as alarms write it, brought to RFC 3339, UTC, milliseconds. */
export const AlarmTime = z
  .string()
  .max(64)
  .refine((text) => Number.isFinite(toEpoch(text)), 'must be an RFC 3339 time')
  .transform((text) => new Date(toEpoch(text)).toISOString());
