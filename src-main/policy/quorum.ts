import { CausewayError } from '#shared/errors.ts';
import type { PolicyEngine } from './engine.ts';
import { executionRequest, type QuorumTerms } from './request.ts';

const MOST_APPROVALS = 9;

/**
 * How many different people have to approve such a remediation: the smallest number the policies in force let it be
 * carried out with. However few people there are, it is never less.
 * @throws CausewayError `denied` with reason `quorum` when no number of approvals is enough
 */
export function requiredApprovals(engine: Pick<PolicyEngine, 'decide'>, terms: QuorumTerms): number {
  let refused = '';
  for (let approvals = 1; approvals <= MOST_APPROVALS; approvals++) {
    const ask = { agent: 'remediator', remediation: 'any', approvals, breakGlass: false };
    const { decision, reason } = engine.decide(executionRequest({ ...ask, ...terms }));
    if (decision === 'allow') return approvals;
    refused = reason;
  }
  const text = `However many people approve, the policy does not let this remediation be carried out: ${refused}`;
  throw new CausewayError('denied', text, { reason: 'quorum' });
}
