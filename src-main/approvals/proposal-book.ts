import type { Remediation } from '#shared/model/investigation.ts';

/** A proposal with what it belongs to. */
export interface Proposal {
  readonly remediation: Remediation;
  readonly incident: string;
  readonly investigation: string;
}

/** Where proposals and their state are kept. */
export interface ProposalBook {
  /** `not-found` when there is none. */
  read(remediation: string): Proposal;
  /** Those that wait for a decision. */
  listWaiting(): readonly Proposal[];
  /** Writes what is kept once more, unchanged and untold; throws when the workspace cannot be written. */
  probe(remediation: string): void;
  save(remediation: Remediation): void;
}
