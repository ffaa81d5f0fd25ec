import { describe, expect, test } from 'vitest';
import { MAX_SESSION_POLICY, sessionPolicyFor, TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import { TaskKind } from '#shared/model/task.ts';

const ECS = 'arn:aws:ecs:eu-west-1:000000000001';
const LOGS = 'arn:aws:logs:eu-west-1:000000000001:log-group:/ecs/a';

function statements(task: TaskKind, resources: readonly string[], actions?: readonly string[]) {
  const policy = JSON.parse(sessionPolicyFor(task, resources, actions));
  expect(policy.Version).toBe('2012-10-17');
  return policy.Statement;
}

describe('the session policy', () => {
  test('of log analysis is narrowed to the groups and their streams, but for what has no resource', () => {
    expect(statements('log-analysis', [LOGS, `${LOGS}b:*`, LOGS])).toEqual([
      { Effect: 'Allow', Action: ['logs:StartQuery', 'logs:GetLogEvents'], Resource: [`${LOGS}:*`, `${LOGS}b:*`] },
      { Effect: 'Allow', Action: ['logs:GetQueryResults'], Resource: ['*'] },
    ]);
  });

  test('of metric analysis has no resource to be narrowed to', () => {
    const all = [{ Effect: 'Allow', Action: TASK_ACTIONS['metric-analysis'], Resource: ['*'] }];
    expect(statements('metric-analysis', ['*'])).toEqual(all);
    expect(statements('metric-analysis', [])).toEqual(all);
  });

  test('of infrastructure inspection is narrowed for ECS and open for EC2', () => {
    const arns = [`${ECS}:cluster/prod`, `${ECS}:service/prod/a`];
    expect(statements('infrastructure-inspection', [...arns, '*'])).toEqual([
      { Effect: 'Allow', Action: ['ecs:Describe*'], Resource: arns },
      { Effect: 'Allow', Action: ['ecs:DescribeTaskDefinition', 'ec2:Describe*'], Resource: ['*'] },
    ]);
  });

  test('of a remediation has the approved actions on the approved resources, and no wildcard', () => {
    expect(statements('remediation', [`${ECS}:service/prod/a`], ['ecs:UpdateService'])).toEqual([
      { Effect: 'Allow', Action: ['ecs:UpdateService'], Resource: [`${ECS}:service/prod/a`] },
    ]);
  });

  test('grants nothing beyond the actions of its task', () => {
    for (const task of TaskKind.options) {
      const resources = task === 'log-analysis' ? [LOGS] : task === 'metric-analysis' ? [] : [`${ECS}:service/prod/a`];
      const granted: string[] = statements(task, resources).flatMap(({ Action }: { Action: string[] }) => Action);
      const within = (action: string) =>
        TASK_ACTIONS[task].some((own) => own === action || (own.endsWith('*') && action.startsWith(own.slice(0, -1))));
      expect(granted.filter((action) => !within(action))).toEqual([]);
      expect(TASK_ACTIONS[task].filter((own) => !granted.includes(own))).toEqual([]);
    }
  });

  test.each<[string, TaskKind, readonly string[]]>([
    ['a wildcard for a remediation', 'remediation', ['*']],
    ['a wildcard for logs', 'log-analysis', ['*']],
    ['nothing for a remediation', 'remediation', []],
    ['nothing for logs', 'log-analysis', []],
    ["another service's ARN", 'log-analysis', [`${ECS}:service/prod/a`]],
    ['an ARN without an account', 'remediation', ['arn:aws:ecs:::service/prod/a']],
    ['an ARN that is all wildcard', 'remediation', [`${ECS}:*`]],
    ['no ARN', 'remediation', ['service/prod/a']],
  ])('refuses %s', (_title, task, resources) => {
    expect(() => sessionPolicyFor(task, resources)).toThrow(
      expect.objectContaining({ reason: 'resources-not-of-task' }),
    );
  });

  test.each([[['ecs:DeleteService']], [['ecs:*']], [[]]])('refuses the actions %j', (actions) => {
    expect(() => sessionPolicyFor('remediation', [`${ECS}:service/prod/a`], actions)).toThrow(
      expect.objectContaining({ reason: 'actions-not-of-task' }),
    );
  });

  test('fits what AWS accepts, or is refused', () => {
    const groups = (count: number) => Array.from({ length: count }, (_, n) => `${LOGS}-${String(n).padStart(4, '0')}`);
    expect(sessionPolicyFor('log-analysis', groups(25)).length).toBeLessThanOrEqual(MAX_SESSION_POLICY);
    expect(() => sessionPolicyFor('log-analysis', groups(40))).toThrow(
      expect.objectContaining({ reason: 'session-policy-too-long' }),
    );
  });
});
