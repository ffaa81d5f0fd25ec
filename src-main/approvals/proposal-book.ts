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
  save(remediation: Remediation): void;
}
