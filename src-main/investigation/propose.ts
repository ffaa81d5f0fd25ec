import type { Incident } from '#shared/model/incident.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import { DECIDE_WITHIN_MS, EXECUTE_WITHIN_MS } from '../approvals/judge-approval.ts';
import type { CloudEnvironment } from '../credentials/environment.ts';
import type { Clock } from '../platform/clock.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import { requiredApprovals } from '../policy/quorum.ts';
import { proposalRequest } from '../policy/request.ts';
import { agentActor, type Case, linksOf, toTime } from './case.ts';
import { planDigest } from './remediation/plan-digest.ts';

const REQUESTER = 'remediator';

/** What of a case a proposal is made from. */
export interface ProposingWork extends Pick<Case, 'audit' | 'onBehalfOf' | 'id' | 'signal'> {
  readonly clock: Clock;
  readonly incident: Pick<Incident, 'id' | 'severity'>;
  readonly environment: Pick<CloudEnvironment, 'id' | 'kind'>;
}

/**
 * Puts a plan before people: allowed by the policy, on record with the whole plan and with what the number of approvals
 * rests on, and then waiting for a decision.
 * @throws CausewayError `denied`, with reason `quorum` when no number of approvals would be enough
 */
export async function proposePlan(
  work: ProposingWork,
  plan: RemediationPlan,
  policy: { readonly guard: Guard; readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule' | 'decide'> },
): Promise<Remediation> {
  const digest = planDigest(plan);
  const actor = agentActor(REQUESTER);
  const links = { ...linksOf(work), remediation: plan.remediation };
  await policy.guard(proposalRequest(REQUESTER, plan.remediation, digest), {
    actor,
    onBehalfOf: work.onBehalfOf,
    links,
  });
  work.signal.throwIfAborted(); // cancelled while the policy was being asked
  const { severity } = work.incident;
  const { id: environment, kind: environmentKind } = work.environment;
  const required = requiredApprovals(policy.engine, { severity, environmentKind, kind: plan.kind });
  const expiresAt = toTime(work.clock.now() + DECIDE_WITHIN_MS);
  const { id, text } = policy.engine.approvalRule;
  const record = await work.audit.append({
    action: 'remediation.proposed',
    outcome: 'success',
    actor,
    onBehalfOf: work.onBehalfOf,
    target: { type: 'remediation', id: plan.remediation },
    links,
    data: {
      plan,
      planDigest: digest,
      rule: id,
      policyVersion: policy.engine.version,
      expiresAt,
      severity,
      environment,
      environmentKind,
      approvalsRequired: required,
      executeWithinMs: EXECUTE_WITHIN_MS,
    },
  });
  return {
    id: plan.remediation,
    status: 'proposed',
    plan,
    planDigest: digest,
    requestHash: record.hash,
    requestedBy: REQUESTER,
    onBehalfOf: work.onBehalfOf.id,
    rule: { id, text, policyVersion: policy.engine.version },
    expiresAt,
    required,
    approvals: [],
    executeBy: null,
    breakGlass: false,
    decision: null,
    result: null,
    failure: null,
  };
}
