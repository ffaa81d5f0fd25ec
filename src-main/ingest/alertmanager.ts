import { z } from 'zod';
import type { Severity } from '#shared/model/incident.ts';
import { type Alarm, toTitle } from './alarm.ts';
import { quoteValue, refuseAlarm, refuseShape } from './refuse.ts';
import { AlarmTime } from './time.ts';

/** Prometheus Alertmanager webhook, data version 4 (Prometheus documentation, "Alerting: webhook receiver"). */
export const KIND_NAME = 'a Prometheus Alertmanager webhook (version 4)';

const Labels = z.record(z.string().max(255), z.string().max(4096));
const Status = z.enum(['firing', 'resolved']);

const Payload = z.object({
  version: z.literal('4'),
  status: Status,
  receiver: z.string().max(255),
  groupLabels: Labels.optional(),
  commonLabels: Labels.default({}),
  commonAnnotations: Labels.default({}),
  alerts: z
    .array(z.object({ status: Status, labels: Labels, annotations: Labels.default({}), startsAt: AlarmTime }))
    .min(1)
    .max(1000),
});

/** A Map, since the text looked up was written outside: an object also answers to `constructor`. */
const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['page', 'critical'],
  ['error', 'high'],
  ['high', 'high'],
  ['warning', 'medium'],
  ['medium', 'medium'],
  ['info', 'low'],
  ['low', 'low'],
  ['none', 'low'],
]);

/** Label names in use for the same thing, the most exact first. */
const SERVICE_LABELS = ['service', 'service_name', 'app', 'job'] as const;
const ACCOUNT_LABELS = ['account_id', 'account', 'aws_account'] as const;
const REGION_LABELS = ['region', 'aws_region'] as const;
const METRIC_LABELS = ['metric', 'metric_name'] as const;

/** Whether a document means to be this kind. */
export function resembles(value: Readonly<Record<string, unknown>>): boolean {
  return 'alerts' in value || 'groupKey' in value || 'commonLabels' in value;
}

/** Reads the webhook: the firing alert that began first. `bad-input` when a member is wrong or nothing fires. */
export function read(value: Readonly<Record<string, unknown>>): Alarm {
  if (value.version !== undefined && value.version !== '4') {
    throw refuseAlarm(
      'wrong-shape',
      `This looks like a Prometheus Alertmanager webhook of version ${quoteValue(value.version)}; expected version "4" (a string). Nothing was imported.`,
    );
  }
  const parsed = Payload.safeParse(value);
  if (!parsed.success) throw refuseShape(KIND_NAME, parsed.error);
  const payload = parsed.data;
  const firing = payload.alerts.filter((alert) => alert.status === 'firing');
  const first = firing.sort((a, b) => (a.startsAt < b.startsAt ? -1 : a.startsAt > b.startsAt ? 1 : 0))[0];
  if (payload.status !== 'firing' || first === undefined) {
    throw refuseAlarm(
      'not-alarming',
      'The alert is resolved; only a firing alert opens an incident. Nothing was imported.',
    );
  }
  const labels = { ...payload.commonLabels, ...first.labels };
  const annotations = { ...payload.commonAnnotations, ...first.annotations };
  const name = labels.alertname ?? 'Alertmanager alert';
  const label = (names: readonly string[]) =>
    names.map((key) => labels[key]).find((text) => text !== undefined) ?? null;
  const metric = label(METRIC_LABELS);
  return {
    kind: 'alertmanager',
    name: toTitle(name, 'Alertmanager alert'),
    title: toTitle(annotations.summary ?? '', toTitle(name, 'Alertmanager alert')),
    severity: SEVERITIES.get((labels.severity ?? '').toLowerCase()) ?? null,
    subject: {
      metric: metric === null ? null : { namespace: labels.namespace ?? null, name: metric, dimensions: {} },
      service: label(SERVICE_LABELS),
      environment: labels.environment ?? null,
      account: label(ACCOUNT_LABELS),
      region: label(REGION_LABELS),
    },
    startedAt: first.startsAt,
  };
}
