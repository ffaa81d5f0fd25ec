import { z } from 'zod';
import { Digest } from './evidence.ts';
import { MetricKind } from './service-map.ts';

export const Severity = z.enum(['critical', 'high', 'medium', 'low']);
export type Severity = z.infer<typeof Severity>;

export const IncidentStatus = z.enum([
  'open',
  'investigating',
  'awaiting-approval',
  'remediating',
  'resolved', // remediated and its own signal is back in range
  'needs-attention', // a person has to take over: abstained, rejected, failed or not recovered
]);
export type IncidentStatus = z.infer<typeof IncidentStatus>;

export const AlarmKind = z.enum(['eventbridge', 'alertmanager', 'pagerduty']);
export type AlarmKind = z.infer<typeof AlarmKind>;

const Time = z.iso.datetime({ precision: 3 });

/** The signal the incident is about: what post-checks look at. */
export const IncidentSignal = z.strictObject({
  service: z.string().max(256),
  metric: z.string().max(256), // key in the service map
  kind: MetricKind,
});
export type IncidentSignal = z.infer<typeof IncidentSignal>;

/**
 * An incident as the console keeps it. `title` and `alarmName` come from outside: an attacker may have written them, so
 * they are shown as text only.
 */
export const Incident = z.strictObject({
  id: z.string().regex(/^inc-\d{4,}$/),
  title: z.string().min(1).max(500),
  severity: Severity,
  status: IncidentStatus,
  source: z.strictObject({
    kind: AlarmKind,
    alarmName: z.string().max(500),
    payloadDigest: Digest,
    account: z.string().max(64).nullable(),
    region: z.string().max(32).nullable(),
  }),
  environment: z.string().max(64), // which configured environment it belongs to
  signal: IncidentSignal,
  startedAt: Time, // when the trouble began, by the alarm
  openedAt: Time, // when the console learned of it
  investigation: z.string().nullable(), // the latest one
});
export type Incident = z.infer<typeof Incident>;
