import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { expect, onTestFinished, test } from 'vitest';
import { loadScenario } from '#main/sandbox/scenario/load-scenario.ts';
import { startSandbox } from '#main/sandbox/server.ts';
import { assume, refusal } from './clients.ts';

const MINUTE = 60_000;

async function shipped(name: string) {
  const folder = new URL(`../../../resources/scenarios/${name}`, import.meta.url).pathname;
  const { incident, truth } = await loadScenario(folder);
  const sandbox = await startSandbox({ folders: [folder] });
  onTestFinished(() => sandbox.close());
  const [account] = sandbox.accounts;
  const cause = account?.serviceMap.services.find((service) => service.name === truth.rootCause[0])?.ecs;
  const metric = account?.serviceMap.services
    .flatMap((service) => service.metrics)
    .find((known) => known.key === incident.metric);
  if (account === undefined || cause === undefined || metric === undefined) throw new Error('incomplete scenario');
  const started = { sandbox, account };
  const { cloudwatch } = await assume(started, 'metric-analysis');
  /** The median of the incident's metric over the five minutes up to `end`. */
  const level = async (end: number) => {
    const answer = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(end - 5 * MINUTE),
        EndTime: new Date(end),
        MetricDataQueries: [
          {
            Id: 'm',
            MetricStat: {
              Metric: {
                Namespace: metric.namespace,
                MetricName: metric.name,
                Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: 60,
              Stat: metric.stat,
            },
          },
        ],
      }),
    );
    const values = answer.MetricDataResults?.[0]?.Values?.toSorted((a, b) => a - b) ?? [];
    return values[values.length >> 1] ?? Number.NaN;
  };
  const { ecs: inspector } = await assume(started, 'infrastructure-inspection');
  const { ecs: remediator } = await assume(started, 'remediation');
  const { services } = await inspector.send(
    new DescribeServicesCommand({ cluster: cause.cluster, services: [cause.service] }),
  );
  const [family = '', revision = ''] = services?.[0]?.taskDefinition?.split('/')[1]?.split(':') ?? [];
  const previous = `${family}:${Number(revision) - 1}`;
  const update = (change: { readonly taskDefinition?: string; readonly forceNewDeployment?: boolean }) =>
    remediator.send(new UpdateServiceCommand({ ...cause, ...change }));
  const healthy = await level(Date.parse(incident.startedAt) - 60 * MINUTE);
  return { account, level, healthy, inspector, remediator, previous, family, update, services };
}

test('bad deployment: what describes it carries this account, and its rollback heals', async () => {
  const { account, level, healthy, previous, update, services, inspector } = await shipped('bad-deployment');
  const definition = await inspector.send(new DescribeTaskDefinitionCommand({ taskDefinition: previous }));
  expect(JSON.stringify([services, definition])).not.toContain('{account}');
  expect(await level(account.clock.now())).toBeGreaterThan(healthy * 2);
  await update({ taskDefinition: previous });
  await account.clock.sleep(10 * MINUTE);
  expect(await level(account.clock.now())).toBeLessThan(healthy * 1.5);
});

test('memory leak: the old revision is inactive; registered anew it heals, a restart only for a while', async () => {
  const rolledBack = await shipped('memory-leak');
  const { account, inspector, remediator, previous, family, update, healthy, level } = rolledBack;
  expect(await refusal(update({ taskDefinition: previous }))).toBe('ClientException');
  const { taskDefinition } = await inspector.send(new DescribeTaskDefinitionCommand({ taskDefinition: previous }));
  const registered = await remediator.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: taskDefinition?.containerDefinitions,
      cpu: taskDefinition?.cpu,
      memory: taskDefinition?.memory,
      networkMode: taskDefinition?.networkMode,
      requiresCompatibilities: taskDefinition?.requiresCompatibilities,
    }),
  );
  await update({ taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '' });
  await account.clock.sleep(60 * MINUTE);
  expect(await level(account.clock.now())).toBeLessThan(healthy * 1.3);

  const restarted = await shipped('memory-leak');
  await restarted.update({ forceNewDeployment: true });
  await restarted.account.clock.sleep(20 * MINUTE);
  expect(await restarted.level(restarted.account.clock.now())).toBeLessThan(healthy * 1.3);
  await restarted.account.clock.sleep(40 * MINUTE);
  expect(await restarted.level(restarted.account.clock.now())).toBeGreaterThan(healthy * 1.3);
});
