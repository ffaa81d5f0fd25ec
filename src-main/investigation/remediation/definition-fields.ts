import type { PlanChange } from '#shared/model/plan.ts';

/** One field of a task definition: what it is compared by, and what of it people may see. */
export interface DefinitionField {
  /** The whole value; compared, never shown or recorded. */
  readonly value: string;
  /** Null when only that it changed may be said. */
  readonly shown: string | null;
}

/** Words of names that promise nothing harmless, whatever the name ends with. */
const SECRET_NAME = /key|secret|token|pass|pwd|cred|auth|dsn|cert|private|salt|seed|(^|_)(pin|otp|pw|sig)(_|$)/i;

/** Ends of names whose value is a number: sizes, times, counts. */
const NUMBER_NAME =
  /(^|_)(size|length|depth|limit|max|min|count|entries|items|rows|retries|attempts|workers|threads|processes|connections|concurrency|replicas|shards|batch|ratio|rate|percent|factor|timeout|ttl|interval|delay|backoff|period|window|port|(bytes|kb|mb|gb|kib|mib|gib)|((timeout|ttl|interval|delay|backoff|period|window|age)_)?(ms|millis|s|sec|seconds|minutes|hours|days))$/i;
const SWITCH_NAME = /(^|_)(enabled?|disabled?|on|off)$/i;
/** Names whose value is one of a few words everybody knows. */
const WORD_NAME = /^stage$|(^|_)(log_?level|eviction(_policy)?)$/i;

const NUMBER = /^-?\d{1,9}(\.\d{1,6})?(ms|s|m|h|d|%|[kKMG]i?B?)?$/;
const SWITCH = /^(true|false|on|off|yes|no|0|1)$/i;
const WORD = /^[A-Za-z][A-Za-z_-]{0,15}$/;

/** A field people may see as it is. */
export function plainField(value: string): DefinitionField {
  return { value, shown: showText(value) };
}

/** A field of which people are told only that it changed. */
export function hiddenField(value: string): DefinitionField {
  return { value, shown: null };
}

/**
 * An environment variable. A task definition may hold secrets although it should not, and a plan stays in the chain for
 * ever: a value is shown only under a name that is plainly of a number, a switch or a known word, and only when it is
 * one. Of every other nothing is said but that it changed: a digest of a short value can be tried out.
 */
export function settingField(name: string, value: string): DefinitionField {
  const plain =
    (NUMBER_NAME.test(name) && NUMBER.test(value)) ||
    (SWITCH_NAME.test(name) && SWITCH.test(value)) ||
    (WORD_NAME.test(name) && WORD.test(value));
  return plain && !SECRET_NAME.test(name) ? plainField(value) : hiddenField(value);
}

/** Text out of a cloud answer for a plan: printable ASCII of bounded length. */
export function showText(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?').slice(0, 512);
}

/** The fields in which two task definitions differ, by name. */
export function compareFields(
  before: Readonly<Record<string, DefinitionField>>,
  after: Readonly<Record<string, DefinitionField>>,
): readonly PlanChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .filter((field) => before[field]?.value !== after[field]?.value)
    .map((field) => ({
      field: field.slice(0, 128),
      before: show(before[field], '(a value)'),
      after: show(after[field], before[field] === undefined ? '(a value)' : '(another value)'),
    }));
}

function show(field: DefinitionField | undefined, hidden: string): string | null {
  return field === undefined ? null : (field.shown ?? hidden);
}
