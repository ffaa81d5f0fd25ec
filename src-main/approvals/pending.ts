import { CausewayError } from '#shared/errors.ts';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Principal } from '../identity/principal.ts';
import type { Clock } from '../platform/clock.ts';
import type { ApprovalRules } from './approval-rules.ts';
import { onePerHuman, requiredFor } from './approval-set.ts';
import type { Approvers } from './approvers.ts';
import { checkProposal } from './check-proposal.ts';
import { type Approval, judgeApproval, type ProposalOnRecord, requestingHumans } from './judge-approval.ts';
import { whyNotApprove } from './refuse-approval.ts';

interface Needs {
  readonly audit: Pick<AuditStore, 'getVerified'>;
  readonly people: Approvers;
  readonly rules: ApprovalRules;
  readonly clock: Clock;
}

type Facts = Omit<PendingApproval, 'incident' | 'remediation' | 'requestedByName'>;

/** What the dialog says of a waiting proposal to one person; approvals that do not count any more are not told of. */
export function pendingFor(needs: Needs, by: Principal, remediation: Remediation): Facts {
  const { audit, people, rules } = needs;
  const humans = new Set(people.eligible().map(({ human }) => human));
  const mayBreakGlass = by.type === 'user' && people.may(by, 'approvals.break-glass');
  try {
    // incident and investigation are not what is compared
    const proposal = checkProposal(audit, { remediation, incident: '', investigation: '' });
    for (const human of requestingHumans(proposal.record, rules)) humans.delete(human);
    const approvals = onePerHuman(standingOf(needs, proposal, remediation));
    const permitted = people.may(by, 'approvals.decide');
    const why = whyNotApprove(by, permitted, proposal.record, { approvals }, rules);
    return {
      required: requiredFor(proposal, rules),
      eligible: humans.size,
      given: approvals.map(({ by: id, at, hash }) => ({ by: id, name: nameOf(people, id), at, record: hash })),
      mayNotDecide: why?.text ?? null,
      mayBreakGlass,
    };
  } catch (error) {
    // Neither can be approved: a plan that is not the one on record, or that no policy lets be carried out.
    if (!(error instanceof CausewayError)) throw error;
    const { required } = remediation;
    const mayNotDecide = error.message.slice(0, 500);
    return { required, eligible: humans.size, given: [], mayNotDecide, mayBreakGlass: false };
  }
}

function standingOf(
  { audit, rules, clock }: Needs,
  proposal: ProposalOnRecord,
  { approvals }: Remediation,
): readonly Approval[] {
  return approvals.flatMap(({ record: hash }) => {
    const stored = audit.getVerified(hash);
    if (stored === null) return [];
    const judged = judgeApproval(hash, stored.record, proposal, rules, clock.now());
    return judged.counts ? [judged.approval] : [];
  });
}

function nameOf(people: Approvers, id: string): string {
  return people.nameOf(id).slice(0, 100);
}
