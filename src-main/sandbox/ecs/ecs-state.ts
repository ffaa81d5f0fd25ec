import type { Scenario } from '../scenario/load-scenario.ts';
import type { Timeline } from '../telemetry/timeline.ts';
import { ecsNames, shortName } from './ecs-names.ts';
import type { AwsMembers, ClusterRecord, ServiceRecord, TaskDefinitionRecord, TaskRecord } from './ecs-records.ts';
import { recordsFromFile } from './from-file.ts';
import { recordsFromMap } from './from-map.ts';
import { withRecordedEvents } from './recorded-events.ts';
import {
  primaryDeployment,
  remediationKind,
  type ServiceChange,
  withDesiredCount,
  withNewDeployment,
} from './service-changes.ts';

/** The ECS of one account: what was recorded, and what has been changed since the start. */
export interface EcsState {
  readonly clusters: readonly ClusterRecord[];
  cluster(nameOrArn: string): ClusterRecord | undefined;
  services(cluster: string): readonly ServiceRecord[];
  service(cluster: string, nameOrArn: string): ServiceRecord | undefined;
  readonly tasks: readonly TaskRecord[];
  /** `family` (its newest active revision), `family:revision` or ARN. */
  taskDefinition(reference: string): TaskDefinitionRecord | undefined;
  register(family: string, members: AwsMembers, now: number): TaskDefinitionRecord;
  update(service: ServiceRecord, change: ServiceChange, now: number): ServiceRecord;
}

export function createEcsState(scenario: Scenario, accountId: string, timeline: Timeline): EcsState {
  const names = ecsNames(scenario.map.region, accountId);
  const recorded =
    scenario.ecs === undefined
      ? recordsFromMap(scenario, accountId)
      : recordsFromFile(scenario.ecs, scenario, accountId);
  const records = withRecordedEvents(recorded, scenario);
  const services = new Map(records.services.map((service) => [service.arn, service]));
  const definitions = new Map(records.taskDefinitions.map((definition) => [definition.arn, definition]));
  const newest = (family: string, activeOnly: boolean) =>
    [...definitions.values()]
      .filter((known) => known.family === family && (!activeOnly || known.status === 'ACTIVE'))
      .reduce<TaskDefinitionRecord | undefined>(
        (best, known) => (best === undefined || known.revision > best.revision ? known : best),
        undefined,
      );
  const taskDefinition = (reference: string) => {
    if (reference.startsWith('arn:')) return definitions.get(reference);
    const [family = '', revision] = reference.split(':');
    return revision === undefined ? newest(family, true) : definitions.get(names.taskDefinition(family, revision));
  };
  /** Root causes healed by a rollback, with the revision they were rolled back from. */
  const rolledBackFrom = new Map<string, string>();
  return {
    clusters: records.clusters,
    cluster: (nameOrArn) => records.clusters.find((cluster) => cluster.arn === nameOrArn || cluster.name === nameOrArn),
    services: (cluster) => [...services.values()].filter((service) => service.cluster === cluster),
    service: (cluster, nameOrArn) => {
      const service = services.get(names.service(cluster, shortName(nameOrArn)));
      return nameOrArn.startsWith('arn:') && service?.arn !== nameOrArn ? undefined : service;
    },
    tasks: records.tasks,
    taskDefinition,
    register: (family, members, now) => {
      const revision = (newest(family, false)?.revision ?? 0) + 1;
      const arn = names.taskDefinition(family, revision);
      const record: TaskDefinitionRecord = { arn, family, revision, status: 'ACTIVE', registeredAt: now, members };
      definitions.set(arn, record);
      return record;
    },
    update: (service, change, now) => {
      const current = primaryDeployment(service, now);
      const kind = remediationKind(current, change, service, now, taskDefinition);
      const deploys = change.forceNewDeployment || change.taskDefinition !== current.taskDefinition;
      const updated = deploys ? withNewDeployment(service, change, now) : withDesiredCount(service, change, now);
      services.set(service.arn, updated);
      if (scenario.truth.rootCause.includes(service.mapName ?? '')) {
        if (kind !== undefined) {
          timeline.applyEffect(now, scenario.effects[kind]);
          if (kind === 'rollback') rolledBackFrom.set(service.arn, current.taskDefinition);
        } else if (rolledBackFrom.get(service.arn) === change.taskDefinition) {
          timeline.applyFault(now);
        }
      }
      return updated;
    },
  };
}
