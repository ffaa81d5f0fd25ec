import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { MetricRef, ServiceMap } from '#shared/model/service-map.ts';
import { errorName } from '../../platform/aws-calls.ts';
import { claimLevel, isUsual } from '../analysis/claims.ts';
import { measureSeries } from '../analysis/measure.ts';
import type { Series, Signal, SourceSegment } from '../analysis/model.ts';
import { type AgentFinding, type AgentReport, type AgentTools, forEachBounded, parseAnswer } from './agent.ts';

const OPERATION = 'cloudwatch:GetMetricData';
const PERIOD_SECONDS = 60;
/** GetMetricData returns at most 100,800 values an answer. */
const MOST_VALUES = 100_800;
const MOST_PAGES = 40;
const AT_ONCE = 3;
const MOST_LEVEL_FINDINGS = 60;

/** GetMetricData as stored. */
export const MetricDataAnswer = z.object({
  MetricDataResults: z
    .array(
      z.object({
        Id: z.string().max(255),
        Timestamps: z.array(z.string()).default([]),
        Values: z.array(z.number()).default([]),
      }),
    )
    .default([]),
  NextToken: z.string().nullish(),
});

interface Wanted {
  readonly service: string;
  readonly ref: MetricRef;
  /** Id in the request; depends on the map alone. */
  readonly id: string;
}

/** Every metric of a map under the id it is asked for by. */
export function listMetrics(map: ServiceMap): readonly Wanted[] {
  return map.services
    .flatMap((service) => service.metrics.map((ref) => ({ service: service.name, ref })))
    .map((item, index) => ({ ...item, id: `m${index}` }));
}

/**
 * Reads every metric of the map over the whole window, service by service, one-minute periods.
 *
 * @param signal what raised the incident; decides which values count as unusual in the findings.
 */
export async function analyseMetrics(tools: AgentTools, signal: Signal): Promise<AgentReport<readonly Series[]>> {
  const wanted = listMetrics(tools.map);
  const services = [...new Set(wanted.map(({ service }) => service))];
  let done = 0;
  const results = await forEachBounded(services, AT_ONCE, tools.signal, async (service) => {
    tools.say(`Reading metrics of ${service} (${done} of ${services.length} services done).`);
    const own = wanted.filter((item) => item.service === service);
    const series = await readSeries(tools, own, tools.window.from, tools.window.to);
    done += 1;
    return series;
  });
  const series = results.flatMap((result) => (result.ok ? result.value : []));
  const gaps = results.flatMap((result, index) =>
    result.ok ? [] : [`Metrics of ${services[index]} could not be read (${errorName(result.error)}).`],
  );
  const failed = results.find((result) => !result.ok);
  if (series.length === 0 && failed !== undefined && !failed.ok) throw failed.error;
  const values = series.reduce((sum, item) => sum + item.values.length, 0);
  const unusual = levelFindings(series, signal);
  const summary = `${series.length} metrics of ${services.length - gaps.length} services read, ${values} values; ${unusual.length} are unusual since the incident began.`;
  tools.say(summary);
  return { output: series, findings: unusual, gaps, summary };
}

/** Reads one metric, for a check after an action. Empty when the cloud has no value. */
export async function readMetric(tools: AgentTools, key: string): Promise<Series> {
  const wanted = listMetrics(tools.map).filter(({ ref }) => ref.key === key);
  const [series] = await readSeries(tools, wanted, tools.window.from, tools.window.to);
  if (series === undefined) {
    throw new CausewayError('not-found', `The service map has no metric ${key}, so the outcome cannot be checked.`);
  }
  return series;
}

async function readSeries(
  tools: AgentTools,
  wanted: readonly Wanted[],
  from: number,
  to: number,
): Promise<readonly Series[]> {
  const each = Math.max(1, Math.ceil((to - from) / (PERIOD_SECONDS * 1000)));
  const atOnce = Math.max(1, Math.min(500, Math.floor(MOST_VALUES / each)));
  const series: Series[] = [];
  for (let start = 0; start < wanted.length; start += atOnce) {
    series.push(...(await readPages(tools, wanted.slice(start, start + atOnce), from, to)));
  }
  return series;
}

interface Collected {
  readonly times: number[];
  readonly values: number[];
  readonly source: SourceSegment[];
}

async function readPages(
  tools: AgentTools,
  wanted: readonly Wanted[],
  from: number,
  to: number,
): Promise<readonly Series[]> {
  const collected = new Map<string, Collected>(wanted.map(({ id }) => [id, { times: [], values: [], source: [] }]));
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await tools.clients.cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: wanted.map(toQuery),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
      { abortSignal: tools.signal },
    );
    const kept = tools.keep(OPERATION, answer);
    const parsed = parseAnswer(MetricDataAnswer, OPERATION, kept.value);
    parsed.MetricDataResults.forEach((result, index) => {
      const own = collected.get(result.Id);
      if (own === undefined) return;
      const count = Math.min(result.Timestamps.length, result.Values.length);
      for (let row = 0; row < count; row += 1) {
        own.times.push(Date.parse(result.Timestamps[row] ?? ''));
        own.values.push(result.Values[row] ?? Number.NaN);
      }
      if (count > 0) {
        const pointer = `/MetricDataResults/${index}/Values`;
        own.source.push({ digest: kept.digest, pointer, firstRow: 0, count });
      }
    });
    token = parsed.NextToken ?? undefined;
    if (token === undefined) return wanted.map((item) => toSeries(item, collected.get(item.id)));
  }
  throw new CausewayError('cloud-refused', `${OPERATION} gave more than ${MOST_PAGES} pages.`, {
    reason: 'endless-pages',
  });
}

function toQuery({ ref, id }: Wanted): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: ref.namespace,
        MetricName: ref.name,
        Dimensions: Object.entries(ref.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: PERIOD_SECONDS,
      Stat: ref.stat,
    },
    ReturnData: true,
  };
}

function toSeries({ service, ref }: Wanted, collected: Collected | undefined): Series {
  return {
    service,
    key: ref.key,
    kind: ref.kind,
    unit: ref.unit,
    stat: ref.stat,
    times: collected?.times ?? [],
    values: collected?.values ?? [],
    source: collected?.source ?? [],
  };
}

function levelFindings(series: readonly Series[], signal: Signal): readonly AgentFinding[] {
  return series
    .flatMap((item) => {
      const measured = measureSeries(item, signal);
      return measured === undefined || isUsual(measured)
        ? []
        : [{ service: item.service, claim: claimLevel(measured) }];
    })
    .slice(0, MOST_LEVEL_FINDINGS);
}
