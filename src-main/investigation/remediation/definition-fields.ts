import { createHash } from 'node:crypto';
import type { PlanChange } from '#shared/model/plan.ts';

const SECRET_NAME = /key|secret|token|passw|credential|auth|dsn|cert|private/i;
const PLAIN_VALUE = /^(-?\d{1,12}(\.\d{1,6})?|true|false|[A-Za-z][A-Za-z_-]{0,23})$/;

/**
 * An environment variable's value for people. A task definition may hold secrets although it should not, and a plan
 * stays in the chain for ever: only plainly harmless values are shown, others as the beginning of their digest.
 */
export function showSetting(name: string, value: string): string {
  if (!SECRET_NAME.test(name) && PLAIN_VALUE.test(value)) return value;
  return `sha256:${createHash('sha256').update(value, 'utf8').digest('hex').slice(0, 12)}`;
}

/** Text out of a cloud answer for a plan: printable ASCII of bounded length. */
export function showText(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, 512);
}

/** The fields in which two task definitions differ, by name. */
export function compareFields(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly PlanChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field: field.slice(0, 128), before: before[field] ?? null, after: after[field] ?? null }));
}
