import { describe, expect, it } from 'vitest';
import { TaskDefinitionAnswer } from '#main/investigation/agents/infrastructure-answers.ts';
import { toTaskDefinition } from '#main/investigation/agents/task-definition.ts';
import { compareFields } from '#main/investigation/remediation/definition-fields.ts';

const definition = (revision: number, container: object) =>
  toTaskDefinition(
    TaskDefinitionAnswer.parse({
      taskDefinition: {
        taskDefinitionArn: `arn:aws:ecs:us-east-1:000000000001:task-definition/checkout:${revision}`,
        family: 'checkout',
        revision,
        status: 'ACTIVE',
        containerDefinitions: [{ name: 'app', image: 'shop/checkout:1', ...container }],
      },
    }).taskDefinition,
    'a'.repeat(64),
  );

/** @securityTest Neither secrets in a task definition nor digests of them get into a plan */
describe('differences of task definitions', () => {
  it('are shown for harmless settings and only named for others', () => {
    const before = definition(2, {
      command: ['serve', '--token=abc'],
      environment: [
        { name: 'POOL_SIZE', value: '4' },
        { name: 'DB_PASS', value: 'letmein' },
        { name: 'NAME', value: 'same' },
      ],
    });
    const after = definition(1, {
      command: ['serve', '--token=def'],
      environment: [
        { name: 'POOL_SIZE', value: '40' },
        { name: 'DB_PASS', value: 'swordfish' },
        { name: 'NAME', value: 'same' },
      ],
    });
    const changes = compareFields(before.fields, after.fields);
    expect(changes).toEqual([
      { field: 'app.command', before: '(a value)', after: '(another value)' },
      { field: 'app.environment.DB_PASS', before: '(a value)', after: '(another value)' },
      { field: 'app.environment.POOL_SIZE', before: '4', after: '40' },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/letmein|swordfish|abc|sha256|[0-9a-f]{12}/);
  });
});
