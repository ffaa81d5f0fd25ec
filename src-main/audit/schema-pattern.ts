import { z } from 'zod';

/**
 * Regular expressions for the canonical JSON text of values that fit a schema. They accept less than the schema does (no
 * text with an escape, no number of more than 15 digits): what they do not accept is looked at the long way. What they
 * accept must fit, so a schema that cannot be expressed gives null.
 */

/** Characters that stand for themselves in canonical JSON. */
const PLAIN = '[^"\\\\\\u0000-\\u001f]';
/** The same without halves of surrogate pairs: a schema counts code points, and a pattern would count two. */
const SINGLE = '[^"\\\\\\u0000-\\u001f\\ud800-\\udfff]';
/** What the `.` of a schema's own pattern means: not the four line ends of JavaScript, of which two stand in canonical JSON. */
const DOT = '[^"\\\\\\u0000-\\u001f\\u2028\\u2029]';
const MAX_DIGITS = 15; // all integers of so many digits are exact

export function schemaPattern(schema: z.core.$ZodType): string | null {
  if (schema instanceof z.ZodNullable)
    return mapPattern(schemaPattern(schema.unwrap()), (inner) => `(?:null|${inner})`);
  if (schema instanceof z.ZodObject) return objectPattern(schema.shape, schema.def.catchall);
  if (schema instanceof z.ZodArray) return arrayPattern(schema);
  if (schema instanceof z.ZodUnion) return allOf(schema.options.map(schemaPattern), (all) => `(?:${all.join('|')})`);
  if (schema instanceof z.ZodEnum) return literals(Object.values(schema.enum));
  if (schema instanceof z.ZodLiteral) return literals([...schema.values]);
  if (schema instanceof z.ZodBoolean) return '(?:true|false)';
  if (schema instanceof z.ZodNumber) return numberPattern(schema);
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return stringPattern(schema);
  return null;
}

/** A strict object: its members in order of their names, each at most once, nothing else. */
export function objectPattern(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  catchall: z.core.$ZodType | undefined,
): string | null {
  if (!(catchall instanceof z.ZodNever)) return null;
  const members = Object.keys(shape)
    .sort()
    .map((name) => {
      const schema = shape[name];
      if (schema === undefined) return null;
      const optional = schema instanceof z.ZodOptional;
      const inner = schemaPattern(optional ? schema.unwrap() : schema);
      return mapPattern(inner, (pattern) => memberPattern(name, pattern, optional));
    });
  return allOf(members, (all) => `\\{${all.join('')}\\}`);
}

/** One member with the comma after it, which stands exactly where another one follows. */
export function memberPattern(name: string, pattern: string, optional = false): string {
  const text = `${escapePattern(JSON.stringify(name))}:${pattern}(?:,(?=")|(?=\\}))`;
  return optional ? `(?:${text})?` : text;
}

export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function arrayPattern(schema: z.ZodArray): string | null {
  const bounds = lengthBounds(schema.def.checks);
  const item = schemaPattern(schema.element);
  if (bounds === null || item === null) return null;
  const { min, max } = bounds;
  if (max < 1) return null;
  const items = `${item}(?:,${item}){${Math.max(0, min - 1)},${Number.isFinite(max) ? max - 1 : ''}}`;
  return min > 0 ? `\\[${items}\\]` : `\\[(?:${items})?\\]`;
}

function literals(values: readonly unknown[]): string {
  return `(?:${values.map((value) => escapePattern(JSON.stringify(value))).join('|')})`;
}

function stringPattern(schema: z.ZodString | z.ZodStringFormat): string | null {
  const bounds = lengthBounds(schema.def.checks);
  const pattern = textPattern(schema);
  if (bounds === null || pattern === null) return null;
  const { min, max } = bounds;
  const bounded = min > 0 || Number.isFinite(max);
  const length = `${min > 1 ? SINGLE : PLAIN}{${min},${Number.isFinite(max) ? max : ''}}`;
  if (pattern === '') return `"${bounded ? length : `${PLAIN}*`}"`;
  return bounded ? `"(?=${length}")${pattern}"` : `"${pattern}"`;
}

/** The schema's own pattern, made so that it cannot run over the quote at the end; empty when it has none. */
function textPattern(schema: z.ZodString | z.ZodStringFormat): string | null {
  const found: RegExp[] = [];
  const { def } = schema;
  if ('pattern' in def && def.pattern instanceof RegExp) found.push(def.pattern);
  for (const { _zod } of def.checks ?? []) {
    if ('pattern' in _zod.def && _zod.def.pattern instanceof RegExp) found.push(_zod.def.pattern);
  }
  const [pattern, ...more] = found;
  if (pattern === undefined) return schema instanceof z.ZodStringFormat ? null : '';
  // a flag, a negated class or a backward reference could mean something else in the middle of a text
  const { source, flags } = pattern;
  if (more.length > 0 || flags !== '' || !source.startsWith('^') || !source.endsWith('$')) return null;
  const inner = source.slice(1, -1);
  if (/\[\^|\\[^dw.\-/]|\(\?[^:]|[\^$]/.test(inner) || inner.includes('"')) return null;
  return `(?:${spelledOut(inner)
    .replace(/\((?!\?)/g, '(?:')
    .replace(/(\[[^\]]*\]|\\.)|\./g, (_, kept) => kept ?? DOT)})`;
}

/** A class repeated so many times is matched much faster where it stands so many times. */
function spelledOut(source: string): string {
  return source.replace(/(\[[^\]]*\]|\\d)\{(\d+)\}/g, (_, item: string, count: string) => item.repeat(Number(count)));
}

function numberPattern(schema: z.ZodNumber): string | null {
  if (schema.format !== 'safeint') return null;
  let min = Number.MIN_SAFE_INTEGER;
  let max = Number.MAX_SAFE_INTEGER;
  for (const { _zod } of schema.def.checks ?? []) {
    const { def } = _zod;
    if (!('value' in def && typeof def.value === 'number' && 'inclusive' in def && def.inclusive === true)) return null;
    if (def.check === 'greater_than') min = Math.max(min, def.value);
    else if (def.check === 'less_than') max = Math.min(max, def.value);
    else return null;
  }
  return wholeNumbers(Math.max(0, min), max);
}

/** Whole numbers from `min` to `max`, of which only whole decades below the leading digit of `max` are accepted. */
export function wholeNumbers(min: number, max: number): string | null {
  const parts: string[] = [];
  if (min <= 0 && max >= 0) parts.push('0');
  for (let digits = 1; digits <= MAX_DIGITS; digits++) {
    const unit = 10 ** (digits - 1);
    const from = Math.max(1, Math.ceil(min / unit));
    const to = Math.min(9, Math.floor((max + 1) / unit) - 1);
    if (from <= to) parts.push(`[${from}-${to}]\\d{${digits - 1}}`);
  }
  const full = Array.from({ length: MAX_DIGITS }, (_, digits) => `[1-9]\\d{${digits}}`);
  const all = full.every((part) => parts.includes(part));
  if (all) return parts[0] === '0' ? `(?:0|[1-9]\\d{0,${MAX_DIGITS - 1}})` : `[1-9]\\d{0,${MAX_DIGITS - 1}}`;
  return parts.length === 0 ? null : `(?:${parts.join('|')})`;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Shortest and longest length; null where a check is of another kind, such as a function. */
function lengthBounds(checks: readonly z.core.$ZodCheck<never>[] | undefined): Bounds | null {
  let min = 0;
  let max = Number.POSITIVE_INFINITY;
  for (const { _zod } of checks ?? []) {
    const { def } = _zod;
    if (def.check === 'min_length' && 'minimum' in def) min = Math.max(min, Number(def.minimum));
    else if (def.check === 'max_length' && 'maximum' in def) max = Math.min(max, Number(def.maximum));
    else if (def.check !== 'string_format') return null;
  }
  return { min, max };
}

function mapPattern(pattern: string | null, map: (pattern: string) => string): string | null {
  return pattern === null ? null : map(pattern);
}

function allOf(patterns: readonly (string | null)[], map: (patterns: readonly string[]) => string): string | null {
  const all = patterns.filter((pattern) => pattern !== null);
  return all.length === patterns.length ? map(all) : null;
}
