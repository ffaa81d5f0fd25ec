import { z } from 'zod';

/** What a metric measures; decides which detector judges it and what counts as worse. */
export const MetricKind = z.enum([
  'latency',
  'errors',
  'availability',
  'requests',
  'cpu',
  'memory',
  'disk',
  'network',
  'other',
]);
export type MetricKind = z.infer<typeof MetricKind>;

/** One CloudWatch metric of a service; `key` names it inside the map. */
export const MetricRef = z.strictObject({
  key: z.string().min(1).max(256),
  kind: MetricKind,
  namespace: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
  dimensions: z.record(z.string().min(1).max(255), z.string().min(1).max(1024)),
  stat: z.string().min(1).max(32),
  unit: z.string().min(1).max(32),
});
export type MetricRef = z.infer<typeof MetricRef>;

export const ServiceEntry = z.strictObject({
  name: z.string().min(1).max(256),
  ecs: z.strictObject({ cluster: z.string().min(1).max(255), service: z.string().min(1).max(255) }).optional(),
  logGroup: z.string().min(1).max(512).optional(),
  metrics: z.array(MetricRef).max(200),
});
export type ServiceEntry = z.infer<typeof ServiceEntry>;

/** The observed system: its services, what they emit, and who calls whom ([caller, callee]). */
export const ServiceMap = z.strictObject({
  system: z.string().min(1).max(128),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  services: z.array(ServiceEntry).min(1).max(500),
  calls: z.array(z.tuple([z.string(), z.string()])).max(10_000),
});
export type ServiceMap = z.infer<typeof ServiceMap>;
