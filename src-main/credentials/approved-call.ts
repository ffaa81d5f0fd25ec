import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import type { AwsCall } from '../platform/aws-calls.ts';
import { canonicalDigest } from '../platform/digest.ts';
import { copyOfDefinition } from './approved-copy.ts';

/** Opens what a digest names, null when it is not at hand; the holder has compared it with the digest. */
export type OpenSource = (digest: string) => unknown;

/** The steps of one approved plan under one lease: each may be sent once, in the plan's order. */
export interface ApprovedSteps {
  /**
   * Whether this call is the step whose turn it is: its operation, on its resource, with its parameters. The cloud could
   * only check the first two; with them alone, a lease approved for a rollback could also scale the service to nothing.
   * A step that is let through is spent, whatever comes of it: nobody knows whether a call without an answer was done.
   * `resource` is the call's own, as resourceOfCall gives it.
   */
  take(call: AwsCall, resource: string): boolean;
  /** What came of a call that was let through; the next step's turn comes only when it succeeded. */
  settle(call: AwsCall, output: object | null): void;
}

export function createApprovedSteps(plan: RemediationPlan, open: OpenSource): ApprovedSteps {
  const results = new Map<string, string>();
  let next = 0;
  let underWay: { readonly call: AwsCall; readonly number: number } | null = null;
  return {
    take: (call, resource) => {
      const step = plan.steps[next];
      if (step === undefined || underWay !== null) return false;
      const matches =
        step.operation === call.operation &&
        coversResource([step.resource], resource) &&
        sameParameters(step, call, results, open);
      if (!matches) return false;
      next += 1;
      underWay = { call, number: next };
      return true;
    },
    settle: (call, output) => {
      if (underWay?.call !== call || output === null) return; // after a failure no step's turn comes any more
      const arn = resultOf(output);
      if (arn !== null) results.set(`$step${underWay.number}.taskDefinition`, arn);
      underWay = null;
    },
  };
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

function sameParameters(
  step: PlanStep,
  { input }: AwsCall,
  results: ReadonlyMap<string, string>,
  open: OpenSource,
): boolean {
  switch (step.operation) {
    case 'ecs:RegisterTaskDefinition': {
      // The plan names the definition by the digest of the evidence; what is sent must be the copy that follows from it.
      const { sourceDigest } = step.parameters;
      const copy = typeof sourceDigest === 'string' ? copyOfDefinition(open(sourceDigest), step.parameters) : null;
      return copy !== null && canonicalDigest(copy).digest === canonicalDigest(input).digest;
    }
    case 'ecs:UpdateService': {
      const sent = Object.entries(input).filter(([, value]) => value !== undefined);
      if (sent.length !== Object.keys(step.parameters).length) return false;
      return sent.every(([name, value]) => sameValue(step.parameters[name], value, results));
    }
  }
}

/** A reference stands for the very ARN an earlier step of this lease was answered with. */
function sameValue(
  planned: PlanStep['parameters'][string] | undefined,
  sent: unknown,
  results: ReadonlyMap<string, string>,
): boolean {
  if (typeof planned !== 'string' || !planned.startsWith('$')) return planned === sent;
  return typeof sent === 'string' && results.get(planned) === sent;
}

/** The task definition an answer names: of RegisterTaskDefinition the new one, of UpdateService the one deployed. */
function resultOf(output: object): string | null {
  const { taskDefinition, service } = output as {
    readonly taskDefinition?: { readonly taskDefinitionArn?: unknown };
    readonly service?: { readonly taskDefinition?: unknown };
  };
  const arn = taskDefinition?.taskDefinitionArn ?? service?.taskDefinition;
  return typeof arn === 'string' ? arn : null;
}
