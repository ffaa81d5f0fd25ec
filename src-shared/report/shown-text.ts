import { createElement as h, type ReactNode } from 'react';
import { formatUtc } from './format.ts';

/**
 * What reorders or hides what a reader sees: controls, bidirectional overrides and isolates, zero-width and filler
 * characters, lone surrogates (Trojan Source, CVE-2021-42574). Joiners U+200C/D spell Persian and emoji, and number
 * signs such as U+0600 are visible: these stay.
 */
const DECEPTIVE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|(?![\u0600-\u0605]|\u06dd|\u070f|\u0890|\u0891|\u08e2|\u200c|\u200d|\u{110bd}|\u{110cd})\p{Cf}/u;
const DECEPTIVE_EACH = new RegExp(DECEPTIVE.source, 'gu');
const NEEDS_ISOLATION = /[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u2190-\u22ff]/;

const ISO_TIME = /\b\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{3}Z\b/g;

/** A character by its number, as it stands in Unicode's tables. */
const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/**
 * A text as it may be shown beside others: what would reorder or hide is spelled by its number, line breaks and tabs are
 * kept, and a text that has its own direction is isolated, so that it cannot turn its neighbours round. Times stand as
 * they do everywhere in a report: `2026-03-01 00:00:00 UTC`.
 */
export function showText(text: string): ReactNode {
  const readable = text.includes('T') ? text.replace(ISO_TIME, formatUtc) : text;
  if (!NEEDS_ISOLATION.test(readable)) return readable;
  return h('bdi', null, ...spellOut(readable));
}

/** Written outside of the console: always isolated and marked, so that nobody takes it for the console's own words. */
export function showForeign(text: string): ReactNode {
  if (text === '') return '';
  return h(
    'bdi',
    { className: 'r-foreign', title: 'Written outside of the console; shown as it is' },
    ...spellOut(text),
  );
}

function spellOut(text: string): ReactNode[] {
  if (!DECEPTIVE.test(text)) return [text];
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(DECEPTIVE_EACH)) {
    const [character] = match;
    if (character === '\n' || character === '\t') continue;
    parts.push(text.slice(from, match.index), h('span', { className: 'r-code-point' }, codePoint(character)));
    from = match.index + character.length;
  }
  return [...parts, text.slice(from)];
}

/** A text where no elements can stand (a title, an SVG description): deceptive characters as `⟨U+202E⟩`. */
export function plainText(text: string): string {
  return text.replace(DECEPTIVE_EACH, (character) => (character === '\n' ? ' ' : `⟨${codePoint(character)}⟩`));
}
