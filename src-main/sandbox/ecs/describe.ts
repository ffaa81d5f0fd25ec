import { ROLLOUT } from '../telemetry/timeline.ts';
import type { EcsNames } from './ecs-names.ts';
import type { ClusterRecord, DeploymentRecord, ServiceRecord, TaskDefinitionRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import { desiredCountAt, primaryDeployment } from './service-changes.ts';

/** ECS answers carry times as epoch seconds; recordings have RFC 3339 strings in members named …At. */
function withWireTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWireTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === 'string' && key.endsWith('At') && !Number.isNaN(Date.parse(member))
        ? Date.parse(member) / 1000
        : withWireTimes(member),
    ]),
  );
}

export function describeCluster(state: EcsState, cluster: ClusterRecord, now: number): Record<string, unknown> {
  const services = state.services(cluster.name);
  const running = services.reduce((sum, service) => sum + runningCount(service, now), 0);
  return {
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    ...members(cluster.members),
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    activeServicesCount: services.length,
    runningTasksCount: running,
    pendingTasksCount: services.reduce((sum, service) => sum + pendingCount(service, now), 0),
  };
}

/** ECS lists the newest hundred events. */
const MAX_EVENTS = 100;

export function describeService(service: ServiceRecord, names: EcsNames, now: number) {
  const primary = primaryDeployment(service, now);
  return {
    status: 'ACTIVE',
    ...members(service.members),
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: names.cluster(service.cluster),
    taskDefinition: primary.taskDefinition,
    desiredCount: desiredCountAt(service, now),
    // While a deployment rolls out, the tasks it replaces still run.
    runningCount: isRolling(service, now)
      ? (replacedDeployment(service, now)?.desiredCount ?? 0)
      : runningCount(service, now),
    pendingCount: pendingCount(service, now),
    deployments: describeDeployments(service, now),
    events: service.events
      .filter((event) => event.createdAt <= now)
      .toReversed()
      .slice(0, MAX_EVENTS)
      .map((event) => ({ ...event, createdAt: event.createdAt / 1000 })),
  };
}

/** The primary deployment first; while it rolls out, the one it replaces is still active. */
function describeDeployments(service: ServiceRecord, now: number): readonly object[] {
  const primary = primaryDeployment(service, now);
  const rolling = isRolling(service, now);
  const replaced = replacedDeployment(service, now);
  const active = rolling && replaced !== undefined ? [describeDeployment(service, replaced, 'ACTIVE', now)] : [];
  return [describeDeployment(service, primary, 'PRIMARY', now), ...active];
}

function replacedDeployment(service: ServiceRecord, now: number): DeploymentRecord | undefined {
  return service.deployments.filter((deployment) => deployment.createdAt <= now).at(-2);
}

function describeDeployment(
  service: ServiceRecord,
  deployment: DeploymentRecord,
  status: 'PRIMARY' | 'ACTIVE',
  now: number,
): Record<string, unknown> {
  const desired = status === 'PRIMARY' ? desiredCountAt(service, now) : 0;
  const rolling = status === 'PRIMARY' && isRolling(service, now);
  const running = status === 'PRIMARY' ? runningCount(service, now) : deployment.desiredCount;
  return {
    launchType: service.members.launchType ?? 'FARGATE',
    failedTasks: 0,
    updatedAt: (rolling ? deployment.createdAt : Math.min(now, deployment.createdAt + ROLLOUT)) / 1000,
    rolloutState: rolling ? 'IN_PROGRESS' : 'COMPLETED',
    rolloutStateReason: `ECS deployment ${deployment.id} ${rolling ? 'in progress' : 'completed'}.`,
    ...members(deployment.recorded ?? {}),
    id: deployment.id,
    status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: desired,
    runningCount: running,
    pendingCount: status === 'PRIMARY' ? pendingCount(service, now) : 0,
    createdAt: deployment.createdAt / 1000,
  };
}

/** Whether the primary deployment is still replacing tasks; of a recorded one ecs.json itself says how far it is. */
export function isRolling(service: ServiceRecord, now: number): boolean {
  const { createdAt, recorded } = primaryDeployment(service, now);
  return recorded === undefined && now >= createdAt && now - createdAt < ROLLOUT;
}

function runningCount(service: ServiceRecord, now: number): number {
  if (isRolling(service, now)) return 0;
  return recordedCount(service, now, 'runningCount') ?? desiredCountAt(service, now);
}

function pendingCount(service: ServiceRecord, now: number): number {
  if (isRolling(service, now)) return desiredCountAt(service, now);
  return recordedCount(service, now, 'pendingCount') ?? 0;
}

/** Whether the primary deployment is one made since the start and not a recorded one. */
export function isReplaced(service: ServiceRecord, now: number): boolean {
  return primaryDeployment(service, now).recorded === undefined;
}

/** What ecs.json counted, as long as neither a deployment nor scaling has come after it. */
function recordedCount(service: ServiceRecord, now: number, member: string): number | undefined {
  if (isReplaced(service, now) || service.scaling.some((step) => step.at <= now)) return undefined;
  const count = service.members[member];
  return typeof count === 'number' ? count : undefined;
}

export function describeTaskDefinition(definition: TaskDefinitionRecord): Record<string, unknown> {
  return {
    volumes: [],
    placementConstraints: [],
    ...members(definition.members),
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: definition.status,
    registeredAt: definition.registeredAt / 1000,
  };
}

export function members(value: object): Record<string, unknown> {
  return withWireTimes(value) as Record<string, unknown>;
}
