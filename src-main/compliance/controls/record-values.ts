import type { EvidenceSink } from '../evaluation/evidence-test.ts';

/**
 * Values out of records of chain files, which anybody may have written: each reader gives null for whatever is not of the
 * kind it reads, and nothing here throws.
 */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;
const LONGEST = 64;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Epoch milliseconds. */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'string' || !TIME.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

export function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function readObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function readTexts(value: unknown): readonly string[] {
  return readList(value).filter((item) => typeof item === 'string');
}

/** A dictionary by text from records. The prefix keeps `__proto__` and `constructor` from being anything but text. */
export type ByText<T> = Record<string, T>;
/** Of several texts the lengths are part of it: no two lists of texts come to the same, whatever stands in them. */
export const slot = (first: string, ...more: readonly string[]): string =>
  more.length === 0 ? `/${first}` : `/${[first, ...more].map((part) => `${part.length}:${part}`).join()}`;

/** An id as it is named in a sentence: one line, not too long, whatever a file says. */
export function name(value: unknown): string {
  const text = typeof value === 'string' ? value.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ') : '';
  if (text === '') return 'unknown';
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}

/** Milliseconds in words, as "15 minutes". */
export function duration(ms: number): string {
  const [unit, size] =
    ms >= 2 * DAY
      ? ['day', DAY]
      : ms >= 2 * HOUR
        ? ['hour', HOUR]
        : ms >= MINUTE
          ? ['minute', MINUTE]
          : ['second', 1000];
  const count = Math.round(ms / (size as number));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Something that was late: it was wrong, and the present record put it right. */
export function late(sink: EvidenceSink, kind: string, text: string, about: number): void {
  sink.deviation(kind, text, about);
  sink.fixed(kind, about);
}
