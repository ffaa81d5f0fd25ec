import { DECIDE_WITHIN_MS, EXECUTE_WITHIN_MS } from '#main/approvals/judge-approval.ts';
import { seal } from '#main/audit/seal.ts';
import { APPROVAL_RULE } from '#main/policy/engine.ts';
import type { Severity } from '#shared/model/incident.ts';
import { actorOf, agent, deviceOf, ENVIRONMENT, type Player, system } from './cast.ts';
import { deliveryOf, sending } from './deliveries.ts';
import { carriedOut } from './execution-steps.ts';
import { type Happening, MINUTE, of, SECOND, timeOf } from './happening.ts';
import { type ExampleCase, linksOf } from './investigation-steps.ts';
import { examplePlan } from './plan.ts';
import { policyDecided, type Stage } from './stage.ts';

/** What becomes of a proposal. */
export type Fate = 'recovered' | 'not-recovered' | 'failed' | 'rejected' | 'expired';

export interface Proposal extends ExampleCase {
  readonly remediation: string;
  readonly metric: string;
  readonly severity: Severity;
  readonly requester: Player;
  /** Others than the requester, in the order they decide. */
  readonly approvers: readonly Player[];
  readonly fate: Fate;
  /** Approved by one alone in an emergency; somebody else looks at it so much later. */
  readonly breakGlass: { readonly reviewedAfter: number; readonly reviewer: Player } | null;
}

const WORDS = {
  approve: [
    'Synthetic: the revision before ran without errors, and the plan goes back to it.',
    'Synthetic: a restart is harmless here and the queue is growing.',
    'Synthetic: I compared the two revisions; nothing else changes.',
  ],
  reject: ['Synthetic: the deployment is being repaired; it stays as it is.'],
} as const;

/** Proposed, told to who may decide, decided, carried out and looked at afterwards. Returns also when it is over. */
export function remediationSteps(
  stage: Stage,
  work: Proposal,
  at: number,
): { readonly steps: readonly Happening[]; readonly end: number } {
  const { content } = stage;
  const { plan, digest } = examplePlan(content, work);
  const proposed = `proposed-${work.remediation}`;
  const links = { ...linksOf(work), remediation: work.remediation };
  const target = { type: 'remediation', id: work.remediation };
  const required = work.severity === 'critical' ? 2 : 1;
  const steps: Happening[] = [
    policyDecided(stage, at, {
      rule: 'propose',
      principal: 'Agent::remediator',
      action: 'proposeRemediation',
      resource: { type: 'Remediation', id: work.remediation },
      actor: agent('remediator'),
      onBehalfOf: work.onBehalfOf,
      links,
    }),
    {
      at: at + 30,
      name: proposed,
      input: of<'remediation.proposed'>({
        action: 'remediation.proposed',
        outcome: 'success',
        actor: agent('remediator'),
        onBehalfOf: work.onBehalfOf,
        target,
        links,
        data: {
          plan,
          planDigest: digest,
          rule: APPROVAL_RULE,
          policyVersion: stage.policyVersion,
          expiresAt: timeOf(at + 30 + DECIDE_WITHIN_MS),
          severity: work.severity,
          environment: ENVIRONMENT,
          environmentKind: 'aws',
          approvalsRequired: required,
          executeWithinMs: EXECUTE_WITHIN_MS,
        },
      }),
    },
    ...work.approvers.map((approver, index) => delivered(work, approver, digest, at + SECOND + index * 400)),
  ];
  if (work.fate === 'expired') {
    const expiredAt = at + 30 + DECIDE_WITHIN_MS;
    steps.push({
      at: expiredAt + 2 * SECOND,
      needs: [proposed],
      input: (past) =>
        of<'remediation.expired'>({
          action: 'remediation.expired',
          outcome: 'denied',
          actor: system('approvals'),
          target,
          links: { ...links, request: past.hash(proposed) },
          data: { planDigest: digest, expiredAt: timeOf(expiredAt), reason: 'timeout' },
        }),
    });
    return { steps, end: expiredAt + 2 * SECOND };
  }
  const deciders =
    work.breakGlass === null && work.fate !== 'rejected'
      ? work.approvers.slice(0, required)
      : work.approvers.slice(0, 1);
  let decided = at;
  let approval = '';
  for (const [index, approver] of deciders.entries()) {
    decided += content.int(2, 9) * MINUTE + content.int(0, 59) * SECOND;
    approval = `approved-${work.remediation}-${index}`;
    steps.push(...decision(stage, work, { approver, digest, proposed, name: approval, at: decided }));
  }
  if (work.fate === 'rejected') return { steps, end: decided + SECOND };
  const carried = carriedOut(stage, work, { digest, proposed, approval, at: decided + 2 * SECOND });
  steps.push(...carried.steps, ...review(stage, work, approval, decided));
  return { steps, end: carried.end };
}

function delivered(work: Proposal, to: Player, planDigest: string, at: number): Happening {
  const target = { type: 'remediation', id: work.remediation };
  const told = { to, subject: 'approval-request', target, links: linksOf(work) };
  return {
    at,
    input: of<'notification.approval_request_delivered'>({
      ...sending(told),
      action: 'notification.approval_request_delivered',
      outcome: 'success',
      data: { ...deliveryOf(told), planDigest },
    }),
  };
}

interface DecisionTerms {
  readonly approver: Player;
  readonly digest: string;
  readonly proposed: string;
  readonly name: string;
  readonly at: number;
}

function decision(
  stage: Stage,
  work: Proposal,
  { approver, digest, proposed, name, at }: DecisionTerms,
): readonly Happening[] {
  const { content, cast } = stage;
  const rejects = work.fate === 'rejected';
  const alone = work.breakGlass !== null;
  const links = { ...linksOf(work), remediation: work.remediation };
  const { id } = approver;
  return [
    policyDecided(stage, at, {
      rule: alone ? 'break-glass' : APPROVAL_RULE,
      principal: `User::${id}`,
      action: alone ? 'breakGlass' : rejects ? 'rejectRemediation' : 'approveRemediation',
      resource: { type: 'Remediation', id: work.remediation },
      actor: actorOf(approver),
      links,
    }),
    {
      at: at + 60,
      name,
      needs: [proposed],
      input: (past) =>
        of<'remediation.approved' | 'remediation.rejected'>({
          action: rejects ? 'remediation.rejected' : 'remediation.approved',
          outcome: 'success',
          actor: { type: 'user', id, name: seal(id, approver.name) },
          target: { type: 'remediation', id: work.remediation },
          links: { ...links, request: past.hash(proposed) },
          device: deviceOf(cast),
          data: {
            planDigest: digest,
            justification: seal(id, content.pick(WORDS[rejects ? 'reject' : 'approve'])),
            channel: 'dialog',
            rule: APPROVAL_RULE,
            policyVersion: stage.policyVersion,
            reauthentication: 'password',
            ...(alone
              ? { breakGlass: seal(id, 'Synthetic: nobody else could be reached, and orders were failing.') }
              : {}),
          },
        }),
    },
  ];
}

function review({ cast }: Stage, work: Proposal, approval: string, decided: number): readonly Happening[] {
  if (work.breakGlass === null) return [];
  const { reviewer, reviewedAfter } = work.breakGlass;
  const [approver] = work.approvers;
  const { id } = reviewer;
  return [
    {
      at: decided + reviewedAfter,
      needs: [approval, `proposed-${work.remediation}`],
      input: ({ hash }) =>
        of<'tenant.protection_change_approved'>({
          action: 'tenant.protection_change_approved',
          outcome: 'success',
          actor: { type: 'user', id, name: seal(id, reviewer.name) },
          target: { type: 'remediation', id: work.remediation },
          links: {
            ...linksOf(work),
            remediation: work.remediation,
            request: hash(`proposed-${work.remediation}`),
            approval: hash(approval),
          },
          device: deviceOf(cast),
          data: {
            change: 'break-glass-review',
            changeDigest: hash(approval),
            justification: seal(id, 'Synthetic: it could not wait, and the plan was the right one.'),
            ...(approver === undefined ? {} : { requestedBy: approver.id }),
            request: hash(approval),
            reauthentication: 'password',
          },
        }),
    },
  ];
}
