import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { INCIDENT_AT, recordedValue } from '../../../support/scenario.ts';
import { assume, refusal, startTestSandbox } from '../clients.ts';

const MINUTE = 60_000;
const at = (minute: number) => new Date(INCIDENT_AT + minute * MINUTE);

function query(id: string, service = 'frontend', change: Partial<NonNullable<MetricDataQuery['MetricStat']>> = {}) {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'Test/Shop',
        MetricName: 'Latency',
        Dimensions: [{ Name: 'Service', Value: service }],
      },
      Period: 60,
      Stat: 'p95',
      ...change,
    },
  };
}

async function analyst() {
  const started = await startTestSandbox({ hoursBefore: 4 });
  const { cloudwatch } = await assume(started, 'metric-analysis');
  const get = (input: Partial<GetMetricDataCommandInput>) =>
    cloudwatch.send(
      new GetMetricDataCommand({ StartTime: at(-5), EndTime: at(3), MetricDataQueries: [query('a')], ...input }),
    );
  const statistics = (input: Partial<GetMetricStatisticsCommandInput>) =>
    cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Test/Shop',
        MetricName: 'Latency',
        Dimensions: [{ Name: 'Service', Value: 'frontend' }],
        StartTime: at(-5),
        EndTime: at(3),
        Period: 60,
        Statistics: ['Average'],
        ...input,
      }),
    );
  return { ...started, get, statistics };
}

test('answers recorded minutes, newest first unless asked otherwise, end exclusive', async () => {
  const { get } = await analyst();
  const times = [-5, -4, -3, -2, -1, 0, 1, 2];
  const values = times.map((minute) => recordedValue('frontend', 'latency', INCIDENT_AT + minute * MINUTE));
  const newest = (await get({})).MetricDataResults?.[0];
  expect(newest?.Values).toEqual(values.toReversed());
  const oldest = (await get({ ScanBy: 'TimestampAscending' })).MetricDataResults?.[0];
  expect(oldest?.Values).toEqual(values);
  expect(oldest?.Timestamps).toEqual(times.map(at));
  expect(oldest?.StatusCode).toBe('Complete');
});

test('nothing later than telemetry time is given out, until that time has passed', async () => {
  const { get, account } = await analyst();
  const last = async () =>
    (await get({ EndTime: at(600), ScanBy: 'TimestampDescending' })).MetricDataResults?.[0]?.Timestamps?.[0];
  expect(await last()).toEqual(at(5));
  await account.clock.sleep(90_000);
  expect(await last()).toEqual(at(6));
  expect(account.clock.now()).toBe(INCIDENT_AT + 6 * MINUTE + 30_000);
});

test('longer periods aggregate their minutes as the statistic says', async () => {
  const { get } = await analyst();
  const minutes = [-10, -9, -8, -7, -6].map((m) => recordedValue('frontend', 'latency', INCIDENT_AT + m * MINUTE));
  const answer = async (Stat: string) =>
    (
      await get({
        StartTime: at(-10),
        EndTime: at(-5),
        MetricDataQueries: [query('a', 'frontend', { Period: 300, Stat })],
      })
    ).MetricDataResults?.[0]?.Values;
  const sum = minutes.reduce((total, value) => total + value, 0);
  expect(await answer('Sum')).toEqual([sum]);
  expect(await answer('Average')).toEqual([sum / 5]);
  expect(await answer('Minimum')).toEqual([Math.min(...minutes)]);
  expect(await answer('Maximum')).toEqual([Math.max(...minutes)]);
  expect(await answer('SampleCount')).toEqual([5]);
  expect(await answer('p50')).toEqual([minutes.toSorted((a, b) => a - b)[2]]);
});

test('pages of MaxDatapoints make up the whole, and stay at the first page’s time', async () => {
  const { get, account } = await analyst();
  const input = { MetricDataQueries: [query('a'), query('b', 'checkout')], EndTime: at(60), MaxDatapoints: 5 };
  const whole = (await get({ ...input, MaxDatapoints: 1000 })).MetricDataResults ?? [];
  const collected: Record<string, number[]> = { a: [], b: [] };
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const page = await get({ ...input, ...(NextToken === undefined ? {} : { NextToken }) });
    for (const result of page.MetricDataResults ?? []) collected[result.Id ?? '']?.push(...(result.Values ?? []));
    NextToken = page.NextToken;
    pages += 1;
    await account.clock.sleep(60_000);
  } while (NextToken !== undefined);
  expect(pages).toBe(5);
  expect(collected).toEqual({ a: whole[0]?.Values, b: whole[1]?.Values });
});

test('an unknown metric has no data, and a wrong unit neither', async () => {
  const { get } = await analyst();
  const queries = [query('a', 'nobody'), query('b', 'frontend', { Unit: 'Bytes' })];
  const results = (await get({ MetricDataQueries: queries })).MetricDataResults;
  expect(results?.map((result) => [result.Id, result.Values, result.StatusCode])).toEqual([
    ['a', [], 'Complete'],
    ['b', [], 'Complete'],
  ]);
});

test.each<[string, Partial<GetMetricDataCommandInput>, string]>([
  ['an expression', { MetricDataQueries: [{ Id: 'e', Expression: 'SUM(METRICS())' }] }, 'ValidationException'],
  ['two queries of one id', { MetricDataQueries: [query('a'), query('a')] }, 'ValidationException'],
  ['an id with a capital', { MetricDataQueries: [query('A')] }, 'ValidationException'],
  ['no query', { MetricDataQueries: [] }, 'ValidationException'],
  ['501 queries', { MetricDataQueries: Array.from({ length: 501 }, (_u, i) => query(`q${i}`)) }, 'ValidationException'],
  ['an end before the start', { EndTime: at(-6) }, 'ValidationException'],
  ['a period of 90 s', { MetricDataQueries: [query('a', 'frontend', { Period: 90 })] }, 'ValidationException'],
  [
    'an unknown statistic',
    { MetricDataQueries: [query('a', 'frontend', { Stat: 'p101' })] },
    'InvalidParameterValueException',
  ],
  ['a made-up token', { NextToken: 'MCwx.AAAA' }, 'InvalidNextToken'],
])('%s is refused', async (_name, input, expected) => {
  const { get } = await analyst();
  expect(await refusal(get(input))).toBe(expected);
});

test('a token of another request is refused', async () => {
  const { get } = await analyst();
  const { NextToken } = await get({ MaxDatapoints: 1 });
  if (NextToken === undefined) throw new Error('no token');
  expect(await refusal(get({ MaxDatapoints: 2, NextToken }))).toBe('InvalidNextToken');
});

test('GetMetricStatistics answers several statistics of one point together', async () => {
  const { statistics } = await analyst();
  const { Datapoints, Label } = await statistics({ Statistics: ['Average', 'Maximum'], ExtendedStatistics: ['p99'] });
  const first = recordedValue('frontend', 'latency', INCIDENT_AT - 5 * MINUTE);
  expect(Label).toBe('Latency');
  expect(Datapoints).toHaveLength(8);
  expect(Datapoints?.[0]).toEqual({
    Timestamp: at(-5),
    Unit: 'Milliseconds',
    Average: first,
    Maximum: first,
    ExtendedStatistics: { p99: first },
  });
});

test('GetMetricStatistics refuses more than 1,440 points, and a request for none', async () => {
  const { statistics } = await analyst();
  expect(await refusal(statistics({ StartTime: at(-1441), EndTime: at(0) }))).toBe(
    'InvalidParameterCombinationException',
  );
  const none = { Statistics: undefined } as unknown as Partial<GetMetricStatisticsCommandInput>;
  expect(await refusal(statistics(none))).toBe('MissingRequiredParameterException');
});
