import type { RelativeMinute, ScenarioSpec } from './spec.ts';

const DAY_MS = 86_400_000;

/** Relative minutes at which this service was deployed, oldest first; the fault's own deployment is among them. */
export function listDeployedAt(spec: ScenarioSpec, service: string): readonly RelativeMinute[] {
  const minutes = spec.background.flatMap((item) =>
    item.kind === 'deployment' && item.service === service ? [item.at] : [],
  );
  if ('deployedAt' in spec.fault && spec.fault.service === service) minutes.push(spec.fault.deployedAt);
  return minutes.sort((a, b) => a - b);
}

/**
 * When a revision was registered (milliseconds since the epoch): three minutes before its deployment where that was
 * recorded, else a number of weeks earlier that depends only on service and revision.
 */
export function registeredAt(spec: ScenarioSpec, service: string, revision: number): number {
  const newest = spec.topology.services.find((item) => item.name === service)?.ecs?.revision ?? revision;
  const recorded = listDeployedAt(spec, service);
  const start = Date.parse(spec.incident.startedAt);
  const minute = recorded[recorded.length - 1 - (newest - revision)];
  if (minute !== undefined) return start + (minute - 3) * 60_000;
  const age = newest - recorded.length - revision;
  const days = 6 + ((service.length * 7 + newest * 3) % 9) + age * (5 + (newest % 6));
  return start - days * DAY_MS - ((service.length * 53 + revision * 17) % 300) * 60_000;
}

/** Image tag of a revision: the date it was built. */
export function imageTag(spec: ScenarioSpec, service: string, revision: number): string {
  return new Date(registeredAt(spec, service, revision)).toISOString().slice(0, 10).replaceAll('-', '.');
}
