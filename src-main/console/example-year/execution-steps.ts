import { agent } from './cast.ts';
import { type Happening, MINUTE, of, SECOND, timeOf } from './happening.ts';
import { linksOf } from './investigation-steps.ts';
import { type ExampleLease, leaseIssued, leaseRevoked, systemCalled } from './lease-steps.ts';
import { arnOf } from './plan.ts';
import type { Proposal } from './remediation-steps.ts';
import { policyDecided, type Stage } from './stage.ts';

export interface Carrying {
  readonly digest: string;
  readonly proposed: string;
  readonly approval: string;
  readonly at: number;
}

/** One step under a write lease, and the look at the signal ten minutes later. */
export function carriedOut(stage: Stage, work: Proposal, { digest, proposed, approval, at }: Carrying) {
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
