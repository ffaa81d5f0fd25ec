import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ControlId } from '#shared/model/control.ts';
import type { ReportException } from '#shared/model/report.ts';
import type { RegisterState } from '../register/register-state.ts';
import type { Unsound } from '../register/unsound.ts';
import type { CadenceChange } from './periods.ts';

/** What the chain says of one control, up to the newest record counted. */
export interface ControlCounts {
  /** Occurrences by the day they count as of, UTC (`2026-03-01`), of the last 400 days. */
  readonly days: Readonly<Record<string, number>>;
  /** Of all times. */
  readonly total: number;
  /** The newest by the time it counts as of. */
  readonly last: { readonly seq: number; readonly time: string } | null;
  /** By their records, newest first, 50 at most. `counted`: as of when it counts, where that is another time. */
  readonly newest: readonly {
    readonly seq: number;
    readonly time: string;
    readonly action: AuditAction;
    readonly counted?: string | undefined;
  }[];
  /**
   * By the order they were found in. Beyond 2,000 those that were put right give way, what is open never. Missed periods are not
   * among them: they come out of a window (periods.ts).
   */
  readonly exceptions: readonly ReportException[];
  /** Changes of the cadence by people. Milliseconds, UTC. */
  readonly cadence: readonly CadenceChange[];
  /** Milliseconds, UTC; null: an organizational control nobody has owned or performed yet. */
  readonly inForceSince: number | null;
}

/** The register as far as the records have been counted; what screens show. Plain data. */
export interface RegisterSnapshot {
  /** The newest record counted. `time`: RFC 3339 UTC. */
  readonly asOf: { readonly seq: number; readonly time: string; readonly hash: string };
  /** The latest time of any record, which is that of the newest unless a clock was put back. Absent: that of the newest. */
  readonly latest?: string;
  /** Records of clocks that were put back, or ran ahead of those that follow: they meet no period. */
  readonly timeProblems?: number;
  /** Time of the first record. */
  readonly begins: string;
  readonly state: RegisterState;
  readonly controls: Readonly<Record<ControlId, ControlCounts>>;
  /** Actions without any record are absent. `year`: on the 365 days up to that of `asOf`. */
  readonly actions: Readonly<
    Partial<Record<AuditAction, { readonly year: number; readonly all: number; readonly lastSeq: number }>>
  >;
  /** What verification knows not to hold in these records; null or absent: nothing. Counting itself does not look for it. */
  readonly unsound?: Unsound | null;
  /** Records that could not be read or counted, and controls of which it cannot be told what is open. */
  readonly unreadable: number;
}
