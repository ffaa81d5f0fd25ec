import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Frequency } from '#shared/model/control.ts';

/** A record as it is folded over. Its hash was computed from its bytes, its data may be of any shape: files are hostile. */
export interface ChainEntry {
  readonly seq: number;
  /** Lowercase hex. */
  readonly hash: string;
  /** Milliseconds, UTC. */
  readonly time: number;
  readonly record: AuditRecord;
}

/** What a test says about the record it is shown. */
export interface EvidenceSink {
  /**
   * This record shows the control operating: one of its population. `on`: when it did, milliseconds, where the record says
   * that it was earlier; it then counts as of that time.
   */
  occurrence(on?: number): void;
  /** Something the control should have prevented, or done. `about`: the record it is about, the present one by default. */
  deviation(kind: string, text: string, about?: number): void;
  /** What was wrong about that record was put right by the present one. */
  fixed(kind: string, about: number): void;
  /**
   * The control has to be seen this often: from this record on when that is more often than before, else from the next
   * period on. Of a control with a cadence it is one, and of one that is seen each time it is not: else nothing changes.
   */
  cadence(frequency: Frequency): void;
}

/** What is still open when the chain ends. */
export interface SettleSink {
  deviation(kind: string, text: string, about: number): void;
}

/** Only what JSON can say, so that counting can go on where it ended. */
export type FoldState = Record<string, unknown>;

/**
 * How occurrences and deviations of one control come out of the chain: a fold over the records of some actions, in order
 * from the first. Pure: the same records give the same answer. What `take` throws marks the record unreadable.
 */
export interface EvidenceTest {
  /** It is shown these, and no others. */
  readonly actions: readonly AuditAction[];
  /** In words, so that anybody can do it again: which records are occurrences. */
  readonly occurrenceRule: string;
  /** In words: what is a deviation. */
  readonly deviationRule: string;
  begin(): FoldState;
  /** May change `state`. */
  take(state: FoldState, entry: ChainEntry, sink: EvidenceSink): void;
  /** `at` is the time of the last record. Does not change `state`. */
  settle?(state: FoldState, at: number, sink: SettleSink): void;
}
