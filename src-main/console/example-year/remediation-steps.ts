import { DECIDE_WITHIN_MS, EXECUTE_WITHIN_MS } from '#main/approvals/judge-approval.ts';
import { seal } from '#main/audit/seal.ts';
import { APPROVAL_RULE } from '#main/policy/engine.ts';
import type { Severity } from '#shared/model/incident.ts';
import { actorOf, agent, deviceOf, ENVIRONMENT, type Player, system } from './cast.ts';
import { deliveryOf, sending } from './deliveries.ts';
import { type Happening, MINUTE, of, SECOND, timeOf } from './happening.ts';
import { type ExampleCase, linksOf } from './investigation-steps.ts';
import { type ExampleLease, leaseIssued, leaseRevoked, systemCalled } from './lease-steps.ts';
import { arnOf, examplePlan } from './plan.ts';
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

interface Carrying {
  readonly digest: string;
  readonly proposed: string;
  readonly approval: string;
  readonly at: number;
}

/** One step under a write lease, and the look at the signal ten minutes later. */
function carriedOut(stage: Stage, work: Proposal, { digest, proposed, approval, at }: Carrying) {
  const { content } = stage;
  const failed = work.fate === 'failed';
  const lease: ExampleLease = {
    id: `lease-${content.hex(8)}`,
    task: 'remediation',
    links: { ...linksOf(work), remediation: work.remediation },
    onBehalfOf: work.onBehalfOf,
    resources: [arnOf(work.service)],
    approved: { planDigest: digest, approval },
  };
  const held = { ...lease, links: { ...lease.links, lease: lease.id } };
  const acting = { actor: agent('remediator'), onBehalfOf: work.onBehalfOf };
  const call = {
    ...acting,
    links: held.links,
    operation: 'ecs:UpdateService',
    resource: arnOf(work.service),
    approval,
  };
  const intent = `intent-${work.remediation}`;
  const target = { type: 'remediation', id: work.remediation };
  const named = (hash: (name: string) => string) => ({
    ...linksOf(work),
    remediation: work.remediation,
    approval: hash(approval),
    request: hash(proposed),
  });
  const step = {
    operation: 'ecs:UpdateService',
    payloadDigest: content.digest(),
    responseDigest: failed ? null : content.digest(),
    code: failed ? 'ThrottlingException' : '200',
    httpStatus: failed ? 400 : 200,
    latencyMs: content.int(80, 900),
  };
  const ended = at + 4 * SECOND;
  const steps: Happening[] = [
    policyDecided(stage, at + 20, {
      rule: 'execute-approved',
      principal: 'Agent::remediator',
      action: 'executeRemediation',
      resource: { type: 'Remediation', id: work.remediation },
      ...acting,
      links: held.links,
    }),
    ...leaseIssued(stage, held, at + 40),
    policyDecided(stage, at + 2 * SECOND, {
      rule: 'change-approved',
      principal: 'Agent::remediator',
      action: 'ecs:UpdateService',
      resource: { type: 'CloudResource', id: arnOf(work.service) },
      ...acting,
      links: held.links,
    }),
    systemCalled(stage, { ...call, at: at + 2 * SECOND + 30, phase: 'intent', name: intent }),
    systemCalled(stage, { ...call, at: at + 3 * SECOND, phase: 'outcome', intent, failed }),
    {
      at: ended,
      needs: [approval, proposed],
      input: ({ hash }) => {
        const common = { ...acting, target, links: named(hash) };
        if (failed) {
          return of<'remediation.execution_failed'>({
            ...common,
            action: 'remediation.execution_failed',
            outcome: 'failure',
            data: {
              planDigest: digest,
              failedStep: 1,
              reason: 'Synthetic: the cloud refused step 1.',
              steps: [step],
              elapsedMs: 3200,
            },
          });
        }
        return of<'remediation.executed'>({
          ...common,
          action: 'remediation.executed',
          outcome: 'success',
          data: { planDigest: digest, steps: [step], elapsedMs: 3200 },
        });
      },
    },
    ...leaseRevoked(stage, held, ended + 100, { calls: 1, reason: failed ? 'task-failed' : 'task-finished' }),
  ];
  if (failed) return { steps, end: ended + 3 * SECOND };
  const checked = ended + 10 * MINUTE;
  const recovered = work.fate === 'recovered';
  steps.push({
    at: checked,
    needs: [approval, proposed],
    input: ({ hash }) =>
      of<'remediation.verified'>({
        action: 'remediation.verified',
        outcome: recovered ? 'success' : 'failure',
        actor: agent('metric-analyst'),
        onBehalfOf: work.onBehalfOf,
        target,
        links: named(hash),
        data: {
          planDigest: digest,
          verdict: recovered ? 'recovered' : 'not-recovered',
          service: work.service,
          metric: work.metric,
          unit: 'ms',
          before: `${content.int(900, 4000)}`,
          after: recovered ? `${content.int(90, 200)}` : `${content.int(800, 2500)}`,
          usualLow: '80',
          usualHigh: '220',
          points: 10,
          from: timeOf(ended),
          to: timeOf(checked),
          evidence: [content.digest()],
        },
      }),
  });
  return { steps, end: checked };
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
