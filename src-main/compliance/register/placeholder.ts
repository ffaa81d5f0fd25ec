/**
 * Text that stands where something is to be written yet. An auditor sends evidence with such text back, so it is refused
 * before it is on record, and looked for in what was written elsewhere.
 */
const WHOLE =
  /^[\s.\-_*#[\]()<>"']*(todo|tbd|tbc|tba|fixme|wip|n\/?a|none|nothing|test(ing)?|asdf\w*|qwert\w*|foo(\s*bar)?|x{3,}|\.{3,}|-{3,}|placeholder|draft|temp|dummy|sample text|see above|ok(ay)?|done|yes)[\s.\-_*#[\]()<>"'!:]*$/i;
const WITHIN = [
  /\blorem\s+ipsum\b/i,
  /\b(TODO|TBD|TBC|FIXME|XXX)\b/,
  /\bto be (determined|decided|defined|written|added|completed|done later|filled in|confirmed)\b/i,
  /[[<{]\s*(insert|your|enter|fill|name|date|company|tbd|todo|placeholder)\b[^\]>}]*[\]>}]/i,
  /\bplaceholder\b/i,
];

export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  if (WHOLE.test(trimmed) || WITHIN.some((pattern) => pattern.test(trimmed))) return true;
  // one character, or two, over and over
  const letters = new Set(trimmed.toLowerCase().replace(/\s/g, ''));
  return trimmed.length > 0 && letters.size <= 2;
}
