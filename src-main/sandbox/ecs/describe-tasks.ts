import { ROLLOUT } from '../telemetry/timeline.ts';
import { isReplaced, isRolling, members } from './describe.ts';
import type { EcsNames } from './ecs-names.ts';
import type { ServiceRecord, TaskRecord } from './ecs-records.ts';
import type { EcsState } from './ecs-state.ts';
import { desiredCountAt, primaryDeployment } from './service-changes.ts';
import { stableId } from './stable-id.ts';

/**
 * The tasks of a cluster: as recorded, until a service is deployed anew. Services without recorded tasks, and those
 * changed since the start, have one task per desired count of their primary deployment.
 */
export function describeTasks(
  state: EcsState,
  cluster: string,
  names: EcsNames,
  now: number,
): readonly Record<string, unknown>[] {
  const recorded = state.tasks.filter((task) => task.cluster === cluster);
  return [
    ...recorded.map((task) => describeRecordedTask(state, task, now)).filter((task) => task !== undefined),
    ...state.services(cluster).flatMap((service) => madeTasks(service, recorded, names, now)),
  ];
}

function describeRecordedTask(state: EcsState, task: TaskRecord, now: number): Record<string, unknown> | undefined {
  const createdAt = task.members.createdAt;
  if (typeof createdAt === 'string' && Date.parse(createdAt) > now) return undefined;
  const service = state.services(task.cluster).find((known) => task.group === `service:${known.name}`);
  const current = members(task.members);
  if (service === undefined || !isReplaced(service, now) || current.lastStatus === 'STOPPED') return current;
  const primary = primaryDeployment(service, now);
  return {
    ...current,
    desiredStatus: 'STOPPED',
    ...(isRolling(service, now) ? {} : { lastStatus: 'STOPPED', stoppedAt: (primary.createdAt + ROLLOUT) / 1000 }),
    stoppedReason: `Scaling activity initiated by (deployment ${primary.id})`,
  };
}

function madeTasks(
  service: ServiceRecord,
  recorded: readonly TaskRecord[],
  names: EcsNames,
  now: number,
): readonly Record<string, unknown>[] {
  const group = `service:${service.name}`;
  if (!isReplaced(service, now) && recorded.some((task) => task.group === group)) return [];
  const primary = primaryDeployment(service, now);
  const rolling = isRolling(service, now);
  return Array.from({ length: desiredCountAt(service, now) }, (_unused, index) => ({
    taskArn: names.task(service.cluster, stableId(primary.id, index)),
    clusterArn: names.cluster(service.cluster),
    taskDefinitionArn: primary.taskDefinition,
    group,
    launchType: service.members.launchType ?? 'FARGATE',
    startedBy: primary.id,
    desiredStatus: 'RUNNING',
    lastStatus: rolling ? 'PENDING' : 'RUNNING',
    createdAt: primary.createdAt / 1000,
    ...(rolling ? {} : { startedAt: (primary.createdAt + ROLLOUT) / 1000 }),
  }));
}
