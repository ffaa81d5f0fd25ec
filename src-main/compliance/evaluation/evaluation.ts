import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ControlId, ControlStatus, Frequency, SampleProfile } from '#shared/model/control.ts';
import type { ReportException, ReportIntegrity, ReportPopulation, ReportState } from '#shared/model/report.ts';
import type { RegisterState } from '../register/register-state.ts';
import type { TimeProblems } from './time-order.ts';

/** What is to be found out about a chain. Plain data: it goes to a thread and back. */
export interface EvaluationRequest {
  /** From included, to not; RFC 3339 UTC. */
  readonly window: { readonly from: string; readonly to: string };
  /** Records of these actions are in scope. */
  readonly actions: readonly AuditAction[];
  readonly controls: readonly ControlId[];
  /** Only records by these actors are in the populations. Exceptions are never filtered. */
  readonly actors: readonly string[] | null;
  readonly sample: { readonly number: string; readonly profile: SampleProfile } | null;
  /** The last record read: the chain may have grown since. */
  readonly last: number;
  /**
   * A checkpoint the records are held against, of no more than `last` of them: the newest one when a report is planned,
   * the report's own when it is re-performed. null: none. Absent: the newest the source has.
   */
  readonly checkpoint?: ReportPopulation['checkpoint'];
  /** What else is to be gathered in the same reading, by name (reports/collectors.ts). */
  readonly collectors: readonly { readonly name: string; readonly parameters: unknown }[];
}

export interface EvaluatedPeriod {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** `met`, `missed`, `not-due` (not over yet), `no-data` (before the chain, or the control, began). */
  readonly state: ReportState;
}

/** A change of a cadence by somebody. `loosened`: to be seen less often than before. */
export interface EvaluatedCadence {
  readonly seq: number;
  readonly time: string;
  readonly before: Frequency;
  readonly next: Frequency;
  readonly loosened: boolean;
}

export interface ControlEvaluation {
  readonly control: ControlId;
  /** In force when the window ended. */
  readonly frequency: Frequency;
  readonly status: ControlStatus;
  /** Why it is that, in sentences. */
  readonly reasons: readonly string[];
  readonly population: { readonly count: number; readonly root: string | null; readonly seqs: string | null };
  /** Periods of a cadence; empty when it is `event`. */
  readonly periods: readonly EvaluatedPeriod[];
  readonly expected: number;
  readonly actual: number;
  /** The newest occurrence, also one outside of the window, with the time it counts as of. */
  readonly last: { readonly seq: number; readonly time: string } | null;
  /** Changes of the cadence in the window, and in the year before it. */
  readonly cadenceChanges: readonly EvaluatedCadence[];
  /** In the order drawn; empty when no sample was asked for. */
  readonly sample: readonly number[];
  /**
   * Those about records in the window; those about others that are open, or were when the window began, which say so.
   * Missed periods of the window at the end.
   */
  readonly exceptions: readonly ReportException[];
  /** Exceptions a filter would have hidden. */
  readonly hidden: number;
}

export interface Evaluation {
  readonly chain: string;
  readonly tenant: string;
  readonly range: { readonly first: number; readonly last: number };
  readonly head: { readonly hash: string; readonly time: string };
  /** Time of the first record. */
  readonly begins: string;
  /** The one asked for. Where the records do not give its root, `integrity` says so. */
  readonly checkpoint: ReportPopulation['checkpoint'];
  readonly integrity: ReportIntegrity;
  /** Records of clocks that were put back, or ran ahead of those that follow: they are counted, and meet no period. */
  readonly timeProblems: TimeProblems;
  readonly records: number;
  readonly inScope: number;
  readonly excluded: readonly { readonly reason: string; readonly count: number }[];
  readonly root: string | null;
  readonly seqs: string | null;
  readonly seed: string | null;
  readonly controls: readonly ControlEvaluation[];
  /** Records of each action in the window, and of all; actions without any are absent. */
  readonly actions: Readonly<
    Partial<Record<AuditAction, { readonly window: number; readonly all: number; readonly lastSeq: number }>>
  >;
  /** The register as the chain's records leave it at the end. */
  readonly register: RegisterState;
  /** By the name asked for, what it gathered. */
  readonly collected: Readonly<Record<string, unknown>>;
}
