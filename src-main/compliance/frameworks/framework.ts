import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { CriterionRef, FrameworkId } from '#shared/model/control.ts';

/** One thing a framework asks for: its id is a fact, its name and its explanation are the product's own words. */
export interface Criterion {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly explanation: string;
}

/** A time limit that a law sets. */
export interface Clock {
  readonly id: string;
  /** The criterion it belongs to. */
  readonly criterion: string;
  readonly name: string;
  readonly limit: { readonly value: number; readonly unit: 'hours' | 'days' | 'working-days' | 'months' | 'years' };
  /** What sets it going. */
  readonly startsWith: string;
  /** What can prolong it, and how; null where nothing does. */
  readonly extension: string | null;
  /** The rule it comes from. */
  readonly source: string;
}

export interface Framework {
  readonly id: FrameworkId;
  readonly name: string;
  /** Whose publication the ids are from. */
  readonly source: string;
  /** Under what terms the ids, names and explanations stand here. */
  readonly licence: string;
  /** What a reader has to know about how it is used here. */
  readonly note: string;
  readonly criteria: readonly Criterion[];
  readonly clocks: readonly Clock[];
}

/** That records of an action are evidence for a criterion, and of what. */
export interface EvidenceLink extends CriterionRef {
  readonly why: string;
}

export type ActionEvidence = Readonly<Record<AuditAction, readonly EvidenceLink[]>>;

/** The criteria of one group, from rows of id, name and explanation. */
export function groupOf(
  group: string,
  rows: readonly (readonly [id: string, name: string, explanation: string])[],
): readonly Criterion[] {
  return rows.map(([id, name, explanation]) => ({ id, group, name, explanation }));
}
