const DAY = 24 * 60 * 60 * 1000;

/**
 * So many calendar months after a moment in UTC, earlier ones for a negative number: the same day and time of day, on the
 * month's last day where it has no such day. Always add to the first moment, not to the sum before: 31 January and one
 * month is 28 February, and two are 31 March. Milliseconds.
 */
export function addMonths(time: number, months: number): number {
  const start = new Date(time);
  const first = firstOfMonth(start.getUTCFullYear(), start.getUTCMonth() + months);
  const month = new Date(first);
  const days = (firstOfMonth(month.getUTCFullYear(), month.getUTCMonth() + 1) - first) / DAY;
  return first + (Math.min(start.getUTCDate(), days) - 1) * DAY + (time - startOfDay(time));
}

/** Midnight UTC at or before a moment. Milliseconds. */
export function startOfDay(time: number): number {
  return Math.floor(time / DAY) * DAY;
}

/** As `Date.UTC`, which takes the years 0 to 99 for those of another century. */
function firstOfMonth(year: number, month: number): number {
  return new Date(0).setUTCFullYear(year, month, 1);
}
