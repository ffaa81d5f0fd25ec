import { CausewayError } from '#shared/errors.ts';
import type { CriterionRef } from '#shared/model/control.ts';

/** OSCAL's own data types: token, single-line string, lines of Markdown, date and time with a zone. */
export const OSCAL_VERSION = '1.2.1';
/** Namespace of the properties that are ours. */
export const NAMESPACE = 'urn:causeway:oscal';

/** Markdown, and OSCAL's additions to it: what a record says is text and never a link or markup. */
const MARKUP = /[\\`*_[\]{<~^|&]/g;
/** Markup at the beginning of a line. */
const LINE_MARKUP = /^(\d*)([#>+=.)-])/;
/** Control characters, separators and what turns the direction of text: they would hide or reorder what is said. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Zl}\p{Zp}]|[\u202a-\u202e\u2066-\u2069]/gu;
const LONGEST_LINE = 500;

/** A single line without markup, for values: never empty, without space at its ends. */
function plainLine(text: string): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  if (line === '') return '(empty)';
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1).trimEnd()}…`.toWellFormed();
}

/** A single line of Markdown that shows just the text. */
export function markupLine(text: string): string {
  return escaped(plainLine(text));
}

/** Several lines of Markdown that show just the text: its line breaks stay. */
export function markupLines(text: string): string {
  const lines = clean(text)
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => atLineStart(escaped(line.trim())));
  return lines.join('\n').trim() || '(empty)';
}

/** A list, one entry a line. */
export function markupList(entries: readonly string[]): string {
  return entries.map((entry) => `- ${atLineStart(markupLine(entry))}`).join('\n');
}

/** A name OSCAL accepts (NCName): what it does not allow becomes `_`. */
export function token(text: string): string {
  const name = text.replace(/[^\p{L}\p{N}._-]/gu, '_');
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

/** A criterion as a control id: `soc2_CC6.1`, `gdpr_32`. */
export function criterionToken({ framework, id }: CriterionRef): string {
  return token(`${framework}_${id}`);
}

/** RFC 3339 in UTC. @throws CausewayError `bad-input` for what is no time */
export function dateTime(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new CausewayError('bad-input', `${plainLine(text)} is not a time.`);
  return time.toISOString();
}

export interface Property {
  readonly name: string;
  readonly ns: string;
  readonly value: string;
  readonly class?: string;
  readonly remarks?: string;
}

export function property(
  name: string,
  value: string | number,
  more: { readonly class?: string; readonly remarks?: string } = {},
): Property {
  return {
    name: token(name),
    ns: NAMESPACE,
    value: plainLine(String(value)),
    ...(more.class === undefined ? {} : { class: token(more.class) }),
    ...(more.remarks === undefined ? {} : { remarks: markupLines(more.remarks) }),
  };
}

/** OSCAL allows no empty lists: the member is there with something in it, or it is not. */
export function listed<K extends string, T>(name: K, items: readonly T[]): Partial<Record<K, readonly T[]>> {
  return items.length === 0 ? {} : ({ [name]: items } as Record<K, readonly T[]>);
}

function clean(text: string): string {
  return text.toWellFormed().replace(UNSEEN, ' ');
}

function escaped(text: string): string {
  return text.replace(MARKUP, '\\$&');
}

function atLineStart(text: string): string {
  return text.replace(LINE_MARKUP, '$1\\$2');
}
