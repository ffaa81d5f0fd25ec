import type { EcsFile } from '../scenario/ecs-file.ts';
import type { Scenario } from '../scenario/load-scenario.ts';
import { adoptArns, ecsNames, shortName } from './ecs-names.ts';
import type { EcsRecords, ServiceRecord } from './ecs-records.ts';

/** The records of `ecs.json`; ARNs become this account's, and what the file leaves out follows from the names. */
export function recordsFromFile(file: EcsFile, scenario: Scenario, accountId: string): EcsRecords {
  const names = ecsNames(scenario.map.region, accountId);
  const { clusters, services, taskDefinitions, tasks } = adoptArns(file, accountId);
  const startedAt = Date.parse(scenario.incident.startedAt);
  return {
    clusters: clusters.map((members) => ({
      name: members.clusterName,
      arn: names.cluster(members.clusterName),
      members,
    })),
    services: services.map((members): ServiceRecord => {
      const cluster = shortName(members.clusterArn);
      const name = members.serviceName;
      return {
        name,
        cluster,
        arn: names.service(cluster, name),
        members,
        mapName: scenario.map.services.find(({ ecs }) => ecs?.cluster === cluster && ecs.service === name)?.name,
        deployments: members.deployments
          .map((deployment) => ({
            id: deployment.id,
            taskDefinition: deployment.taskDefinition,
            createdAt: Date.parse(deployment.createdAt),
            recorded: deployment,
            desiredCount: members.desiredCount,
          }))
          .sort((a, b) => a.createdAt - b.createdAt),
        events: members.events.map(({ id, createdAt, message }) => ({ id, createdAt: Date.parse(createdAt), message })),
        scaling: [],
      };
    }),
    taskDefinitions: taskDefinitions.map((members) => ({
      arn: names.taskDefinition(members.family, members.revision),
      family: members.family,
      revision: members.revision,
      status: members.status,
      registeredAt: members.registeredAt === undefined ? startedAt : Date.parse(members.registeredAt),
      members,
    })),
    tasks: tasks.map((members) => ({
      arn: members.taskArn,
      cluster: shortName(members.clusterArn),
      group: members.group,
      members,
    })),
  };
}
