import type { RemediationKind } from '../scenario/schema.ts';
import { shortName } from './ecs-names.ts';
import type { DeploymentRecord, ServiceRecord, TaskDefinitionRecord } from './ecs-records.ts';
import { stableId, stableUuid } from './stable-id.ts';

/** What UpdateService asks of a service, complete. */
export interface ServiceChange {
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly forceNewDeployment: boolean;
}

/** The deployment that has most recently begun at `now`. */
export function primaryDeployment(service: ServiceRecord, now: number): DeploymentRecord {
  const begun = service.deployments.findLast((deployment) => deployment.createdAt <= now);
  const deployment = begun ?? service.deployments[0];
  if (deployment === undefined) throw new TypeError(`service ${service.arn} has no deployment`);
  return deployment;
}

/** The number of tasks wanted at `now`: the last of deployment and recorded or requested scaling. */
export function desiredCountAt(service: ServiceRecord, now: number): number {
  const deployment = primaryDeployment(service, now);
  const scaled = service.scaling.findLast((step) => step.at <= now);
  return scaled !== undefined && scaled.at >= deployment.createdAt ? scaled.desiredCount : deployment.desiredCount;
}

/**
 * What a change amounts to: back to an earlier revision (or a new one with an earlier one's content) is a rollback, the
 * same revision deployed anew a restart, more tasks of it a scaling. Anything else is an ordinary deployment.
 */
export function remediationKind(
  current: DeploymentRecord,
  change: ServiceChange,
  service: ServiceRecord,
  now: number,
  lookUp: (reference: string) => TaskDefinitionRecord | undefined,
): RemediationKind | undefined {
  if (change.taskDefinition === current.taskDefinition) {
    if (change.forceNewDeployment) return 'restart';
    return change.desiredCount > desiredCountAt(service, now) ? 'scale' : undefined;
  }
  const from = lookUp(current.taskDefinition);
  const to = lookUp(change.taskDefinition);
  if (from === undefined || to === undefined || from.family !== to.family) return undefined;
  if (to.revision < from.revision) return 'rollback';
  for (let revision = from.revision - 1; revision > 0; revision -= 1) {
    const earlier = lookUp(`${from.family}:${revision}`);
    if (earlier !== undefined && sameContent(earlier, to)) return 'rollback';
  }
  return undefined;
}

/** What makes two revisions run the same thing. */
function sameContent(a: TaskDefinitionRecord, b: TaskDefinitionRecord): boolean {
  const content = ({ members }: TaskDefinitionRecord) =>
    sortedJson([members.containerDefinitions, members.cpu, members.memory, members.volumes ?? []]);
  return content(a) === content(b);
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export function withNewDeployment(service: ServiceRecord, change: ServiceChange, now: number): ServiceRecord {
  const sequence = service.deployments.length;
  const id = `ecs-svc/${stableId(service.arn, 'update', now, sequence).slice(0, 19)}`;
  const begun = service.deployments.filter((deployment) => deployment.createdAt <= now);
  const message = `(service ${service.name}) (deployment ${id}) deployment started: ${shortName(change.taskDefinition)}.`;
  return {
    ...service,
    // What the recording would deploy later does not happen any more.
    deployments: [
      ...begun,
      {
        id,
        taskDefinition: change.taskDefinition,
        createdAt: now,
        recorded: undefined,
        desiredCount: change.desiredCount,
      },
    ],
    events: [...service.events, { id: stableUuid(service.arn, 'update', now, sequence), createdAt: now, message }],
  };
}

export function withDesiredCount(service: ServiceRecord, change: ServiceChange, now: number): ServiceRecord {
  const message = `(service ${service.name}) has set desired count to ${change.desiredCount}.`;
  return {
    ...service,
    scaling: [...service.scaling.filter((step) => step.at <= now), { at: now, desiredCount: change.desiredCount }],
    events: [...service.events, { id: stableUuid(service.arn, 'scale', now), createdAt: now, message }],
  };
}
