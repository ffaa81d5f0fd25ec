import type { AppendInput } from '#main/audit/append-input.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What is on record when a happening becomes a record itself. */
export interface Past {
  /** The record it is going to be. */
  readonly seq: number;
  /** Hash of the record of a happening before, by its name. */
  hash(name: string): string;
  seqOf(name: string): number;
}

/** One record-to-be. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Under which later ones refer to its record. */
  readonly name?: string;
  /** Whose records have to be durable before: its own names them by hash. */
  readonly needs?: readonly string[];
  readonly input: AppendInput<AuditAction> | ((past: Past) => AppendInput<AuditAction>);
}

/** Something that a room of the product does itself, with the records it writes; all before is on record. */
export interface Act {
  readonly at: number;
  readonly act: () => Promise<void>;
}

export type Step = Happening | Act;

/** RFC 3339 with milliseconds. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Checks the data against its action's schema while writing, not only while running. */
export function of<A extends AuditAction>(input: AppendInput<A>): AppendInput<AuditAction> {
  return input as unknown as AppendInput<AuditAction>;
}
