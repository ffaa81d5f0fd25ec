import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ControlId, ControlKind, ControlStatus, Frequency } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import type { RegisterEntry, RegisterState } from '../register/register-state.ts';
import type { ChainEntry, EvidenceTest } from './evidence-test.ts';

/** Of a control's definition what counting needs. */
export interface CountedControl {
  readonly id: ControlId;
  readonly kind: ControlKind;
  /** As it is defined, before anybody changed it. */
  readonly frequency: Frequency;
  readonly test: EvidenceTest;
}

/** What a status is judged by. */
export interface StatusFacts {
  readonly control: ControlId;
  readonly entry: RegisterEntry | null;
  /** The cadence in force at `at`. */
  readonly frequency: Frequency;
  /** The newest occurrence up to `at`, whatever the window, at the time it counts as of. */
  readonly last: { readonly seq: number; readonly time: string } | null;
  /** When the next occurrence after that had to be, milliseconds; null: no cadence. Absent: by the cadence of today alone. */
  readonly due?: number | null;
  /** All that are open, whatever the window. Missed periods, which come out of a window, are not among them: `due` is over. */
  readonly open: readonly ReportException[];
  /** Milliseconds, UTC: the latest time of any record. */
  readonly at: number;
}

/** Gathers something else in the same reading. Pure, as a test is. */
export interface RecordCollector {
  /** It is shown these, and no others. */
  readonly actions: readonly AuditAction[];
  take(entry: ChainEntry): void;
  /** What it gathered, as JSON can say it. */
  end(context: CollectorContext): unknown;
}

export interface CollectorContext {
  readonly chain: string;
  readonly tenant: string;
  /** The newest record. */
  readonly last: { readonly seq: number; readonly time: string };
  readonly window: { readonly from: string; readonly to: string };
  readonly register: RegisterState;
}

/** Everything that decides what comes out of a chain, besides the chain and the request. */
export interface EvaluationRules {
  /** Says which rules these are: with others, nothing counted before is of use. */
  readonly digest: string;
  readonly controls: readonly CountedControl[];
  /** Of whose records the register is made. */
  readonly registerActions: readonly AuditAction[];
  beginRegister(): RegisterState;
  takeRegister(state: RegisterState, entry: ChainEntry): RegisterState;
  judgeStatus(facts: StatusFacts): { readonly status: ControlStatus; readonly reasons: readonly string[] };
  readonly collectors: Readonly<Record<string, (parameters: unknown) => RecordCollector>>;
}
