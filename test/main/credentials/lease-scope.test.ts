import { expect, test } from 'vitest';
import { outsideLease } from '#main/credentials/lease-scope.ts';
import { TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import type { TaskKind } from '#shared/model/task.ts';

const ECS = 'arn:aws:ecs:us-east-1:000000000001:';
const LOGS = 'arn:aws:logs:us-east-1:000000000001:log-group:';
const role = 'arn:aws:iam::000000000001:role/R';
const place = {
  account: '000000000001',
  region: 'us-east-1',
  roles: { 'log-analysis': role, 'metric-analysis': role, 'infrastructure-inspection': role, remediation: role },
};

test.each<[TaskKind, readonly string[], string, Record<string, unknown>, boolean]>([
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/a`],
    'ecs:DescribeServices',
    { cluster: 'prod', services: ['a'] },
    true,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/*`],
    'ecs:DescribeServices',
    { cluster: 'prod', services: ['a', 'b'] },
    true,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/a`],
    'ecs:DescribeServices',
    { cluster: 'prod', services: ['a', 'b'] },
    false,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/*`],
    'ecs:DescribeServices',
    { cluster: 'test', services: ['a'] },
    false,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/a`, '*'],
    'ecs:DescribeServices',
    { cluster: 'prod', services: ['b'] },
    false,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}task/prod/*`],
    'ecs:DescribeTasks',
    { cluster: 'prod', tasks: [`${ECS}task/prod/1`] },
    true,
  ],
  [
    'infrastructure-inspection',
    [`${ECS}service/prod/*`],
    'ecs:DescribeTasks',
    { cluster: 'prod', tasks: ['1'] },
    false,
  ],
  ['infrastructure-inspection', [`${ECS}cluster/prod`], 'ecs:DescribeClusters', { clusters: ['prod'] }, true],
  ['infrastructure-inspection', [`${ECS}cluster/prod`], 'ecs:DescribeClusters', {}, false],
  ['infrastructure-inspection', [`${ECS}cluster/prod`], 'ecs:DescribeTaskDefinition', { taskDefinition: 'x:1' }, true],
  ['infrastructure-inspection', [`${ECS}cluster/prod`], 'ec2:DescribeInstances', {}, true],
  ['infrastructure-inspection', [`${ECS}*`], 'ecs:DescribeCapacityProviders', {}, false],
  ['infrastructure-inspection', [`${ECS}*`], 'ecs:UpdateService', { cluster: 'prod', service: 'a' }, false],
  ['log-analysis', [`${LOGS}/a`], 'logs:StartQuery', { logGroupName: '/a' }, true],
  ['log-analysis', [`${LOGS}/a:*`], 'logs:StartQuery', { logGroupNames: ['/a', '/b'] }, false],
  ['log-analysis', [`${LOGS}/a:*`], 'logs:StartQuery', { logGroupIdentifiers: [`${LOGS}/b`] }, false],
  ['log-analysis', [`${LOGS}*`], 'logs:StartQuery', { logGroupIdentifiers: [`${LOGS}/b:*`] }, true],
  ['log-analysis', [`${LOGS}/a`], 'logs:GetLogEvents', { logGroupName: '/ab' }, false],
  ['log-analysis', [`${LOGS}/a`], 'logs:GetQueryResults', { queryId: 'q' }, true],
  ['log-analysis', [`${LOGS}/a`], 'logs:DeleteLogGroup', { logGroupName: '/a' }, false],
  ['metric-analysis', ['*'], 'cloudwatch:GetMetricData', {}, true],
  ['metric-analysis', ['*'], 'cloudwatch:PutMetricData', {}, false],
  ['remediation', [`${ECS}service/prod/a`], 'ecs:UpdateService', { cluster: 'prod', service: 'a' }, true],
  ['remediation', [`${ECS}service/prod/a`], 'ecs:UpdateService', { cluster: 'prod', service: 'b' }, false],
  ['remediation', [`${ECS}task-definition/a:*`], 'ecs:RegisterTaskDefinition', { family: 'a' }, true],
  ['remediation', [`${ECS}task-definition/a:*`], 'ecs:RegisterTaskDefinition', { family: 'ab' }, false],
])('a lease for %s on %s covers %s %j: %s', (task, resources, operation, input, covered) => {
  const why = outsideLease({ operation, input }, { actions: TASK_ACTIONS[task], resources }, place);
  expect(why === null, why ?? 'covered').toBe(covered);
});
