import type { PolicyEngine } from '../policy/engine.ts';
import { requiredApprovals } from '../policy/quorum.ts';
import type { QuorumTerms } from '../policy/request.ts';
import type { Approvers } from './approvers.ts';

/** By what approvals are judged, now: the guardrail policies in force, and what the people of the workspace are and may. */
export interface ApprovalRules extends Pick<Approvers, 'humanBehind' | 'mayNow' | 'deviceBinding'> {
  /** Of the guardrail policies in force, lowercase hex SHA-256. */
  version(): string;
  /** How many people have to approve. @throws CausewayError `denied` (`quorum`) when no number of them is enough */
  required(terms: QuorumTerms): number;
}

/** @param engine that of the policies in force, whichever they are when it is asked */
export function approvalRules(
  engine: Pick<PolicyEngine, 'version' | 'decide'>,
  people: Pick<Approvers, 'humanBehind' | 'mayNow' | 'deviceBinding'>,
): ApprovalRules {
  return {
    version: () => engine.version,
    required: (terms) => requiredApprovals(engine, terms),
    humanBehind: (id) => people.humanBehind(id),
    mayNow: (id, permission) => people.mayNow(id, permission),
    deviceBinding: (keyId) => people.deviceBinding(keyId),
  };
}
