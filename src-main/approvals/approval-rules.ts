import type { PolicyEngine } from '../policy/engine.ts';
import { requiredApprovals } from '../policy/quorum.ts';
import type { QuorumTerms } from '../policy/request.ts';

/** By what approvals are judged, now: the guardrail policies in force, and who is whose other account. */
export interface ApprovalRules {
  /** Of the guardrail policies in force, lowercase hex SHA-256. */
  version(): string;
  /** How many people have to approve. @throws CausewayError `denied` (`quorum`) when no number of them is enough */
  required(terms: QuorumTerms): number;
  /** The human behind an account, an alias or an API key; an id that is not known is itself. */
  humanBehind(id: string): string;
}

/** @param engine that of the policies in force, whichever they are when it is asked */
export function approvalRules(
  engine: Pick<PolicyEngine, 'version' | 'decide'>,
  people: Pick<ApprovalRules, 'humanBehind'>,
): ApprovalRules {
  return {
    version: () => engine.version,
    required: (terms) => requiredApprovals(engine, terms),
    humanBehind: (id) => people.humanBehind(id),
  };
}
