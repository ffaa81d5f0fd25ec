import { planDigest } from '#main/investigation/remediation/plan-digest.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import { ACCOUNT, CLUSTER, REGION } from './cast.ts';
import type { Content } from './content.ts';
import { MINUTE } from './happening.ts';

export interface PlanTerms {
  readonly remediation: string;
  readonly incident: string;
  readonly investigation: string;
  readonly service: string;
  readonly metric: string;
}

export const arnOf = (service: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${CLUSTER}/${service}`;

/** The plan of a made-up remediation: another revision, or a restart. */
export function examplePlan(
  content: Content,
  terms: PlanTerms,
): { readonly plan: RemediationPlan; readonly digest: string } {
  const { remediation, incident, investigation, service, metric } = terms;
  const kind = content.chance(0.6) ? 'rollback' : 'restart';
  const revision = content.int(12, 90);
  const [now, then] = [`${service}:${revision}`, `${service}:${revision - 1}`];
  const step = {
    operation: 'ecs:UpdateService' as const,
    resource: arnOf(service),
    parameters: {
      cluster: CLUSTER,
      service,
      taskDefinition: kind === 'rollback' ? then : now,
      ...(kind === 'restart' ? { forceNewDeployment: true } : {}),
    },
    changes:
      kind === 'rollback'
        ? [{ field: 'taskDefinition', before: now, after: then }]
        : [{ field: 'forceNewDeployment', before: null, after: 'true' }],
  };
  const plan: RemediationPlan = {
    version: 1,
    remediation,
    incident,
    investigation,
    hypothesis: 'h-1',
    kind,
    summary:
      kind === 'rollback'
        ? `Synthetic: roll ${service} back from ${now} to ${then}.`
        : `Synthetic: restart ${service} with the task definition it runs, ${now}.`,
    account: ACCOUNT,
    region: REGION,
    steps: [step],
    blastRadius: {
      service,
      cluster: CLUSTER,
      tasks: content.int(2, 12),
      callers: ['example-frontend'],
      summary: `Tasks of ${service} are replaced one after another; called by example-frontend.`,
    },
    wayBack:
      kind === 'rollback'
        ? {
            summary: `Deploy ${now} again; this plan leaves it registered.`,
            steps: [
              {
                ...step,
                parameters: { cluster: CLUSTER, service, taskDefinition: now },
                changes: [{ field: 'taskDefinition', before: then, after: now }],
              },
            ],
          }
        : { summary: 'Nothing to undo: the same task definition runs before and after.', steps: [] },
    postCheck: {
      service,
      metric,
      waitMs: 10 * MINUTE,
      summary: `After 10 minutes ${metric} of ${service} is read again and compared with its usual range.`,
    },
    credentials: { task: 'remediation', seconds: 900, actions: ['ecs:UpdateService'], resources: [arnOf(service)] },
    evidence: [content.digest(), content.digest()],
  };
  return { plan, digest: planDigest(plan) };
}
