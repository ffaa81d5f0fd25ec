import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateServiceCommand, type UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { INCIDENT_AT, recordedValue, type ScenarioOptions } from '../../support/scenario.ts';
import { assume, startTestSandbox } from './clients.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

async function incident(scenario: ScenarioOptions) {
  const started = await startTestSandbox(scenario);
  const { cloudwatch } = await assume(started, 'metric-analysis');
  const { ecs } = await assume(started, 'remediation');
  const { logs } = await assume(started, 'log-analysis');
  /** The frontend's latency now, by minutes since the incident. */
  const latencies = async () => {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(INCIDENT_AT),
        EndTime: new Date(started.account.clock.now() + 1),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          {
            Id: 'a',
            MetricStat: {
              Metric: {
                Namespace: 'Test/Shop',
                MetricName: 'Latency',
                Dimensions: [{ Name: 'Service', Value: 'frontend' }],
              },
              Period: 60,
              Stat: 'p95',
            },
          },
        ],
      }),
    );
    const result = answer.MetricDataResults?.[0];
    return new Map(
      result?.Timestamps?.map((time, index) => [
        (time.getTime() - INCIDENT_AT) / MINUTE,
        result.Values?.[index] ?? Number.NaN,
      ]),
    );
  };
  const errorLines = async () => {
    const { queryId } = await logs.send(
      new StartQueryCommand({
        logGroupName: '/ecs/prod/checkout',
        startTime: INCIDENT_AT / 1000,
        endTime: INCIDENT_AT / 1000 + 86_400,
        queryString: 'filter level = "ERROR" | fields @timestamp | sort @timestamp asc',
      }),
    );
    for (;;) {
      const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
      if (answer.status === 'Complete') return answer.results?.map((row) => row[0]?.value) ?? [];
    }
  };
  const update = (change: Partial<UpdateServiceCommandInput>) =>
    ecs.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', ...change }));
  return { ...started, latencies, errorLines, update };
}

const ROLLBACK = { taskDefinition: 'prod-checkout:1' };
const faulty = (latency: number | undefined) => (latency ?? 0) > 500;

test('a rollback of the root cause heals after the rollout, with the same hour of the day before', async () => {
  const { latencies, errorLines, update, account } = await incident({});
  await update(ROLLBACK);
  await account.clock.sleep(10 * MINUTE);
  const seen = await latencies();
  expect([5, 6].map((minute) => faulty(seen.get(minute)))).toEqual([true, true]);
  for (const minute of [7, 8, 12, 15]) {
    const yesterday = recordedValue('frontend', 'latency', INCIDENT_AT + minute * MINUTE - DAY);
    expect(seen.get(minute)).toBe(yesterday);
  }
  expect(await errorLines()).toHaveLength(7);
  await account.clock.sleep(DAY);
  expect(faulty((await latencies()).get(15 + 24 * 60 - 1))).toBe(false);
});

test('with less than a day of history the healthiest earlier stretch is repeated', async () => {
  const { latencies, update, account } = await incident({ hoursBefore: 3 });
  await update(ROLLBACK);
  await account.clock.sleep(5 * 60 * MINUTE);
  const seen = await latencies();
  expect(faulty(seen.get(6))).toBe(true);
  const after = [...seen].filter(([minute]) => minute >= 7);
  expect(after).toHaveLength(300 + 5 - 6);
  expect(after.some(([, latency]) => faulty(latency))).toBe(false);
});

test.each<[string, Partial<UpdateServiceCommandInput>]>([
  ['nothing at all', {}],
  ['a restart, where only a rollback helps', { forceNewDeployment: true }],
  ['a rollback of another service', { service: 'catalog', forceNewDeployment: true }],
  ['scaling', { desiredCount: 9 }],
])('%s does not heal, and after its end the recording’s last half hour repeats', async (_name, change) => {
  const { latencies, update, account } = await incident({ hoursBefore: 4 });
  await update(change);
  await account.clock.sleep(120 * MINUTE);
  const seen = await latencies();
  expect([...seen.values()].every((latency) => faulty(latency))).toBe(true);
  expect(seen.size).toBe(126);
  expect(seen.get(60)).toBe(seen.get(30));
  expect(seen.get(95)).toBe(seen.get(35));
});

test('effects say otherwise where the scenario gives them', async () => {
  const restart = await incident({ hoursBefore: 4, effects: { restart: 'recover', rollback: 'none' } });
  await restart.update({ forceNewDeployment: true });
  await restart.account.clock.sleep(10 * MINUTE);
  expect(faulty((await restart.latencies()).get(12))).toBe(false);
  const rollback = await incident({ hoursBefore: 4, effects: { restart: 'recover', rollback: 'none' } });
  await rollback.update(ROLLBACK);
  await rollback.account.clock.sleep(10 * MINUTE);
  expect(faulty((await rollback.latencies()).get(12))).toBe(true);
});

test('a relapse looks well for half an hour and is as bad again afterwards', async () => {
  const { latencies, update, account } = await incident({ hoursBefore: 4, effects: { restart: 'relapse' } });
  await update({ forceNewDeployment: true });
  await account.clock.sleep(50 * MINUTE);
  const seen = await latencies();
  expect([6, 7, 36, 37, 50].map((minute) => faulty(seen.get(minute)))).toEqual([true, false, false, true, true]);
});

test('deploying the faulty revision again brings the fault back', async () => {
  const { latencies, update, account } = await incident({ hoursBefore: 4 });
  await update(ROLLBACK);
  await account.clock.sleep(10 * MINUTE);
  await update({ taskDefinition: 'prod-checkout:2' });
  await account.clock.sleep(10 * MINUTE);
  const seen = await latencies();
  expect([12, 16, 17, 20].map((minute) => faulty(seen.get(minute)))).toEqual([false, false, true, true]);
});

test('the same steps show the same data to the byte', async () => {
  const once = async () => {
    const { latencies, errorLines, update, account } = await incident({});
    await update(ROLLBACK);
    await account.clock.sleep(30 * MINUTE);
    return JSON.stringify([[...(await latencies())], await errorLines(), account.alarm]);
  };
  expect(await once()).toBe(await once());
});
