import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import type { StoredRecord } from '../audit/store.ts';
import { canonicalDigest } from '../platform/digest.ts';
import type { AuditReader } from '../policy/audit-port.ts';
import type { LeaseRequest } from './lease.ts';
import { TASK_ACTIONS } from './session-policy.ts';

/** How long after the decision a write lease may be asked for. */
export const APPROVAL_USABLE_MS = 15 * 60_000;
/** The chain's own tolerance for a clock that went back. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export type ApprovalRefusal =
  | 'no-approval'
  | 'approval-not-genuine'
  | 'wrong-plan'
  | 'approver-is-requester'
  | 'approval-expired'
  | 'approval-used'
  | 'decided-otherwise'
  | 'resources-differ';

/** `planDigest` is computed from the plan on record, `approvedPlanDigest` is what the person approved. */
export type ApprovalFacts =
  | {
      readonly verified: true;
      readonly plan: RemediationPlan;
      readonly planDigest: string;
      readonly approvedPlanDigest: string;
    }
  | {
      readonly verified: false;
      readonly reason: ApprovalRefusal;
      readonly detail: string;
      /** As far as known. */
      readonly planDigest?: string;
      readonly approvedPlanDigest?: string;
    };

const Proposed = AUDIT_DATA['remediation.proposed'];
const Approved = AUDIT_DATA['remediation.approved'];

/**
 * Whether the chain holds an approval, given in time by somebody other than the requester and not used yet, of exactly
 * the plan this lease is for. Everything is read from verified records; nothing is believed of the request.
 */
export async function checkApproval(audit: AuditReader, request: LeaseRequest, now: number): Promise<ApprovalFacts> {
  const digests: { planDigest?: string; approvedPlanDigest?: string } = {};
  const no = (reason: ApprovalRefusal, detail: string) => ({ ...digests, verified: false as const, reason, detail });

  if (request.approval === undefined) return no('no-approval', 'The request names no approval.');
  const { hash, remediation } = request.approval;
  const approval = readRecord(audit, hash);
  if (approval === null) return no('approval-not-genuine', 'There is no record with this hash that verifies.');
  const decided = Approved.safeParse(approval.data);
  if (approval.action !== 'remediation.approved' || approval.outcome !== 'success' || !decided.success) {
    return no('approval-not-genuine', `The record is ${approval.action} (${approval.outcome}), not an approval.`);
  }
  digests.approvedPlanDigest = decided.data.planDigest;

  const requestHash = approval.links?.request ?? '';
  const proposal = readRecord(audit, requestHash);
  const proposed = proposal === null ? null : Proposed.safeParse(proposal.data);
  if (proposal?.action !== 'remediation.proposed' || proposed?.success !== true) {
    return no('approval-not-genuine', 'The approval does not point at a proposal that verifies.');
  }
  const { plan, planDigest, expiresAt } = proposed.data;
  const recomputed = canonicalDigest(plan).digest;
  digests.planDigest = recomputed;
  if (recomputed !== planDigest || planDigest !== decided.data.planDigest) {
    return no('wrong-plan', 'The approved digest is not the digest of the proposed plan.');
  }
  const mismatch = differentPlan(plan, approval, remediation, request);
  if (mismatch !== null) return no('wrong-plan', `The approval is for another ${mismatch}.`);

  const { actor } = approval;
  if (actor.type !== 'user') return no('approval-not-genuine', 'The approval was not given by a person.');
  if (actor.type === proposal.actor.type && actor.id === proposal.actor.id) {
    return no('approver-is-requester', 'The person who requested the remediation approved it.');
  }
  const decidedAt = Date.parse(approval.time);
  if (decidedAt >= Date.parse(expiresAt))
    return no('approval-expired', 'The proposal had expired when it was approved.');
  if (decidedAt > now + CLOCK_TOLERANCE_MS) return no('approval-not-genuine', 'The approval lies in the future.');
  if (now > decidedAt + APPROVAL_USABLE_MS) {
    return no('approval-expired', 'More than 15 minutes have passed since the approval.');
  }
  const since = await readDecisions(audit, requestHash);
  if (typeof since === 'string') return no('approval-not-genuine', since);
  const against = contradiction(audit, since, requestHash, plan);
  if (against !== null) return no('decided-otherwise', against);
  if (isUsed(audit, since, hash, requestHash, plan)) {
    return no('approval-used', 'A write lease was already issued for this proposal.');
  }
  const difference = differentCredentials(plan, request);
  if (difference !== null) return no('resources-differ', difference);
  return { verified: true, plan, planDigest: recomputed, approvedPlanDigest: decided.data.planDigest };
}

/** A record that contradicts itself or its neighbours is no basis for anything; that is the answer, not an accident. */
function readRecord(audit: AuditReader, hash: string): AuditRecord | null {
  if (!/^[0-9a-f]{64}$/.test(hash)) return null;
  try {
    return audit.getVerified(hash)?.record ?? null;
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return null;
    throw error;
  }
}

function differentPlan(
  plan: RemediationPlan,
  approval: AuditRecord,
  remediation: string,
  { incident, investigation }: LeaseRequest,
): string | null {
  if (plan.remediation !== remediation || approval.links?.remediation !== remediation) return 'remediation';
  if (plan.incident !== incident) return 'incident';
  return plan.investigation === investigation ? null : 'investigation';
}

function differentCredentials(plan: RemediationPlan, { environment, resources }: LeaseRequest): string | null {
  const { credentials } = plan;
  if (plan.account !== environment.account || plan.region !== environment.region) {
    return 'The plan is for another account or region.';
  }
  if (credentials.task !== 'remediation' || credentials.seconds !== 900) {
    return 'The plan asks for another kind of lease.';
  }
  if (credentials.actions.some((action) => !TASK_ACTIONS.remediation.includes(action))) {
    return 'The plan asks for actions that no remediation has.';
  }
  const [wanted, approved] = [new Set(resources), new Set(credentials.resources)];
  const same = wanted.size === approved.size && [...wanted].every((resource) => approved.has(resource));
  return same ? null : 'The resources asked for are not those of the approved plan.';
}

/** What the chain holds of decisions and leases since the proposal; in words why that cannot be told. */
async function readDecisions(audit: AuditReader, requestHash: string): Promise<readonly StoredRecord[] | string> {
  try {
    return await audit.decisionsAfter(requestHash);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-broken') return error.message;
    throw error;
  }
}

const AGAINST: readonly string[] = ['remediation.rejected', 'remediation.expired', 'remediation.withdrawn'];

/**
 * What else the chain holds of the same proposal that says no, in words; null when nothing does. However it came to be
 * there beside an approval, before it or after it: somebody who said no is not overruled by a record of a yes.
 */
function contradiction(
  audit: AuditReader,
  since: readonly StoredRecord[],
  requestHash: string,
  { incident, remediation }: RemediationPlan,
): string | null {
  for (const { hash, record } of since) {
    const { action, links, target } = record;
    if (!AGAINST.includes(action) || links?.incident !== incident || target.id !== remediation) continue;
    const request = readRecord(audit, hash)?.links?.request;
    // Ids may come again after a lost workspace; a record that does not verify, or names no proposal, counts as a no.
    if (request === undefined || request === requestHash) return `${action} is on record for it.`;
  }
  return null;
}

/**
 * One proposal is one write lease, however many approvals of it there are. The chain remembers, so that restarting the
 * program does not make it usable again; and it is the chain that is asked, not the list of it that is kept for screens.
 */
function isUsed(
  audit: AuditReader,
  since: readonly StoredRecord[],
  approval: string,
  requestHash: string,
  plan: RemediationPlan,
): boolean {
  return since.some(({ record: { action, links } }) => {
    if (action !== 'credential.issued' || links?.approval === undefined) return false;
    if (links.approval === approval) return true;
    if (links.remediation !== plan.remediation) return false;
    const request = readRecord(audit, links.approval)?.links?.request;
    return request === undefined || request === requestHash;
  });
}
