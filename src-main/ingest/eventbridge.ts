import { z } from 'zod';
import { type Alarm, toTitle } from './alarm.ts';
import { quoteValue, refuseAlarm, refuseShape } from './refuse.ts';
import { AlarmTime } from './time.ts';

/**
 * Amazon EventBridge "CloudWatch Alarm State Change" (Amazon CloudWatch User Guide, "Alarm events and EventBridge").
 * Members this program does not use are let through unread: AWS adds new ones without notice.
 */
export const KIND_NAME = 'an Amazon EventBridge "CloudWatch Alarm State Change" event';
const DETAIL_TYPE = 'CloudWatch Alarm State Change';

const MetricStat = z.object({
  metric: z.object({
    namespace: z.string().min(1).max(255),
    name: z.string().min(1).max(255),
    dimensions: z.record(z.string().max(255), z.string().max(1024)).optional(),
  }),
  period: z.int().min(1),
  stat: z.string().min(1).max(64),
});

const Event = z.object({
  version: z.string(),
  id: z.string().min(1).max(128),
  'detail-type': z.literal(DETAIL_TYPE),
  source: z.literal('aws.cloudwatch'),
  account: z.string().regex(/^\d{12}$/, 'must be a 12-digit account id'),
  time: AlarmTime,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region'),
  resources: z.array(z.string().max(2048)).max(100),
  detail: z.object({
    alarmName: z.string().min(1).max(255),
    configuration: z.object({
      description: z.string().max(1024).nullish(),
      metrics: z
        .array(
          z.object({ id: z.string().max(255), metricStat: MetricStat.optional(), returnData: z.boolean().optional() }),
        )
        .min(1)
        .max(500),
    }),
    state: z.object({
      value: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
      timestamp: AlarmTime,
      reason: z.string().max(4096).optional(),
      reasonData: z.string().max(65_536).optional(),
    }),
  }),
});

/** Whether a document means to be this kind: any of its own marks is enough, so that a damaged one is named as such. */
export function resembles(value: Readonly<Record<string, unknown>>): boolean {
  return 'detail-type' in value || value.source === 'aws.cloudwatch';
}

/** Reads the event. `bad-input` when a member is wrong or the alarm is not in state ALARM. */
export function read(value: Readonly<Record<string, unknown>>): Alarm {
  if (typeof value['detail-type'] === 'string' && value['detail-type'] !== DETAIL_TYPE) {
    throw refuseAlarm(
      'unknown-kind',
      `This is an EventBridge event of type ${quoteValue(value['detail-type'])}; expected "${DETAIL_TYPE}". Nothing was imported.`,
    );
  }
  const parsed = Event.safeParse(value);
  if (!parsed.success) throw refuseShape(KIND_NAME, parsed.error);
  const { detail, account, region } = parsed.data;
  if (detail.state.value !== 'ALARM') {
    throw refuseAlarm(
      'not-alarming',
      `The alarm's state is ${detail.state.value}; only a change to ALARM opens an incident. Nothing was imported.`,
    );
  }
  const measured = detail.configuration.metrics.filter((metric) => metric.metricStat !== undefined);
  const metric = (measured.find((candidate) => candidate.returnData === true) ?? measured[0])?.metricStat?.metric;
  if (metric === undefined) {
    throw refuseAlarm(
      'wrong-shape',
      `This looks like ${KIND_NAME}, but detail.configuration.metrics has no metricStat: the alarm names no metric to look at. Nothing was imported.`,
    );
  }
  return {
    kind: 'eventbridge',
    name: toTitle(detail.alarmName, 'CloudWatch alarm'),
    title: toTitle(detail.configuration.description ?? '', toTitle(detail.alarmName, 'CloudWatch alarm')),
    severity: null,
    subject: {
      metric: { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions ?? {} },
      service: null,
      environment: null,
      account,
      region,
    },
    startedAt: beginningOf(detail.state),
  };
}

const ReasonData = z.object({ startDate: AlarmTime });
const LONGEST_EVALUATION = 24 * 60 * 60_000;

/** The trouble began with the first value that was evaluated, not when the alarm had seen enough of them. */
function beginningOf(state: { readonly timestamp: string; readonly reasonData?: string | undefined }): string {
  if (state.reasonData === undefined) return state.timestamp;
  let value: unknown;
  try {
    value = JSON.parse(state.reasonData);
  } catch {
    return state.timestamp; // optional detail for people; without it the alarm's own time is used
  }
  const parsed = ReasonData.safeParse(value);
  if (!parsed.success) return state.timestamp;
  const lead = Date.parse(state.timestamp) - Date.parse(parsed.data.startDate);
  return lead >= 0 && lead <= LONGEST_EVALUATION ? parsed.data.startDate : state.timestamp;
}
