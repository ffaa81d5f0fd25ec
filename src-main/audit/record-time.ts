/** Length of a time as a record has it: `2026-02-03T04:05:06.789Z`. */
const LENGTH = 24;

/**
 * Epoch milliseconds of a record's `time`; NaN where it is not of the one form. What else Date.parse takes differs from
 * engine to engine (a 30th of February, words), and another verifier has to judge the clock alike.
 */
export function instantOf(time: unknown): number {
  if (typeof time !== 'string' || time.length !== LENGTH) return Number.NaN;
  const instant = Date.parse(time);
  return !Number.isNaN(instant) && new Date(instant).toISOString() === time ? instant : Number.NaN;
}
