/**
 * RFC 8785 (JCS) serialisation. Written here rather than taken from a package because one pass also has to hold the
 * rules of section 1 of the chain format (integers only, no lone surrogates, bounded depth); the tests compare it with
 * an independent implementation.
 */

/** Deeper than any action's schema by far. Bounds the recursion: nesting in a file is the attacker's choice. */
export const MAX_DEPTH = 64;

export class NotCanonicalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotCanonicalError';
  }
}

export interface CanonicalRules {
  /** Records hold integers within ±(2^53−1) only; a disclosed value may be any JSON number. */
  readonly integersOnly: boolean;
}

const RECORD_RULES: CanonicalRules = { integersOnly: true };

/**
 * The JCS text of a JSON value; members that are `undefined` are left out, as in JSON.stringify.
 * @throws NotCanonicalError when the value has no canonical form or breaks a rule.
 */
export function canonicalText(value: unknown, rules: CanonicalRules = RECORD_RULES): string {
  return write(value, rules, 0);
}

/**
 * Whether `text`, of which `value` was parsed, is its canonical form by the rules for records.
 * @throws NotCanonicalError as canonicalText does
 */
export function isCanonical(text: string, value: unknown): boolean {
  // the built-in serialiser is several times faster: it writes what it was given in the order it was given
  if (!text.includes('\\ud') && isOrderly(value, 0) && JSON.stringify(value) === text) return true;
  return canonicalText(value) === text;
}

/** Whether JSON.stringify would write the canonical form, apart from lone surrogates. */
function isOrderly(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isOrderly(item, depth + 1));
  let before: string | null = null;
  for (const name of Object.keys(value)) {
    if (before !== null && name <= before) return false;
    if (!isOrderly((value as Readonly<Record<string, unknown>>)[name], depth + 1)) return false;
    before = name;
  }
  return true;
}

/** The JCS bytes (UTF-8) of a JSON value. */
export function canonicalBytes(value: unknown, rules: CanonicalRules = RECORD_RULES): Buffer {
  return Buffer.from(canonicalText(value, rules), 'utf8');
}

function write(value: unknown, rules: CanonicalRules, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return writeNumber(value, rules);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= MAX_DEPTH) throw new NotCanonicalError(`nested deeper than ${MAX_DEPTH} levels`);
      return Array.isArray(value) ? writeArray(value, rules, depth + 1) : writeObject(value, rules, depth + 1);
    default:
      throw new NotCanonicalError(`a ${typeof value} has no JSON form`);
  }
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new NotCanonicalError('a string holds a lone surrogate');
  return JSON.stringify(value);
}

function writeNumber(value: number, rules: CanonicalRules): string {
  if (!Number.isFinite(value)) throw new NotCanonicalError('a number is not finite');
  if (rules.integersOnly && !Number.isSafeInteger(value)) {
    throw new NotCanonicalError('a number is not an integer within ±(2^53−1)');
  }
  return JSON.stringify(value); // ECMAScript number formatting is what RFC 8785 prescribes
}

function writeArray(value: readonly unknown[], rules: CanonicalRules, depth: number): string {
  let text = '[';
  for (let index = 0; index < value.length; index++) {
    if (index > 0) text += ',';
    text += write(value[index], rules, depth);
  }
  return `${text}]`;
}

function writeObject(value: object, rules: CanonicalRules, depth: number): string {
  const members = value as Readonly<Record<string, unknown>>;
  let text = '{';
  for (const name of Object.keys(members).sort()) {
    // default sort compares UTF-16 code units, as RFC 8785 section 3.2.3 asks
    const member = members[name];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${writeString(name)}:${write(member, rules, depth)}`;
  }
  return `${text}}`;
}
