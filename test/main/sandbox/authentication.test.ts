import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { assume, type Credentials, clientsFor, refusal, startTestSandbox } from './clients.ts';

type Clients = ReturnType<typeof clientsFor>;
const SERVICES = ['sts', 'iam', 'cloudwatch', 'logs', 'ecs', 'ec2'] as const;
type Service = (typeof SERVICES)[number];

function callOf(clients: Clients, service: Service): Promise<unknown> {
  switch (service) {
    case 'sts':
      return clients.sts.send(new GetCallerIdentityCommand({}));
    case 'iam':
      return clients.iam.send(new GetRoleCommand({ RoleName: 'CausewayRemediation' }));
    case 'cloudwatch': {
      const metric = { Metric: { Namespace: 'N', MetricName: 'M' }, Period: 60, Stat: 'Sum' };
      const times = { StartTime: new Date(0), EndTime: new Date(60_000) };
      return clients.cloudwatch.send(
        new GetMetricDataCommand({ ...times, MetricDataQueries: [{ Id: 'a', MetricStat: metric }] }),
      );
    }
    case 'logs':
      return clients.logs.send(
        new StartQueryCommand({ logGroupName: '/ecs/prod/checkout', startTime: 0, endTime: 1, queryString: 'limit 1' }),
      );
    case 'ecs':
      return clients.ecs.send(new DescribeClustersCommand({ clusters: ['prod'] }));
    case 'ec2':
      return clients.ec2.send(new DescribeInstancesCommand({}));
  }
}

async function refusals(clients: Clients): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const service of SERVICES) names[service] = await refusal(callOf(clients, service));
  return names;
}

test('an unknown access key is refused in each protocol’s own words', async () => {
  const started = await startTestSandbox();
  const unknown: Credentials = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' };
  expect(await refusals(clientsFor(started, unknown))).toEqual({
    sts: 'InvalidClientTokenId',
    iam: 'InvalidClientTokenId',
    cloudwatch: 'UnrecognizedClientException',
    logs: 'UnrecognizedClientException',
    ecs: 'UnrecognizedClientException',
    ec2: 'AuthFailure',
  });
});

test('a wrong secret is refused', async () => {
  const started = await startTestSandbox();
  const wrong = { ...started.account.baseCredentials, secretAccessKey: 'wrong' };
  expect(await refusals(clientsFor(started, wrong))).toEqual({
    sts: 'SignatureDoesNotMatch',
    iam: 'SignatureDoesNotMatch',
    cloudwatch: 'InvalidSignatureException',
    logs: 'InvalidSignatureException',
    ecs: 'InvalidSignatureException',
    ec2: 'AuthFailure',
  });
});

test('a session key without its token, or with another’s, is unknown', async () => {
  const started = await startTestSandbox();
  const one = (await assume(started, 'metric-analysis')).credentials;
  const other = (await assume(started, 'metric-analysis')).credentials;
  const { accessKeyId, secretAccessKey } = one;
  for (const credentials of [
    { accessKeyId, secretAccessKey },
    { accessKeyId, secretAccessKey, sessionToken: other.sessionToken },
    { ...started.account.baseCredentials, sessionToken: one.sessionToken },
  ]) {
    expect((await refusals(clientsFor(started, credentials))).cloudwatch).toBe('UnrecognizedClientException');
  }
});

test('an expired session is refused, and the same session was fine before', async () => {
  let offset = 0;
  const started = await startTestSandbox({}, { clock: { now: () => Date.now() + offset } });
  const { credentials, cloudwatch } = await assume(started, 'metric-analysis');
  expect(await refusal(callOf({ ...clientsFor(started), cloudwatch }, 'cloudwatch'))).toBe('no error');
  offset = 15 * 60_000 + 1000;
  expect(await refusals(clientsFor(started, credentials, { systemClockOffset: offset }))).toEqual({
    sts: 'ExpiredToken',
    iam: 'ExpiredToken',
    cloudwatch: 'ExpiredTokenException',
    logs: 'ExpiredTokenException',
    ecs: 'ExpiredTokenException',
    ec2: 'RequestExpired',
  });
});

test.each([-6 * 60_000, 6 * 60_000])('a clock %d ms off is refused', async (systemClockOffset) => {
  const started = await startTestSandbox();
  const clients = clientsFor(started, started.account.baseCredentials, { systemClockOffset });
  expect(await refusal(callOf(clients, 'sts'))).toBe('SignatureDoesNotMatch');
  const fresh = clientsFor(started, started.account.baseCredentials, { systemClockOffset });
  expect(await refusal(callOf(fresh, 'ecs'))).toBe('InvalidSignatureException');
  expect(await refusal(callOf(fresh, 'ec2'))).toBe('RequestExpired');
});

test('four minutes off is accepted', async () => {
  const started = await startTestSandbox();
  const clients = clientsFor(started, started.account.baseCredentials, { systemClockOffset: -4 * 60_000 });
  expect(await refusal(callOf(clients, 'sts'))).toBe('no error');
});

test('a request signed for another region is refused; STS and IAM answer in us-east-1', async () => {
  const started = await startTestSandbox({ scenario: { region: 'eu-west-1' } });
  const { credentials } = await assume(started, 'infrastructure-inspection');
  expect(await refusal(callOf(clientsFor(started, credentials, { region: 'us-east-1' }), 'ecs'))).toBe(
    'InvalidSignatureException',
  );
  expect(await refusal(callOf(clientsFor(started, credentials), 'ecs'))).toBe('no error');
  const global = clientsFor(started, started.account.baseCredentials, { region: 'us-east-1' });
  expect(await refusal(callOf(global, 'sts'))).toBe('no error');
  expect(await refusal(callOf(global, 'iam'))).toBe('no error');
});

test('the base credentials are new at each start', async () => {
  const one = await startTestSandbox();
  const two = await startTestSandbox();
  expect(one.account.baseCredentials).not.toEqual(two.account.baseCredentials);
  expect(await refusal(callOf(clientsFor(two, one.account.baseCredentials), 'sts'))).toBe('InvalidClientTokenId');
});

test('more requests than the rate allows are throttled in each protocol’s own words', async () => {
  const started = await startTestSandbox({}, { limits: { default: { perSecond: 0.001, burst: 1 } } });
  const clients = clientsFor(started);
  await refusals(clients);
  expect(await refusals(clients)).toEqual({
    sts: 'Throttling',
    iam: 'Throttling',
    cloudwatch: 'ThrottlingException',
    logs: 'ThrottlingException',
    ecs: 'ThrottlingException',
    ec2: 'RequestLimitExceeded',
  });
});

test('the console’s own user may assume roles and nothing of a task', async () => {
  const clients = clientsFor(await startTestSandbox());
  expect(await refusals(clients)).toEqual({
    sts: 'no error',
    iam: 'no error',
    cloudwatch: 'AccessDeniedException',
    logs: 'AccessDeniedException',
    ecs: 'AccessDeniedException',
    ec2: 'UnauthorizedOperation',
  });
});
