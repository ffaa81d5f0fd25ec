import type { EcsSpec, ScenarioSpec, ServiceSpec } from './spec.ts';
import { imageTag, registeredAt } from './versions.ts';

/**
 * The sandbox puts the account id in place of this word, so that a recording belongs to no account. Kept in one place
 * because a real account id must never get into shipped data.
 */
export const ACCOUNT = '{account}';

export function ecsArn(spec: ScenarioSpec, resource: string): string {
  return `arn:aws:ecs:${spec.topology.region}:${ACCOUNT}:${resource}`;
}

/** The environment of a revision: the fault's own settings hold from the faulty revision on. */
function environmentOf(spec: ScenarioSpec, service: ServiceSpec, ecs: EcsSpec, revision: number) {
  const { fault } = spec;
  const changed =
    fault.family !== 'healthy' && fault.service === service.name && 'environment' in fault && revision === ecs.revision
      ? fault.environment
      : {};
  return Object.entries({ ...ecs.environment, ...changed })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}

/** One task definition in the shape DescribeTaskDefinition answers (times as RFC 3339). */
export function describeTaskDefinition(spec: ScenarioSpec, service: ServiceSpec, ecs: EcsSpec, revision: number) {
  const { region, cluster, system } = spec.topology;
  const { name } = service;
  const faulty = spec.fault.family !== 'healthy' && spec.fault.service === name;
  const inactive = spec.previousDeregistered && faulty && revision === ecs.revision - 1;
  const role = (kind: string) => `arn:aws:iam::${ACCOUNT}:role/${system}-${kind}`;
  return {
    taskDefinitionArn: ecsArn(spec, `task-definition/${name}:${revision}`),
    family: name,
    revision,
    status: inactive ? 'INACTIVE' : 'ACTIVE',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    compatibilities: ['EC2', 'FARGATE'],
    cpu: ecs.cpu,
    memory: ecs.memory,
    ...(spec.taskRoles ? { executionRoleArn: role('task-execution'), taskRoleArn: role(`${name}-task`) } : {}),
    containerDefinitions: [
      {
        name,
        image: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/${system}/${name}:${imageTag(spec, name, revision)}`,
        cpu: Number(ecs.cpu),
        memory: Number(ecs.memory),
        essential: true,
        portMappings: [{ containerPort: ecs.port, hostPort: ecs.port, protocol: 'tcp' }],
        environment: environmentOf(spec, service, ecs, revision),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${cluster}/${name}`,
            'awslogs-region': region,
            'awslogs-stream-prefix': 'ecs',
          },
        },
      },
    ],
    volumes: [],
    placementConstraints: [],
    registeredAt: new Date(registeredAt(spec, name, revision)).toISOString(),
    ...(inactive
      ? { deregisteredAt: new Date(registeredAt(spec, name, ecs.revision) + 45 * 60_000).toISOString() }
      : {}),
  };
}
