import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';

export type RefusalReason =
  | 'not-json'
  | 'byte-order-mark'
  | 'too-deep'
  | 'unknown-kind'
  | 'wrong-shape'
  | 'not-alarming'
  | 'unknown-account'
  | 'unknown-service'
  | 'ambiguous-service'
  | 'empty';

/** The error of an alarm that is not accepted; nothing has been stored. */
export function refuseAlarm(reason: RefusalReason, message: string, cause?: unknown): CausewayError {
  return new CausewayError('bad-input', message, cause === undefined ? { reason } : { reason, cause });
}

const MOST_NAMED = 3;

/**
 * Says which members are wrong, by path and expectation. Values are left out: they were written outside and the sentence
 * is shown to people and logged.
 */
export function refuseShape(kindName: string, error: z.ZodError): CausewayError {
  const named = error.issues.slice(0, MOST_NAMED).map((issue) => {
    const path = issue.path
      .map(String)
      .join('.')
      .replace(/[^\x20-\x7e]/g, '?'); // names of labels come from outside
    return `${path === '' ? 'the document' : path.slice(0, 120)}: ${issue.message.slice(0, 160)}`;
  });
  const more = error.issues.length - named.length;
  return refuseAlarm(
    'wrong-shape',
    `This looks like ${kindName}, but ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Nothing was imported.`,
  );
}

/** A member's value for a message: short and without control characters. */
export function quoteValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const clean = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${clean.length > 60 ? `${clean.slice(0, 60)}…` : clean}"`;
}
