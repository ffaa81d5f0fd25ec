import { matchesArn, matchesPattern } from './match.ts';

/** One condition operator: whether a policy's value is acceptable, and whether the request's value satisfies it. */
export interface Operator {
  valid(value: string): boolean;
  holds(actual: string, expected: string): boolean;
  /** Negated operators need every value to differ and hold when the key is absent. */
  readonly negated: boolean;
}

const anything = () => true;

function text(holds: (actual: string, expected: string) => boolean): Operator {
  return { valid: anything, holds, negated: false };
}

function date(holds: (actual: number, expected: number) => boolean): Operator {
  return {
    valid: (value) => !Number.isNaN(instant(value)),
    holds: (actual, expected) => holds(instant(actual), instant(expected)),
    negated: false,
  };
}

function numeric(holds: (actual: number, expected: number) => boolean): Operator {
  const valid = (value: string) => value.trim() !== '' && Number.isFinite(Number(value));
  return {
    valid,
    holds: (actual, expected) => valid(actual) && holds(Number(actual), Number(expected)),
    negated: false,
  };
}

/** The operator that holds when `operator` holds for no value. */
function not(operator: Operator): Operator {
  return { ...operator, negated: true };
}

/** A calendar date, or a time with its zone. Source: W3C note "Date and Time Formats". */
const W3C_DATE = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

/**
 * Dates as IAM reads them: the W3C implementations of ISO 8601, or epoch seconds. Four digits alone are a year. What is no
 * date is NaN, with which no comparison holds.
 */
function instant(value: string): number {
  if (W3C_DATE.test(value)) return Date.parse(value);
  return /^\d{1,12}$/.test(value) ? Number(value) * 1000 : Number.NaN;
}

const stringEquals = text((actual, expected) => actual === expected);
const stringEqualsIgnoreCase = text((actual, expected) => actual.toLowerCase() === expected.toLowerCase());
const stringLike = text((actual, expected) => matchesPattern(expected, actual));
const arnLike = text((actual, expected) => matchesArn(expected, actual));
const numericEquals = numeric((actual, expected) => actual === expected);
const dateEquals = date((actual, expected) => actual === expected);

/** Source: IAM JSON policy elements: condition operators. `Null` is decided by the evaluation itself. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: stringEquals,
  StringNotEquals: not(stringEquals),
  StringEqualsIgnoreCase: stringEqualsIgnoreCase,
  StringNotEqualsIgnoreCase: not(stringEqualsIgnoreCase),
  StringLike: stringLike,
  StringNotLike: not(stringLike),
  // IAM evaluates ArnEquals and ArnLike alike.
  ArnEquals: arnLike,
  ArnLike: arnLike,
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
  NumericEquals: numericEquals,
  NumericNotEquals: not(numericEquals),
  NumericLessThan: numeric((actual, expected) => actual < expected),
  NumericLessThanEquals: numeric((actual, expected) => actual <= expected),
  NumericGreaterThan: numeric((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numeric((actual, expected) => actual >= expected),
  DateEquals: dateEquals,
  DateNotEquals: not(dateEquals),
  DateLessThan: date((actual, expected) => actual < expected),
  DateLessThanEquals: date((actual, expected) => actual <= expected),
  DateGreaterThan: date((actual, expected) => actual > expected),
  DateGreaterThanEquals: date((actual, expected) => actual >= expected),
  Bool: {
    valid: (value) => /^(true|false)$/i.test(value),
    holds: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
    negated: false,
  },
  Null: { valid: (value) => /^(true|false)$/i.test(value), holds: () => false, negated: false },
};
