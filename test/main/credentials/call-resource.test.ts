import { expect, test } from 'vitest';
import { resourceOfCall } from '#main/credentials/call-resource.ts';

const PLACE = {
  account: '000000000001',
  region: 'eu-west-1',
  roles: {
    'log-analysis': 'arn:aws:iam::000000000001:role/L',
    'metric-analysis': 'arn:aws:iam::000000000001:role/M',
    'infrastructure-inspection': 'arn:aws:iam::000000000001:role/I',
    remediation: 'arn:aws:iam::000000000001:role/R',
  },
};
const ECS = 'arn:aws:ecs:eu-west-1:000000000001';
const LOGS = 'arn:aws:logs:eu-west-1:000000000001:log-group';

test.each<[string, Record<string, unknown>, string]>([
  ['ecs:UpdateService', { cluster: 'prod', service: 'a' }, `${ECS}:service/prod/a`],
  ['ecs:UpdateService', { cluster: `${ECS}:cluster/prod`, service: `${ECS}:service/prod/a` }, `${ECS}:service/prod/a`],
  ['ecs:UpdateService', { service: 'a' }, `${ECS}:service/default/a`],
  ['ecs:RegisterTaskDefinition', { family: 'a' }, `${ECS}:task-definition/a:*`],
  ['ecs:DescribeServices', { cluster: 'prod', services: ['a'] }, `${ECS}:service/prod/a`],
  ['ecs:DescribeServices', { cluster: 'prod', services: ['a', 'b'] }, `${ECS}:cluster/prod`],
  ['logs:StartQuery', { logGroupNames: ['/ecs/a'] }, `${LOGS}:/ecs/a:*`],
  ['logs:StartQuery', { logGroupNames: ['/ecs/a', '/ecs/b'] }, '*'],
  ['logs:GetQueryResults', { queryId: 'q' }, '*'],
  ['ec2:DescribeInstances', {}, '*'],
  ['ecs:UpdateService', { cluster: 7, service: { a: 1 } }, `${ECS}:service/default/`],
])('%s %j is about %s', (operation, input, resource) => {
  expect(resourceOfCall({ operation, input }, PLACE)).toBe(resource);
});

test('partitions other than aws keep their name', () => {
  const roles = { ...PLACE.roles, remediation: 'arn:aws-cn:iam::000000000001:role/R' };
  const call = { operation: 'ecs:UpdateService', input: { cluster: 'prod', service: 'a' } };
  expect(resourceOfCall(call, { ...PLACE, roles })).toMatch(/^arn:aws-cn:ecs:/);
});
