import type { ServiceEntry } from '#shared/model/service-map.ts';
import type { Scenario, ScenarioEvent } from '../scenario/load-scenario.ts';
import { type EcsNames, ecsNames } from './ecs-names.ts';
import type { DeploymentRecord, EcsRecords, ServiceRecord, TaskDefinitionRecord } from './ecs-records.ts';
import { stableId } from './stable-id.ts';

const DESIRED_COUNT = 2;

/**
 * Where a recording has no `ecs.json`: each service with an ECS name has two revisions of one task definition, the
 * second deployed at its last recorded deployment and the first before; without a recorded deployment, only the first.
 */
export function recordsFromMap(scenario: Scenario, accountId: string): EcsRecords {
  const names = ecsNames(scenario.map.region, accountId);
  const start = scenario.metrics.times[0] ?? 0;
  const deployed = scenario.map.services.flatMap((entry) =>
    entry.ecs === undefined ? [] : [{ entry, ecs: entry.ecs }],
  );
  const taskDefinitions: TaskDefinitionRecord[] = [];
  const services: ServiceRecord[] = [];
  for (const { entry, ecs } of deployed) {
    const family = `${ecs.cluster}-${ecs.service}`.replace(/[^A-Za-z0-9_-]/g, '-');
    const arn = names.service(ecs.cluster, ecs.service);
    const last = scenario.events.findLast((event) => event.kind === 'deployment' && event.service === entry.name);
    const starts = last === undefined ? [start] : [start, last.time];
    const deployments: DeploymentRecord[] = [];
    for (const [index, createdAt] of starts.entries()) {
      const revision = index + 1;
      const detail = index === 0 ? undefined : last;
      taskDefinitions.push(taskDefinition(scenario, entry, family, revision, createdAt, names, detail));
      deployments.push({
        id: `ecs-svc/${stableId(arn, revision).slice(0, 19)}`,
        taskDefinition: names.taskDefinition(family, revision),
        createdAt,
        recorded: undefined,
        desiredCount: DESIRED_COUNT,
      });
    }
    services.push({
      name: ecs.service,
      cluster: ecs.cluster,
      arn,
      mapName: entry.name,
      members: { launchType: 'FARGATE', schedulingStrategy: 'REPLICA' },
      deployments,
      events: [],
      scaling: [],
    });
  }
  const clusters = [...new Set(deployed.map(({ ecs }) => ecs.cluster))];
  return {
    clusters: clusters.map((name) => ({ name, arn: names.cluster(name), members: { status: 'ACTIVE' } })),
    services,
    taskDefinitions,
    tasks: [],
  };
}

function taskDefinition(
  scenario: Scenario,
  entry: ServiceEntry,
  family: string,
  revision: number,
  registeredAt: number,
  names: EcsNames,
  deployment: ScenarioEvent | undefined,
): TaskDefinitionRecord {
  const recordedImage = deployment?.detail.image;
  const image = typeof recordedImage === 'string' ? recordedImage : `${scenario.map.system}/${entry.name}:${revision}`;
  return {
    arn: names.taskDefinition(family, revision),
    family,
    revision,
    status: 'ACTIVE',
    registeredAt,
    members: {
      containerDefinitions: [{ name: entry.name, image, essential: true, cpu: 0, environment: [] }],
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '512',
      memory: '1024',
    },
  };
}
