import { CausewayError } from '#shared/errors.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import type { ApprovalRules } from '../approvals/approval-rules.ts';
import { completing, executeBy, onePerHuman, requiredFor } from '../approvals/approval-set.ts';
import {
  type Approval,
  type ApprovalFault,
  judgeApproval,
  type ProposalOnRecord,
  readProposal,
} from '../approvals/judge-approval.ts';
import type { StoredRecord } from '../audit/store.ts';
import { canonicalDigest } from '../platform/digest.ts';
import type { AuditReader } from '../policy/audit-port.ts';
import type { QuorumTerms } from '../policy/request.ts';
import type { CloudEnvironment } from './environment.ts';
import type { LeaseRequest } from './lease.ts';
import { TASK_ACTIONS } from './session-policy.ts';

export type ApprovalRefusal =
  | ApprovalFault
  | 'no-approval'
  | 'quorum-not-reached'
  | 'approver-twice'
  | 'execution-expired'
  | 'approval-used'
  | 'decided-otherwise'
  | 'resources-differ';

/** `planDigest` is computed from the plan on record, `approvedPlanDigest` is what the people approved. */
export type ApprovalFacts =
  | {
      readonly verified: true;
      readonly plan: RemediationPlan;
      readonly planDigest: string;
      readonly approvedPlanDigest: string;
      /** What the policy decides on whether it may be carried out; all of it from the chain. */
      readonly execution: ApprovedExecution;
    }
  | {
      readonly verified: false;
      readonly reason: ApprovalRefusal;
      readonly detail: string;
      /** As far as known. */
      readonly planDigest?: string;
      readonly approvedPlanDigest?: string;
    };

/** What of a request for a write lease is compared with what was approved. */
export interface ApprovedRequest extends Pick<LeaseRequest, 'incident' | 'investigation' | 'resources' | 'approval'> {
  readonly environment: Pick<CloudEnvironment, 'id' | 'kind' | 'account' | 'region'>;
}

export interface ApprovedExecution extends QuorumTerms {
  /** How many different humans approved. */
  readonly approvals: number;
  readonly breakGlass: boolean;
}

/**
 * Whether the chain holds as many approvals as the policy asks for, each given in time by another human than the requester
 * and by a human of its own, under the policies still in force, of exactly the plan this lease is for, and not used yet.
 * Everything is read from verified records; nothing is believed of the request.
 * @param now epoch milliseconds
 */
export async function checkApproval(
  audit: AuditReader,
  request: ApprovedRequest,
  now: number,
  rules: ApprovalRules,
): Promise<ApprovalFacts> {
  const digests: { planDigest?: string; approvedPlanDigest?: string } = {};
  const no = (reason: ApprovalRefusal, detail: string) => ({ ...digests, verified: false as const, reason, detail });

  if (request.approval === undefined) return no('no-approval', 'The request names no approval.');
  const { hash, remediation } = request.approval;
  const named = readRecord(audit, hash);
  if (named === null) return no('approval-not-genuine', 'There is no record with this hash that verifies.');
  const approvedPlanDigest = named.data.planDigest;
  if (typeof approvedPlanDigest === 'string' && named.action === 'remediation.approved') {
    digests.approvedPlanDigest = approvedPlanDigest;
  }
  const requestHash = named.links?.request ?? '';
  const record = readRecord(audit, requestHash);
  const proposal = record === null ? null : readProposal(requestHash, record);
  if (proposal === null) return no('approval-not-genuine', 'The approval does not point at a proposal that verifies.');
  const { plan } = proposal.data;
  const planDigest = canonicalDigest(plan).digest;
  digests.planDigest = planDigest;
  const judged = judgeApproval(hash, named, proposal, rules, now);
  if (!judged.counts) return no(judged.fault, judged.detail);
  const mismatch = differentPlan(plan, named, remediation, request);
  if (mismatch !== null) return no('wrong-plan', `The approval is for another ${mismatch}.`);

  const since = await readDecisions(audit, requestHash);
  if (typeof since === 'string') return no('approval-not-genuine', since);
  const weighed = weigh(audit, since, judged.approval, proposal, rules, now);
  if ('reason' in weighed) return no(weighed.reason, weighed.detail);
  const against = contradiction(audit, since, requestHash, plan);
  if (against !== null) return no('decided-otherwise', against);
  if (isUsed(audit, since, hash, requestHash, plan)) {
    return no('approval-used', 'A write lease was already issued for this proposal.');
  }
  const difference = differentTarget(proposal, request) ?? differentCredentials(plan, request);
  if (difference !== null) return no('resources-differ', difference);
  const { severity = UNKNOWN, environmentKind = request.environment.kind } = proposal.data;
  const execution = { ...weighed, severity, environmentKind, kind: plan.kind };
  return { verified: true, plan, planDigest, approvedPlanDigest: proposal.data.planDigest, execution };
}

/** Of proposals of versions that did not say. */
const UNKNOWN = 'unknown';

/**
 * Whether the approvals on record, the named one among them, are enough and still are. One given by breaking the glass
 * counts alone, and for no other.
 */
function weigh(
  audit: AuditReader,
  since: readonly StoredRecord[],
  named: Approval,
  proposal: ProposalOnRecord,
  rules: ApprovalRules,
  now: number,
): Pick<ApprovedExecution, 'approvals' | 'breakGlass'> | { readonly reason: ApprovalRefusal; readonly detail: string } {
  const { breakGlass } = named;
  const all = breakGlass ? [named] : standing(audit, since, proposal, rules, now);
  let required: number;
  try {
    required = breakGlass ? 1 : requiredFor(proposal, rules);
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    return { reason: 'quorum-not-reached', detail: error.message };
  }
  const humans = breakGlass ? 1 : onePerHuman(all).length;
  const last = completing(all, required);
  if (last === null) {
    const given = `${humans} of ${required} people approved.`;
    return all.length >= required
      ? { reason: 'approver-twice', detail: `One human approved more than once: ${given}` }
      : { reason: 'quorum-not-reached', detail: `Not enough people approved: ${given}` };
  }
  if (now <= executeBy(proposal, last)) return { approvals: humans, breakGlass };
  return { reason: 'execution-expired', detail: 'The time to carry out the plan after its approval has passed.' };
}

/** Every ordinary approval of the proposal that counts, from verified records. */
function standing(
  audit: AuditReader,
  since: readonly StoredRecord[],
  proposal: ProposalOnRecord,
  rules: ApprovalRules,
  now: number,
): readonly Approval[] {
  return since.flatMap(({ hash, record: { action } }) => {
    const record = action === 'remediation.approved' ? readRecord(audit, hash) : null;
    if (record === null || record.links?.request !== proposal.hash) return [];
    const judged = judgeApproval(hash, record, proposal, rules, now);
    return judged.counts && !judged.approval.breakGlass ? [judged.approval] : [];
  });
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
  { incident, investigation }: ApprovedRequest,
): string | null {
  if (plan.remediation !== remediation || approval.links?.remediation !== remediation) return 'remediation';
  if (plan.incident !== incident) return 'incident';
  return plan.investigation === investigation ? null : 'investigation';
}

/** What an approval is for is one environment of one kind; another of the same account is another target. */
function differentTarget({ data }: ProposalOnRecord, { environment }: ApprovedRequest): string | null {
  const same =
    (data.environment ?? environment.id) === environment.id &&
    (data.environmentKind ?? environment.kind) === environment.kind;
  return same ? null : 'The plan is for another environment.';
}

function differentCredentials(plan: RemediationPlan, { environment, resources }: ApprovedRequest): string | null {
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
