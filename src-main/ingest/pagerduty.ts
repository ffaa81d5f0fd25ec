import { z } from 'zod';
import type { Severity } from '#shared/model/incident.ts';
import { type Alarm, toTitle } from './alarm.ts';
import { quoteValue, refuseAlarm, refuseShape } from './refuse.ts';
import { AlarmTime } from './time.ts';

/** PagerDuty webhook, version 3 (PagerDuty developer documentation, "Webhooks v3 overview"). */
export const KIND_NAME = 'a PagerDuty webhook (version 3)';

/** Event types after which the incident is open and somebody has to look. */
const OPENING = ['incident.triggered', 'incident.reopened', 'incident.escalated', 'incident.unacknowledged'] as const;
const CLOSED: readonly string[] = ['incident.resolved', 'incident.acknowledged'];

const Payload = z.object({
  event: z.object({
    id: z.string().min(1).max(128),
    event_type: z.enum(OPENING),
    resource_type: z.literal('incident'),
    occurred_at: AlarmTime,
    data: z.object({
      id: z.string().min(1).max(64),
      type: z.literal('incident'),
      status: z.enum(['triggered', 'acknowledged', 'resolved']).optional(),
      title: z.string().min(1).max(4096),
      urgency: z.enum(['high', 'low']),
      created_at: AlarmTime,
      service: z.object({ id: z.string().max(64), summary: z.string().min(1).max(255) }),
      priority: z.object({ summary: z.string().max(64) }).nullish(),
    }),
  }),
});

/** A Map, since the text looked up was written outside: an object also answers to `constructor`. */
const PRIORITIES: ReadonlyMap<string, Severity> = new Map([
  ['P1', 'critical'],
  ['P2', 'high'],
  ['P3', 'medium'],
  ['P4', 'low'],
  ['P5', 'low'],
]);

/** Whether a document means to be this kind. */
export function resembles(value: Readonly<Record<string, unknown>>): boolean {
  return eventOf(value) !== undefined;
}

function eventOf(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const event = value.event;
  return typeof event === 'object' && event !== null && ('event_type' in event || 'resource_type' in event)
    ? (event as Readonly<Record<string, unknown>>)
    : undefined;
}

/**
 * Reads the webhook. The name of the PagerDuty service is looked up among the services of the environments; written as
 * `environment/service` it names the environment too, since PagerDuty knows no AWS account.
 * `bad-input` when a member is wrong or the event does not open an incident.
 */
export function read(value: Readonly<Record<string, unknown>>): Alarm {
  const type = eventOf(value)?.event_type;
  if (typeof type === 'string' && CLOSED.includes(type)) {
    throw refuseAlarm(
      'not-alarming',
      `This is a PagerDuty ${type} event; only ${OPENING.join(', ')} open an incident. Nothing was imported.`,
    );
  }
  if (typeof type === 'string' && !OPENING.some((name) => name === type)) {
    throw refuseAlarm(
      'unknown-kind',
      `This is a PagerDuty event of type ${quoteValue(type)}; expected one of ${OPENING.join(', ')}. Nothing was imported.`,
    );
  }
  const parsed = Payload.safeParse(value);
  if (!parsed.success) throw refuseShape(KIND_NAME, parsed.error);
  const { data } = parsed.data.event;
  if (data.status === 'resolved') {
    throw refuseAlarm('not-alarming', 'The PagerDuty incident is resolved already. Nothing was imported.');
  }
  const [left = '', right] = data.service.summary.split('/', 2);
  return {
    kind: 'pagerduty',
    name: toTitle(data.id, 'PagerDuty incident'),
    title: toTitle(data.title, 'PagerDuty incident'),
    severity: PRIORITIES.get(data.priority?.summary ?? '') ?? (data.urgency === 'high' ? 'high' : 'low'),
    subject: {
      metric: null,
      service: (right ?? left).trim(),
      environment: right === undefined ? null : left.trim(),
      account: null,
      region: null,
    },
    startedAt: data.created_at,
  };
}
