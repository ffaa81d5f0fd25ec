import type { MetricRef } from '#shared/model/service-map.ts';
import { stableUuid } from './ecs/stable-id.ts';
import type { Scenario } from './scenario/load-scenario.ts';
import { worseIsLower } from './telemetry/healthiest.ts';
import type { Sample, ServedData } from './telemetry/served-data.ts';
import { HOUR, MINUTE } from './telemetry/timeline.ts';

/** The alarm goes off this long after the incident began; the account's telemetry time starts there. */
export const ALARM_DELAY = 5 * MINUTE;
const EVALUATED = 3;

/**
 * The Amazon EventBridge event "CloudWatch Alarm State Change" for the scenario's incident. The threshold lies half-way
 * between what the metric normally shows and what it showed in the three minutes that were evaluated.
 */
export function alarmEvent(scenario: Scenario, accountId: string, data: ServedData): Readonly<Record<string, unknown>> {
  const startedAt = Date.parse(scenario.incident.startedAt);
  const at = startedAt + ALARM_DELAY;
  const metric = incidentMetric(scenario);
  const before = data.samples(metric.key, startedAt - 6 * HOUR, startedAt, at);
  const recent = data.samples(metric.key, startedAt, at, at).slice(-EVALUATED);
  const lower = worseIsLower(metric.kind);
  const threshold = chooseThreshold(before, recent, lower);
  const alarmName = `${scenario.map.system}-${metric.key}`.replace(/[^A-Za-z0-9_.-]/g, '-');
  const id = (purpose: string) => stableUuid(scenario.id, purpose);
  return {
    version: '0',
    id: id('alarm-event'),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: accountId,
    time: new Date(at).toISOString().replace('.000Z', 'Z'),
    region: scenario.map.region,
    resources: [`arn:aws:cloudwatch:${scenario.map.region}:${accountId}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: {
        value: 'ALARM',
        reason: describeCrossing(recent, threshold, lower),
        reasonData: JSON.stringify({
          version: '1.0',
          queryDate: alarmTime(at),
          startDate: alarmTime(recent[0]?.time ?? startedAt),
          ...(isStandard(metric.stat) ? { statistic: metric.stat } : { extendedStatistic: metric.stat }),
          period: 60,
          recentDatapoints: recent.map((sample) => sample.value),
          threshold,
          evaluatedDatapoints: recent
            .toReversed()
            .map((sample) => ({ timestamp: alarmTime(sample.time), value: sample.value })),
        }),
        timestamp: alarmTime(at),
      },
      previousState: { value: 'OK', timestamp: alarmTime(startedAt - 6 * HOUR) },
      configuration: {
        description: scenario.incident.title,
        metrics: [
          {
            id: id('alarm-metric'),
            metricStat: {
              metric: { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions },
              period: 60,
              stat: metric.stat,
            },
            returnData: true,
          },
        ],
      },
    },
  };
}

function incidentMetric(scenario: Scenario): MetricRef {
  const metric = scenario.map.services
    .flatMap((service) => service.metrics)
    .find((known) => known.key === scenario.incident.metric);
  if (metric === undefined) throw new TypeError(`metric ${scenario.incident.metric} is not declared`);
  return metric;
}

function chooseThreshold(before: readonly Sample[], recent: readonly Sample[], lower: boolean): number {
  const values = recent.map((sample) => sample.value);
  const mildest = lower ? Math.max(...values) : Math.min(...values);
  if (values.length === 0) return 0;
  const sorted = before.map((sample) => sample.value).sort((a, b) => a - b);
  const usual = sorted[sorted.length >> 1] ?? mildest;
  const middle = Number(((usual + mildest) / 2).toPrecision(2));
  const crossed = lower ? mildest < middle : mildest > middle;
  // A recording without a visible change still has an alarm that went off.
  return crossed ? middle : mildest - (lower ? -1 : 1) * Math.max(Math.abs(mildest) * 0.01, 1e-6);
}

function describeCrossing(recent: readonly Sample[], threshold: number, lower: boolean): string {
  const count = recent.length;
  const points = recent
    .toReversed()
    .map((sample) => `${sample.value} (${shortTime(sample.time)})`)
    .join(', ');
  const relation = lower ? 'less' : 'greater';
  return `Threshold Crossed: ${count} out of the last ${count} datapoints [${points}] were ${relation} than the threshold (${threshold}) (minimum ${count} datapoints for OK -> ALARM transition).`;
}

function isStandard(stat: string): boolean {
  return ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'].includes(stat);
}

/** CloudWatch's own form of an instant inside the detail: milliseconds and a numeric offset. */
function alarmTime(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** dd/mm/yy hh:mm:ss, as in the reason text. */
function shortTime(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)}`;
}
