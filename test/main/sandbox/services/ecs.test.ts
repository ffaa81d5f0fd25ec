import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { expect, test } from 'vitest';
import { INCIDENT_AT, type ScenarioOptions } from '../../../support/scenario.ts';
import { allow, assume, refusal, startTestSandbox } from '../clients.ts';

const MINUTE = 60_000;
const ARN = 'arn:aws:ecs:us-east-1:000000000001';
const time = (minute: number) => new Date(INCIDENT_AT + minute * MINUTE).toISOString();

async function fleet(scenario: ScenarioOptions = {}, policy?: object) {
  const started = await startTestSandbox({ hoursBefore: 4, ...scenario });
  const inspector = (await assume(started, 'infrastructure-inspection')).ecs;
  const remediator = (await assume(started, 'remediation', policy === undefined ? {} : { policy })).ecs;
  const look = async (service = 'checkout') =>
    (await inspector.send(new DescribeServicesCommand({ cluster: 'prod', services: [service] }))).services?.[0];
  const update = (change: Partial<UpdateServiceCommandInput>) =>
    remediator.send(new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', ...change }));
  return { ...started, inspector, remediator, look, update };
}

const CONTAINER = { name: 'checkout', image: 'shop/checkout:fixed' };

test('without ecs.json each service has two revisions, the later one deployed when recorded', async () => {
  const { look, inspector } = await fleet();
  const service = await look();
  expect(service?.taskDefinition).toBe(`${ARN}:task-definition/prod-checkout:2`);
  expect(service?.deployments?.map((one) => [one.status, one.createdAt?.toISOString(), one.rolloutState])).toEqual([
    ['PRIMARY', time(-2), 'COMPLETED'],
  ]);
  expect(service?.events?.[0]?.createdAt?.toISOString()).toBe(time(-2));
  expect((await look('catalog'))?.taskDefinition).toBe(`${ARN}:task-definition/prod-catalog:1`);
  const image = async (taskDefinition: string) =>
    (await inspector.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition
      ?.containerDefinitions?.[0]?.image;
  expect(await image('prod-checkout:1')).toBe('test-shop/checkout:1');
  expect(await image('prod-checkout')).toBe('shop/checkout:bad');
});

test('clusters, missing services and tasks are described', async () => {
  const { inspector } = await fleet();
  const clusters = await inspector.send(new DescribeClustersCommand({ clusters: ['prod', 'other'] }));
  expect(clusters.clusters?.[0]).toMatchObject({ clusterName: 'prod', activeServicesCount: 4, runningTasksCount: 8 });
  expect(clusters.failures).toEqual([{ arn: `${ARN}:cluster/other`, reason: 'MISSING' }]);
  const missing = await inspector.send(new DescribeServicesCommand({ cluster: 'prod', services: ['nobody'] }));
  expect(missing.failures?.[0]?.reason).toBe('MISSING');
  const tasks = await inspector.send(new DescribeTasksCommand({ cluster: 'prod', tasks: ['0'.repeat(32)] }));
  expect(tasks.failures?.[0]?.reason).toBe('MISSING');
  const unknown = inspector.send(new DescribeServicesCommand({ cluster: 'other', services: ['checkout'] }));
  expect(await refusal(unknown)).toBe('ClusterNotFoundException');
  const definition = inspector.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'prod-checkout:9' }));
  expect(await refusal(definition)).toBe('ClientException');
  expect(await refusal(inspector.send(new ListTasksCommand({ cluster: 'prod' })))).toBe('AccessDeniedException');
});

test('a rollback is a new deployment that rolls out and then stands alone', async () => {
  const { update, look, account } = await fleet();
  const { service } = await update({ taskDefinition: 'prod-checkout:1' });
  expect(service?.deployments?.map((one) => [one.status, one.rolloutState, one.taskDefinition])).toEqual([
    ['PRIMARY', 'IN_PROGRESS', `${ARN}:task-definition/prod-checkout:1`],
    ['ACTIVE', 'COMPLETED', `${ARN}:task-definition/prod-checkout:2`],
  ]);
  await account.clock.sleep(3 * MINUTE);
  const later = await look();
  expect(later?.deployments?.map((one) => [one.status, one.rolloutState])).toEqual([['PRIMARY', 'COMPLETED']]);
  expect(later?.taskDefinition).toBe(`${ARN}:task-definition/prod-checkout:1`);
  expect(later?.runningCount).toBe(2);
});

test('a revision is registered under the next number and can be deployed', async () => {
  const { remediator, update } = await fleet();
  const register = new RegisterTaskDefinitionCommand({ family: 'prod-checkout', containerDefinitions: [CONTAINER] });
  const { taskDefinition } = await remediator.send(register);
  expect(taskDefinition).toMatchObject({ revision: 3, status: 'ACTIVE', containerDefinitions: [CONTAINER] });
  const { service } = await update({ taskDefinition: taskDefinition?.taskDefinitionArn });
  expect(service?.taskDefinition).toBe(`${ARN}:task-definition/prod-checkout:3`);
});

test('scaling changes the desired count without a deployment', async () => {
  const { update } = await fleet();
  const { service } = await update({ desiredCount: 5 });
  expect(service).toMatchObject({ desiredCount: 5, runningCount: 5 });
  expect(service?.deployments).toHaveLength(1);
});

test.each<[string, Partial<UpdateServiceCommandInput>, string]>([
  ['an unknown cluster', { cluster: 'other', forceNewDeployment: true }, 'ClusterNotFoundException'],
  ['an unknown service', { service: 'nobody', forceNewDeployment: true }, 'ServiceNotFoundException'],
  ['an unknown revision', { taskDefinition: 'prod-checkout:77' }, 'ClientException'],
  ['an unknown family', { taskDefinition: 'nobody' }, 'ClientException'],
  ['a negative count', { desiredCount: -1 }, 'InvalidParameterException'],
  ['what the cloud does not implement', { enableExecuteCommand: true }, 'InvalidParameterException'],
])('UpdateService refuses %s', async (_name, change, expected) => {
  const { update } = await fleet();
  expect(await refusal(update(change))).toBe(expected);
});

test('a write lease narrowed to one service cannot change another', async () => {
  const { update } = await fleet({}, allow(['ecs:UpdateService'], `${ARN}:service/prod/checkout`));
  expect(await refusal(update({ service: 'payments', forceNewDeployment: true }))).toBe('AccessDeniedException');
  expect(await refusal(update({ service: 'checkout', forceNewDeployment: true }))).toBe('no error');
});

test('an analyst’s lease cannot change anything', async () => {
  const { inspector } = await fleet();
  const change = new UpdateServiceCommand({ cluster: 'prod', service: 'checkout', forceNewDeployment: true });
  expect(await refusal(inspector.send(change))).toBe('AccessDeniedException');
});

test('a task definition with roles needs iam:PassRole on them', async () => {
  const started = await fleet();
  const register = new RegisterTaskDefinitionCommand({
    family: 'prod-checkout',
    containerDefinitions: [CONTAINER],
    executionRoleArn: 'arn:aws:iam::000000000001:role/Execution',
  });
  expect(await refusal(started.remediator.send(register))).toBe('AccessDeniedException');
  const { iam } = await assume(started, 'revocation');
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'CausewayRemediation',
      PolicyName: 'Pass',
      PolicyDocument: JSON.stringify(allow(['iam:PassRole'], 'arn:aws:iam::000000000001:role/Execution')),
    }),
  );
  expect(await refusal(started.remediator.send(register))).toBe('no error');
});

const OTHER = 'arn:aws:ecs:us-east-1:123456789012';
const ECS_FILE = {
  clusters: [{ clusterName: 'prod', clusterArn: `${OTHER}:cluster/prod`, status: 'ACTIVE' }],
  services: [
    {
      serviceName: 'checkout',
      clusterArn: `${OTHER}:cluster/prod`,
      desiredCount: 3,
      runningCount: 2,
      pendingCount: 1,
      taskDefinition: `${OTHER}:task-definition/checkout:8`,
      platformVersion: '1.4.0',
      deployments: [
        {
          id: 'ecs-svc/1',
          status: 'PRIMARY',
          taskDefinition: `${OTHER}:task-definition/checkout:8`,
          createdAt: time(-2),
        },
      ],
      events: [{ id: 'e1', createdAt: time(-1), message: 'deployed' }],
    },
  ],
  taskDefinitions: [
    { family: 'checkout', revision: 7, containerDefinitions: [CONTAINER], registeredAt: time(-90) },
    { family: 'checkout', revision: 8, containerDefinitions: [CONTAINER], registeredAt: time(-3) },
    { family: 'checkout', revision: 6, status: 'INACTIVE', containerDefinitions: [CONTAINER] },
  ],
  tasks: [
    {
      taskArn: `${OTHER}:task/prod/${'a'.repeat(32)}`,
      clusterArn: `${OTHER}:cluster/prod`,
      taskDefinitionArn: `${OTHER}:task-definition/checkout:8`,
      group: 'service:checkout',
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      createdAt: time(-2),
    },
  ],
};

test('ecs.json is answered in this account’s ARNs, with later recorded events added', async () => {
  const events = [
    { time: time(-2), service: 'checkout', kind: 'deployment', detail: {} },
    { time: time(4), service: 'checkout', kind: 'task-stopped', detail: { stoppedReason: 'OutOfMemoryError' } },
    { time: time(9), service: 'checkout', kind: 'scaling', detail: { desiredCount: 6 } },
  ];
  const { look, inspector, update, account } = await fleet({
    files: {
      'ecs.json': JSON.stringify(ECS_FILE),
      'events.ndjson': events.map((event) => JSON.stringify(event)).join('\n'),
    },
  });
  const service = await look();
  expect(service).toMatchObject({ desiredCount: 3, runningCount: 2, pendingCount: 1, platformVersion: '1.4.0' });
  expect(service?.taskDefinition).toBe(`${ARN}:task-definition/checkout:8`);
  expect(service?.deployments?.map((one) => one.id)).toEqual(['ecs-svc/1']);
  expect(service?.events?.map((event) => event.message)).toEqual([
    '(service checkout) has stopped 1 running tasks: OutOfMemoryError.',
    'deployed',
    '(service checkout) (deployment ecs-svc/1) deployment started: checkout:8.',
  ]);
  await account.clock.sleep(5 * MINUTE);
  expect((await look())?.desiredCount).toBe(6);
  const tasks = await inspector.send(new DescribeTasksCommand({ cluster: 'prod', tasks: ['a'.repeat(32)] }));
  expect(tasks.tasks?.[0]).toMatchObject({ taskArn: `${ARN}:task/prod/${'a'.repeat(32)}`, lastStatus: 'RUNNING' });
  expect(await refusal(update({ taskDefinition: 'checkout:6' }))).toBe('ClientException');
  await update({ taskDefinition: 'checkout:7' });
  await account.clock.sleep(3 * MINUTE);
  const stopped = await inspector.send(new DescribeTasksCommand({ cluster: 'prod', tasks: ['a'.repeat(32)] }));
  expect(stopped.tasks?.[0]?.lastStatus).toBe('STOPPED');
});
