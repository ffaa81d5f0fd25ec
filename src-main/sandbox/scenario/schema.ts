import { z } from 'zod';
import { ServiceMap } from '#shared/model/service-map.ts';

const UtcTime = z.iso.datetime({ offset: true });

/** What the incident's metrics do after a remediation of a root-cause service. */
export const RemediationEffect = z.enum(['recover', 'relapse', 'none']);
export type RemediationEffect = z.infer<typeof RemediationEffect>;

/** A change to a running service, as the cloud sees it. */
export const RemediationKind = z.enum(['rollback', 'restart', 'scale']);
export type RemediationKind = z.infer<typeof RemediationKind>;

export const ScenarioIncident = z.strictObject({
  title: z.string().min(1).max(512),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  service: z.string().min(1),
  metric: z.string().min(1),
  startedAt: UtcTime,
  endedAt: UtcTime.nullable(),
});
export type ScenarioIncident = z.infer<typeof ScenarioIncident>;

export const ScenarioTruth = z.strictObject({
  rootCause: z.array(z.string().min(1)).max(500),
  metric: z.string().min(1).nullish(),
  remediation: z.string().min(1).max(64).nullish(),
});
export type ScenarioTruth = z.infer<typeof ScenarioTruth>;

/** `scenario.json`: the service map, the incident, and the truth that is never served. */
export const ScenarioFile = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/i),
    title: z.string().min(1).max(512),
    system: ServiceMap.shape.system,
    faultFamily: z.string().min(1).max(64),
    region: ServiceMap.shape.region,
    services: ServiceMap.shape.services,
    calls: ServiceMap.shape.calls,
    incident: ScenarioIncident,
    truth: ScenarioTruth,
    effects: z
      .strictObject({
        rollback: RemediationEffect.optional(),
        restart: RemediationEffect.optional(),
        scale: RemediationEffect.optional(),
      })
      .optional(),
  })
  .superRefine((scenario, context) => {
    const complain = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path });
    const services = new Set<string>();
    const keys = new Set<string>();
    const deployments = new Set<string>();
    scenario.services.forEach((service, index) => {
      if (services.has(service.name)) complain(`service '${service.name}' is listed twice`, 'services', index);
      services.add(service.name);
      const deployment = service.ecs === undefined ? undefined : `${service.ecs.cluster}/${service.ecs.service}`;
      if (deployment !== undefined) {
        if (deployments.has(deployment)) complain(`two services run as ${deployment}`, 'services', index, 'ecs');
        deployments.add(deployment);
      }
      for (const metric of service.metrics) {
        if (keys.has(metric.key)) complain(`metric key '${metric.key}' is used twice`, 'services', index, 'metrics');
        keys.add(metric.key);
      }
    });
    const { incident, truth } = scenario;
    if (!services.has(incident.service)) complain(`'${incident.service}' is not a service`, 'incident', 'service');
    if (!keys.has(incident.metric)) complain(`'${incident.metric}' is not a metric key`, 'incident', 'metric');
    if (incident.endedAt !== null && Date.parse(incident.endedAt) < Date.parse(incident.startedAt)) {
      complain('the incident ends before it starts', 'incident', 'endedAt');
    }
    for (const name of truth.rootCause) if (!services.has(name)) complain(`'${name}' is not a service`, 'truth');
  });
export type ScenarioFile = z.infer<typeof ScenarioFile>;

export const LogLine = z.strictObject({
  time: UtcTime,
  service: z.string().min(1),
  message: z.string().max(262_144),
  stream: z
    .string()
    .regex(/^[^:*]{1,512}$/)
    .optional(),
});

export const ScenarioEventLine = z.strictObject({
  time: UtcTime,
  service: z.string().min(1),
  kind: z.enum(['deployment', 'scaling', 'task-stopped', 'config']),
  detail: z.record(z.string(), z.unknown()),
});
