import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import type { AwsCall } from '../platform/aws-calls.ts';

/**
 * Whether a call is a step of the approved plan: its operation, on its resource, with its parameters. The cloud could only
 * check the first two; with them alone, a lease approved for a rollback could also scale the service to nothing.
 * `resource` is the call's own, as resourceOfCall gives it.
 */
export function isApprovedCall(plan: RemediationPlan, call: AwsCall, resource: string): boolean {
  return plan.steps.some(
    (step) =>
      step.operation === call.operation &&
      coversResource([step.resource], resource) &&
      sameParameters(plan, step, call),
  );
}

/**
 * Whether the approved resources cover this one. A registered task definition is a new revision by nature, so that its
 * family decides; everything else must be named exactly.
 */
export function coversResource(approved: readonly string[], resource: string): boolean {
  const family = familyOf(resource);
  return approved.some((arn) => (family === undefined ? arn === resource : familyOf(arn) === family));
}

function familyOf(arn: string): string | undefined {
  return /^(arn:[^:]+:ecs:[^:]*:\d{12}:task-definition\/[^:*?]+)(:(\*|\d+))?$/.exec(arn)?.[1];
}

function sameParameters(plan: RemediationPlan, step: PlanStep, { input }: AwsCall): boolean {
  switch (step.operation) {
    case 'ecs:RegisterTaskDefinition':
      // The plan names the definition by the digest of the evidence it is copied from; its family is in the resource.
      return true;
    case 'ecs:UpdateService': {
      const sent = Object.entries(input).filter(([, value]) => value !== undefined);
      if (sent.length !== Object.keys(step.parameters).length) return false;
      return sent.every(([name, value]) => sameValue(plan, step.parameters[name], value));
    }
  }
}

/** A reference to an earlier step's result stands for a task definition of an approved family. */
function sameValue(plan: RemediationPlan, planned: PlanStep['parameters'][string] | undefined, sent: unknown): boolean {
  if (typeof planned !== 'string' || !planned.startsWith('$')) return planned === sent;
  return typeof sent === 'string' && familyOf(sent) !== undefined && coversResource(plan.credentials.resources, sent);
}
