import type { Random } from './random.ts';
import type { EcsSpec, ScenarioSpec, ServiceSpec } from './spec.ts';
import { describeTaskDefinition, ecsArn } from './task-definitions.ts';
import { type Fleet, type Task, tasksAt } from './tasks.ts';
import type { Timeline } from './timeline.ts';
import { registeredAt } from './versions.ts';

/** Stopped tasks stay visible in ECS for about an hour. */
const STOPPED_VISIBLE_MINUTES = 60;
const SUBNETS = ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'] as const;

interface EcsInput {
  readonly spec: ScenarioSpec;
  readonly timeline: Timeline;
  readonly fleet: Fleet;
  readonly random: Random;
}

/** ecs.json: what ECS answers at the moment the incident starts, in its own shapes. */
export function describeEcs(input: EcsInput) {
  const { spec, timeline, fleet } = input;
  const deployed = spec.topology.services.flatMap((service) =>
    service.ecs === undefined ? [] : [{ service, ecs: service.ecs }],
  );
  const tasks = fleet.tasks.filter(
    (task) =>
      task.from <= timeline.incident &&
      (task.to === undefined || task.to > timeline.incident - STOPPED_VISIBLE_MINUTES),
  );
  return {
    clusters: [
      {
        clusterArn: ecsArn(spec, `cluster/${spec.topology.cluster}`),
        clusterName: spec.topology.cluster,
        status: 'ACTIVE',
        registeredContainerInstancesCount: 0,
        runningTasksCount: deployed.reduce((sum, { service }) => sum + countRunning(input, service.name), 0),
        pendingTasksCount: 0,
        activeServicesCount: deployed.length,
        capacityProviders: ['FARGATE'],
      },
    ],
    services: deployed.map(({ service, ecs }) => describeService(input, service, ecs)),
    taskDefinitions: deployed.flatMap(({ service, ecs }) => [
      describeTaskDefinition(spec, service, ecs, ecs.revision - 1),
      describeTaskDefinition(spec, service, ecs, ecs.revision),
    ]),
    tasks: tasks.map((task) => describeTask(input, task)),
  };
}

function countRunning({ fleet, timeline }: EcsInput, service: string): number {
  return tasksAt(fleet, service, timeline.incident).length;
}

function describeService(input: EcsInput, service: ServiceSpec, ecs: EcsSpec) {
  const { spec, timeline, fleet } = input;
  const { cluster } = spec.topology;
  const { name } = service;
  const draws = input.random.fork(`ecs/${name}`);
  const past = fleet.deployments.filter((item) => item.service === name && item.index <= timeline.incident);
  const last = past.at(-1);
  const revision = last?.toRevision ?? ecs.revision;
  const runningCount = countRunning(input, name);
  // A task that was just killed is still wanted.
  const desiredCount = Math.max(runningCount, ecs.tasks);
  const createdAt =
    last === undefined ? registeredAt(spec, name, revision) + 180_000 : Date.parse(timeline.time(last.index));
  const deploymentId =
    last?.id ?? `ecs-svc/${draws.int(1_000_000_000, 9_999_999_999)}${draws.int(100_000_000, 999_999_999)}`;
  return {
    serviceArn: ecsArn(spec, `service/${cluster}/${name}`),
    serviceName: name,
    clusterArn: ecsArn(spec, `cluster/${cluster}`),
    status: 'ACTIVE',
    desiredCount,
    runningCount,
    pendingCount: desiredCount - runningCount,
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    schedulingStrategy: 'REPLICA',
    taskDefinition: ecsArn(spec, `task-definition/${name}:${revision}`),
    deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...SUBNETS],
        securityGroups: [`sg-${draws.hex(17)}`],
        assignPublicIp: 'DISABLED',
      },
    },
    deployments: [
      {
        id: deploymentId,
        status: 'PRIMARY',
        taskDefinition: ecsArn(spec, `task-definition/${name}:${revision}`),
        desiredCount,
        runningCount,
        pendingCount: desiredCount - runningCount,
        failedTasks: 0,
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        createdAt: new Date(createdAt).toISOString(),
        updatedAt: new Date(createdAt + 260_000).toISOString(),
        rolloutState: 'COMPLETED',
        rolloutStateReason: `ECS deployment ${deploymentId} completed.`,
      },
    ],
    events: describeServiceEvents(input, name, createdAt, deploymentId),
    createdAt: new Date(registeredAt(spec, name, Math.max(1, ecs.revision - 30))).toISOString(),
  };
}

/** The service's own messages, newest first as ECS gives them. */
function describeServiceEvents(input: EcsInput, name: string, deployedAt: number, deploymentId: string) {
  const { timeline, fleet } = input;
  const draws = input.random.fork(`ecs-events/${name}`);
  const events: { at: number; message: string }[] = [
    { at: deployedAt + 262_000, message: `(service ${name}) has reached a steady state.` },
    { at: deployedAt + 260_000, message: `(service ${name}) (deployment ${deploymentId}) deployment completed.` },
  ];
  for (const task of fleet.tasks) {
    if (task.service !== name || task.from < 0) continue;
    const started = Date.parse(timeline.time(task.from));
    events.push({ at: started - 40_000, message: `(service ${name}) has started 1 tasks: (task ${task.id}).` });
  }
  const now = Date.parse(timeline.time(timeline.incident));
  return events
    .filter((event) => event.at <= now)
    .sort((a, b) => b.at - a.at)
    .slice(0, 30)
    .map((event) => ({ id: uuid(draws), createdAt: new Date(event.at).toISOString(), message: event.message }));
}

function uuid(draws: Random): string {
  return `${draws.hex(8)}-${draws.hex(4)}-4${draws.hex(3)}-a${draws.hex(3)}-${draws.hex(12)}`;
}

function describeTask({ spec, timeline }: EcsInput, task: Task) {
  const { cluster } = spec.topology;
  const stopped = task.to !== undefined && task.to <= timeline.incident;
  const started = Date.parse(timeline.time(task.from));
  const stoppedAt = stopped ? Date.parse(timeline.time(task.to ?? 0, 12_000)) : undefined;
  const taskArn = ecsArn(spec, `task/${cluster}/${task.id}`);
  const service = spec.topology.services.find((item) => item.name === task.service);
  return {
    taskArn,
    clusterArn: ecsArn(spec, `cluster/${cluster}`),
    taskDefinitionArn: ecsArn(spec, `task-definition/${task.service}:${task.revision}`),
    group: `service:${task.service}`,
    launchType: 'FARGATE',
    lastStatus: stopped ? 'STOPPED' : 'RUNNING',
    desiredStatus: stopped ? 'STOPPED' : 'RUNNING',
    cpu: service?.ecs?.cpu ?? '256',
    memory: service?.ecs?.memory ?? '512',
    createdAt: new Date(started - 40_000).toISOString(),
    startedAt: new Date(started).toISOString(),
    ...(stoppedAt === undefined
      ? {}
      : {
          stoppedAt: new Date(stoppedAt).toISOString(),
          ...(task.stop === undefined ? {} : { stopCode: task.stop.code, stoppedReason: task.stop.reason }),
        }),
    containers: [
      {
        containerArn: ecsArn(spec, `container/${cluster}/${task.id}/${task.service}`),
        taskArn,
        name: task.service,
        lastStatus: stopped ? 'STOPPED' : 'RUNNING',
        ...(stopped && task.stop !== undefined ? { exitCode: task.stop.exitCode } : {}),
      },
    ],
  };
}
