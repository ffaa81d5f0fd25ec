import type { Severity } from '#shared/model/incident.ts';

/** What the number of approvals rests on; all of it stands on the record of the proposal. */
export interface QuorumFacts {
  readonly severity: Severity;
  readonly environmentKind: 'sandbox' | 'aws';
  /** Of action: the plan's. */
  readonly kind: string;
}

/** By what approvals are judged, now: the guardrail policies in force, and who is whose other account. */
export interface ApprovalRules {
  /** Of the guardrail policies in force, lowercase hex SHA-256. */
  version(): string;
  /** How many people have to approve. @throws what the policy engine throws; nothing counts as approved then */
  required(facts: QuorumFacts): number;
  /** The human behind an account, an alias or an API key; an id that is not known is itself. */
  humanBehind(id: string): string;
}
