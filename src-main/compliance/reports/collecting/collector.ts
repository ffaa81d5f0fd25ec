import { findSealed } from '#main/audit/seal.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import type { RecordCollector } from '../../evaluation/rules.ts';
import type { SealedPlace } from '../../register/register-state.ts';

/** Shown the records of its actions from the first on, in order; the same records give the same answer. */
export type Collector = RecordCollector;

/** From included, to not; milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const EVERY_ACTION: readonly AuditAction[] = AUDIT_ACTIONS;

/** RFC 3339, as records write it. */
export function timeText(time: number): string {
  return new Date(time).toISOString();
}

export function isWithin({ from, to }: Span, time: number): boolean {
  return time >= from && time < to;
}

/** The record's data as its action's schema has it; null where it does not fit: such a record says nothing here. */
export function dataOf<A extends AuditAction>(entry: ChainEntry, action: A): AuditData<A> | null {
  const parsed = AUDIT_DATA[action].safeParse(entry.record.data);
  return parsed.success ? (parsed.data as AuditData<A>) : null;
}

/** Where a sealed value stands; null when there is none at the path. */
export function placeAt(entry: ChainEntry, path: string, value: unknown): SealedPlace | null {
  if (typeof value !== 'object' || value === null || !('sealed' in value)) return null;
  const { sealed } = value;
  return typeof sealed === 'string' && COMMITMENT.test(sealed) ? { sealed, seq: entry.seq, path } : null;
}

const COMMITMENT = /^[A-Za-z0-9_-]{43}$/;

/** Every sealed value of a record, by path. */
export function placesOf(entry: ChainEntry): readonly SealedPlace[] {
  return [...findSealed(entry.record)]
    .filter(([path, sealed]) => path.length <= 256 && COMMITMENT.test(sealed))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, sealed]) => ({ sealed, seq: entry.seq, path }));
}

/** What a collector was asked for, of whatever shape it came in. @throws TypeError for another one: the program made it */
export function parametersOf(parameters: unknown): Readonly<Record<string, unknown>> {
  if (typeof parameters === 'object' && parameters !== null) return parameters as Readonly<Record<string, unknown>>;
  throw new TypeError('a collector was asked without parameters');
}

export function spanOf(parameters: unknown): Span {
  const { from, to } = parametersOf(parameters);
  const span = { from: Date.parse(String(from)), to: Date.parse(String(to)) };
  if (Number.isNaN(span.from) || Number.isNaN(span.to)) throw new TypeError('a collector was asked without a window');
  return span;
}

export function textOf(parameters: unknown, name: string): string {
  const value = parametersOf(parameters)[name];
  if (typeof value === 'string') return value;
  throw new TypeError(`a collector was asked without ${name}`);
}
