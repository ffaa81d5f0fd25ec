import type { PlanChange, PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { type InspectedService, shortName, splitTaskDefinition, type TaskDefinition } from '../inspection.ts';
import { callersOf, listNames } from './blast-radius.ts';
import type { PlanChoice, PlanContext } from './choose-plan.ts';
import { compareFields } from './definition-fields.ts';

const MINUTE = 60_000;
/** A rolling replacement takes some minutes; then enough one-minute values are needed to judge by. */
const WAIT = 15 * MINUTE;
const LEASE_SECONDS = 900;
const MOST_CHANGES = 30;

/**
 * The service back to the task definition it ran before, or to the revision before where what ran was not seen, which the
 * plan then says. A deregistered one cannot be used by UpdateService: then an
 * identical copy is registered first, taken from the stored answer and bound to the plan by its digest.
 */
export function buildRollback(target: InspectedService, context: PlanContext): PlanChoice {
  const { current, previous } = target;
  if (current === null || previous === null) {
    return none(
      `no task definition that ${target.service} ran before ${shortName(target.taskDefinition)} could be read`,
    );
  }
  const changes = boundChanges(compareFields(current.fields, previous.fields));
  if (previous.active)
    return {
      plan: toPlan(target, current, previous, [update(target, current, previous.arn, changes)], context),
      why: null,
    };
  if (previous.namesRoles) {
    return none(
      `${shortName(previous.arn)} is deregistered and names IAM roles; registering it again needs iam:PassRole, which no remediation lease has`,
    );
  }
  const register: PlanStep = {
    operation: 'ecs:RegisterTaskDefinition',
    resource: `${splitTaskDefinition(previous.arn)?.prefix ?? ''}${previous.family}:*`,
    parameters: {
      family: previous.family,
      copyOf: previous.arn,
      sourceDigest: previous.stored.digest,
      sourcePointer: previous.stored.pointer,
    },
    changes: [
      {
        field: 'task definition',
        before: `${shortName(previous.arn)} (deregistered)`,
        after: 'an identical new revision',
      },
    ],
  };
  const steps = [register, update(target, current, '$step1.taskDefinition', changes)];
  return { plan: toPlan(target, current, previous, steps, context), why: null };
}

/** The list is bounded; that it goes on is said in it. */
function boundChanges(changes: readonly PlanChange[]): readonly PlanChange[] {
  const more = changes.length - MOST_CHANGES;
  if (more <= 0) return changes;
  const rest = { field: `${more} more fields`, before: '(values)', after: '(other values)' };
  return [...changes.slice(0, MOST_CHANGES), rest];
}

function none(why: string): PlanChoice {
  return { plan: null, why: `No roll back is proposed: ${why}.` };
}

function update(
  target: InspectedService,
  current: TaskDefinition,
  taskDefinition: string,
  changes: readonly PlanChange[],
): PlanStep {
  return {
    operation: 'ecs:UpdateService',
    resource: target.arn,
    parameters: { cluster: target.cluster, service: target.arn, taskDefinition },
    changes: [
      {
        field: 'taskDefinition',
        before: shortName(current.arn),
        after: taskDefinition.startsWith('$') ? 'the revision registered in step 1' : shortName(taskDefinition),
      },
      ...changes,
    ],
  };
}

function toPlan(
  target: InspectedService,
  current: TaskDefinition,
  previous: TaskDefinition,
  steps: readonly PlanStep[],
  context: PlanContext,
): RemediationPlan {
  const { service } = target;
  const callers = callersOf(context.map, service);
  const { signal } = context.incident;
  return {
    version: 1,
    remediation: context.remediation,
    incident: context.incident.id,
    investigation: context.investigation,
    hypothesis: context.hypothesis,
    kind: 'rollback',
    summary: `Roll ${service} back from ${shortName(current.arn)} to ${shortName(previous.arn)}${target.previousSeen ? '' : ', the revision before it (not seen running)'}.`,
    account: context.account,
    region: context.region,
    steps: [...steps],
    blastRadius: {
      service,
      cluster: target.cluster,
      tasks: target.desired,
      callers: [...callers],
      summary: `${target.desired} tasks of ${service} are replaced one after another; ${callers.length === 0 ? 'no service calls it' : `called by ${listNames(callers)}`}.`,
    },
    wayBack: buildWayBack(target, current, previous),
    postCheck: {
      service: signal.service,
      metric: signal.metric,
      waitMs: WAIT,
      summary: `After ${WAIT / MINUTE} minutes ${signal.metric} of ${signal.service} is read again and compared with its usual range.`,
    },
    credentials: {
      task: 'remediation',
      seconds: LEASE_SECONDS,
      actions: [...new Set(steps.map((step) => step.operation))].sort(),
      resources: [...new Set(steps.map((step) => step.resource))].sort(),
    },
    evidence: [...new Set([...context.evidence, previous.stored.digest, current.stored.digest])].sort().slice(0, 64),
  };
}

/** UpdateService cannot deploy a deregistered task definition: then there is no way back to promise. */
function buildWayBack(
  target: InspectedService,
  current: TaskDefinition,
  previous: TaskDefinition,
): RemediationPlan['wayBack'] {
  if (!current.active) {
    const summary = `None in one step: ${shortName(current.arn)} is deregistered, so a copy of it would have to be registered and deployed.`;
    return { summary, steps: [] };
  }
  return {
    summary: `Deploy ${shortName(current.arn)} again; this plan leaves it registered.`,
    steps: [
      {
        operation: 'ecs:UpdateService',
        resource: target.arn,
        parameters: { cluster: target.cluster, service: target.arn, taskDefinition: current.arn },
        changes: [
          {
            field: 'taskDefinition',
            before: previous.active ? shortName(previous.arn) : `the copy of ${shortName(previous.arn)}`,
            after: shortName(current.arn),
          },
        ],
      },
    ],
  };
}
