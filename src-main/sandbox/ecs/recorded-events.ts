import type { Scenario, ScenarioEvent } from '../scenario/load-scenario.ts';
import type { DeploymentRecord, EcsRecords, ServiceEventRecord, ServiceRecord } from './ecs-records.ts';
import { stableId, stableUuid } from './stable-id.ts';

/** A deployment listed in ecs.json is the one of events.ndjson when it began this close to it. */
const SAME_DEPLOYMENT = 2 * 60_000;

/** Adds the recorded events to the services they happened to: as ECS service events, deployments and desired counts. */
export function withRecordedEvents(records: EcsRecords, scenario: Scenario): EcsRecords {
  // ecs.json says how many tasks were wanted when the incident started: only later scaling changes that.
  const scaledFrom = scenario.ecs === undefined ? Number.NEGATIVE_INFINITY : Date.parse(scenario.incident.startedAt);
  const services = records.services.map((service) => {
    const own = scenario.events.filter((event) => event.service === service.mapName);
    return own.reduce((current, event) => withEvent(current, event, records, scaledFrom), service);
  });
  return { ...records, services };
}

function withEvent(
  service: ServiceRecord,
  event: ScenarioEvent,
  records: EcsRecords,
  scaledFrom: number,
): ServiceRecord {
  switch (event.kind) {
    case 'deployment':
      return withDeployment(service, event, records);
    case 'scaling': {
      const count = event.detail.desiredCount ?? event.detail.toDesired;
      const desired = typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined;
      const message = `(service ${service.name}) has set desired count${desired === undefined ? '' : ` to ${desired}`}.`;
      const scaling =
        desired === undefined || event.time <= scaledFrom ? [] : [{ at: event.time, desiredCount: desired }];
      return { ...addEvent(service, event, message), scaling: [...service.scaling, ...scaling] };
    }
    case 'task-stopped': {
      const reason = event.detail.reason ?? event.detail.stoppedReason;
      const text = typeof reason === 'string' ? `: ${reason}` : '';
      return addEvent(service, event, `(service ${service.name}) has stopped 1 running tasks${text}.`);
    }
    case 'config':
      // ECS has no event for a configuration change outside it.
      return service;
  }
}

function withDeployment(service: ServiceRecord, event: ScenarioEvent, records: EcsRecords): ServiceRecord {
  const known = service.deployments.find((one) => Math.abs(one.createdAt - event.time) <= SAME_DEPLOYMENT);
  const taskDefinition = known?.taskDefinition ?? deployedTaskDefinition(event, records);
  if (taskDefinition === undefined) {
    return addEvent(service, event, `(service ${service.name}) has begun a deployment.`);
  }
  const deployment: DeploymentRecord = known ?? {
    id: `ecs-svc/${stableId(service.arn, event.time).slice(0, 19)}`,
    taskDefinition,
    createdAt: event.time,
    recorded: undefined,
    desiredCount: service.deployments.at(-1)?.desiredCount ?? 1,
  };
  const deployments = [...service.deployments.filter((one) => one !== known), deployment];
  const message = `(service ${service.name}) (deployment ${deployment.id}) deployment started: ${taskDefinition.split('/').at(-1)}.`;
  return {
    ...addEvent(service, event, message),
    deployments: deployments.sort((a, b) => a.createdAt - b.createdAt),
  };
}

/** `detail.taskDefinition` (or `detail.to`) may be an ARN or `family:revision` of a known task definition. */
function deployedTaskDefinition(event: ScenarioEvent, records: EcsRecords): string | undefined {
  const named = event.detail.taskDefinition ?? event.detail.to;
  if (typeof named !== 'string') return undefined;
  const short = named.split('/').at(-1);
  return records.taskDefinitions.find(({ family, revision }) => `${family}:${revision}` === short)?.arn;
}

function addEvent(service: ServiceRecord, event: ScenarioEvent, message: string): ServiceRecord {
  // A recording whose ecs.json already tells of it is not told twice.
  if (service.events.some((known) => Math.abs(known.createdAt - event.time) < 1000)) return service;
  const added: ServiceEventRecord = {
    id: stableUuid(service.arn, event.kind, event.time),
    createdAt: event.time,
    message,
  };
  return { ...service, events: [...service.events, added].sort((a, b) => a.createdAt - b.createdAt) };
}
