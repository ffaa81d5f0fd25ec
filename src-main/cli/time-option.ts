/**
 * A moment somebody typed: `2026-03-01` (the day's beginning, UTC), or `2026-03-01T12:00Z` with seconds and fractions as
 * they like. Null for anything else, a day the calendar does not have among it; undefined for nothing.
 */
export function timeOf(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!day && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text)) return null;
  const instant = new Date(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(instant.getTime())) return null;
  const read = instant.toISOString();
  return read.startsWith(text.slice(0, 'YYYY-MM-DD'.length)) ? read : null; // 30 February would be 2 March
}
