import type { IncidentSignal } from '#shared/model/incident.ts';
import type { MetricKind, MetricRef, ServiceEntry, ServiceMap } from '#shared/model/service-map.ts';
import type { Alarm, AlarmSubject } from './alarm.ts';
import { quoteValue, refuseAlarm } from './refuse.ts';

/** What is known of an environment when an alarm is placed. */
export interface KnownEnvironment {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly map: ServiceMap;
}

export interface PlacedAlarm {
  readonly environment: string;
  readonly signal: IncidentSignal;
}

/** The metric an incident is judged by when the alarm names only a service: what its users feel comes first. */
const MOST_TELLING: readonly MetricKind[] = [
  'latency',
  'errors',
  'availability',
  'requests',
  'cpu',
  'memory',
  'disk',
  'network',
  'other',
];
const MOST_LISTED = 20;

/**
 * Finds the environment, service and metric an alarm is about: account and region first, then the metric by namespace,
 * name and dimensions, then the service by name. `bad-input` saying what is known when that leads nowhere or to two places.
 */
export function resolveSignal(alarm: Alarm, environments: readonly KnownEnvironment[]): PlacedAlarm {
  const candidates = environments.filter((environment) => belongs(alarm.subject, environment));
  if (candidates.length === 0) {
    const known = environments.map(({ id, account, region }) => `${id} (account ${account}, ${region})`);
    throw refuseAlarm(
      'unknown-account',
      `The alarm is of ${whereOf(alarm.subject)}, which is none of the configured environments: ${listOf(known)}. Nothing was imported.`,
    );
  }
  const places = candidates.flatMap((environment) => {
    const found = findMetric(alarm.subject, environment.map) ?? findByService(alarm.subject, environment.map);
    return found === undefined ? [] : [{ environment: environment.id, signal: found }];
  });
  const [place, other] = places;
  if (place === undefined) {
    const services = [...new Set(candidates.flatMap(({ map }) => map.services.map((service) => service.name)))];
    throw refuseAlarm(
      'unknown-service',
      `The alarm is about ${subjectText(alarm.subject)}, which no service of the map has. Known services: ${listOf(services)}. Nothing was imported.`,
    );
  }
  if (other !== undefined) {
    const ids = places.map(({ environment }) => environment);
    throw refuseAlarm(
      'ambiguous-service',
      `The service ${quoteValue(place.signal.service)} is in several environments: ${listOf(ids)}. ${howToTell(alarm)} Nothing was imported.`,
    );
  }
  return place;
}

function belongs(subject: AlarmSubject, environment: KnownEnvironment): boolean {
  return (
    (subject.account === null || subject.account === environment.account) &&
    (subject.region === null || subject.region === environment.region) &&
    (subject.environment === null || subject.environment === environment.id)
  );
}

function findMetric(subject: AlarmSubject, map: ServiceMap): IncidentSignal | undefined {
  const { metric } = subject;
  if (metric === null) return undefined;
  for (const service of map.services) {
    if (subject.service !== null && subject.service !== service.name) continue;
    const match = service.metrics.find((ref) => isMetric(ref, metric, subject.service !== null));
    if (match !== undefined) return { service: service.name, metric: match.key, kind: match.kind };
  }
  return undefined;
}

/** With a service given, the metric's name or its key is enough; without one, dimensions must be the same too. */
function isMetric(ref: MetricRef, metric: NonNullable<AlarmSubject['metric']>, serviceKnown: boolean): boolean {
  if (serviceKnown && (ref.key === metric.name || ref.name === metric.name)) return true;
  if (ref.namespace !== metric.namespace || ref.name !== metric.name) return false;
  const names = Object.keys(ref.dimensions);
  return (
    names.length === Object.keys(metric.dimensions).length &&
    names.every((name) => ref.dimensions[name] === metric.dimensions[name])
  );
}

function findByService(subject: AlarmSubject, map: ServiceMap): IncidentSignal | undefined {
  const service = map.services.find((entry) =>
    subject.service === null ? isDeployedAs(entry, subject) : entry.name === subject.service,
  );
  const telling = MOST_TELLING.flatMap((kind) => service?.metrics.filter((ref) => ref.kind === kind) ?? []);
  const sameName = telling.find((ref) => ref.name === subject.metric?.name);
  const ref = sameName ?? telling[0];
  return service === undefined || ref === undefined
    ? undefined
    : { service: service.name, metric: ref.key, kind: ref.kind };
}

/** A metric the map does not list, of an ECS service it does (dimensions ClusterName and ServiceName). */
function isDeployedAs(entry: ServiceEntry, subject: AlarmSubject): boolean {
  const { ClusterName, ServiceName } = subject.metric?.dimensions ?? {};
  return entry.ecs !== undefined && entry.ecs.cluster === ClusterName && entry.ecs.service === ServiceName;
}

function whereOf(subject: AlarmSubject): string {
  const parts = [
    ...(subject.environment === null ? [] : [`environment ${quoteValue(subject.environment)}`]),
    ...(subject.account === null ? [] : [`account ${quoteValue(subject.account)}`]),
    ...(subject.region === null ? [] : [`region ${quoteValue(subject.region)}`]),
  ];
  return parts.length === 0 ? 'no environment' : parts.join(', ');
}

function subjectText(subject: AlarmSubject): string {
  if (subject.service !== null) return `the service ${quoteValue(subject.service)}`;
  if (subject.metric === null) return 'no service and no metric';
  const dimensions = Object.entries(subject.metric.dimensions).map(([name, value]) => `${name}=${value}`);
  return `the metric ${quoteValue(`${subject.metric.namespace ?? '?'}/${subject.metric.name} ${dimensions.join(',')}`)}`;
}

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, MOST_LISTED).join(', ');
  return names.length > MOST_LISTED ? `${shown} and ${names.length - MOST_LISTED} more` : shown;
}

function howToTell(alarm: Alarm): string {
  switch (alarm.kind) {
    case 'eventbridge':
      return 'Their accounts and regions must differ.';
    case 'alertmanager':
      return 'Add a label account_id or environment.';
    case 'pagerduty':
      return 'Name the PagerDuty service environment/service.';
  }
}
