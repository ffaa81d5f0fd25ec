import { DescribeInstancesCommand, type DescribeInstancesCommandInput } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { INCIDENT_AT } from '../../../support/scenario.ts';
import { assume, refusal, startTestSandbox } from '../clients.ts';

const instance = (id: string, zone: string, name: string, launchTime = '2025-12-01T00:00:00.000Z') => ({
  instanceId: id,
  instanceType: 'm5.large',
  state: { code: 16, name: 'running' },
  launchTime,
  privateIpAddress: '10.0.0.1',
  placement: { availabilityZone: zone },
  securityGroups: [{ groupId: 'sg-1', groupName: 'web <&>' }],
  tags: [{ key: 'Name', value: name }],
});

const EC2_FILE = {
  reservations: [
    {
      reservationId: 'r-1',
      ownerId: '123456789012',
      instances: [instance('i-00000001', 'us-east-1a', 'one'), instance('i-00000002', 'us-east-1b', 'two')],
    },
    {
      reservationId: 'r-2',
      instances: [instance('i-00000003', 'us-east-1a', 'later', new Date(INCIDENT_AT + 600_000).toISOString())],
    },
  ],
};

async function inspector(files: Record<string, string> = { 'ec2.json': JSON.stringify(EC2_FILE) }) {
  const started = await startTestSandbox({ hoursBefore: 4, files });
  const { ec2 } = await assume(started, 'infrastructure-inspection');
  return { ...started, ec2 };
}

test('recorded instances are described, those launched later only then', async () => {
  const { ec2, account } = await inspector();
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  expect(Reservations).toHaveLength(1);
  expect(Reservations?.[0]?.OwnerId).toBe('000000000001');
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    InstanceId: 'i-00000001',
    State: { Code: 16, Name: 'running' },
    LaunchTime: new Date('2025-12-01T00:00:00.000Z'),
    Placement: { AvailabilityZone: 'us-east-1a' },
    SecurityGroups: [{ GroupId: 'sg-1', GroupName: 'web <&>' }],
    Tags: [{ Key: 'Name', Value: 'one' }],
  });
  await account.clock.sleep(600_000);
  expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(2);
});

test('ids and filters choose', async () => {
  const { ec2 } = await inspector();
  const ids = async (command: DescribeInstancesCommand) =>
    (await ec2.send(command)).Reservations?.flatMap((one) => one.Instances?.map(({ InstanceId }) => InstanceId)) ?? [];
  expect(await ids(new DescribeInstancesCommand({ InstanceIds: ['i-00000002'] }))).toEqual(['i-00000002']);
  const filter = (Name: string, ...Values: string[]) => new DescribeInstancesCommand({ Filters: [{ Name, Values }] });
  expect(await ids(filter('tag:Name', 'one', 'x'))).toEqual(['i-00000001']);
  expect(await ids(filter('availability-zone', 'us-east-1b'))).toEqual(['i-00000002']);
  expect(await ids(filter('instance-state-name', 'stopped'))).toEqual([]);
});

test('what EC2 refuses is refused', async () => {
  const { ec2 } = await inspector();
  const call = (input: DescribeInstancesCommandInput) => refusal(ec2.send(new DescribeInstancesCommand(input)));
  expect(await call({ InstanceIds: ['i-0000dead'] })).toBe('InvalidInstanceID.NotFound');
  expect(await call({ InstanceIds: ['checkout'] })).toBe('InvalidInstanceID.Malformed');
  expect(await call({ Filters: [{ Name: 'nothing', Values: ['x'] }] })).toBe('InvalidParameterValue');
  expect(await call({ MaxResults: 4 })).toBe('InvalidParameterValue');
  expect(await call({ NextToken: 'x' })).toBe('InvalidNextToken');
  expect(await call({ DryRun: true })).toBe('InvalidParameterValue');
});

test('a recording without ec2.json has no instances', async () => {
  const { ec2 } = await inspector({});
  expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations ?? []).toEqual([]);
});

test('a metric lease may not look', async () => {
  const started = await startTestSandbox({ hoursBefore: 4 });
  const { ec2 } = await assume(started, 'metric-analysis');
  expect(await refusal(ec2.send(new DescribeInstancesCommand({})))).toBe('UnauthorizedOperation');
});
