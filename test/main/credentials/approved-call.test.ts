import { describe, expect, test } from 'vitest';
import { coversResource, isApprovedCall } from '#main/credentials/approved-call.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';

const ECS = 'arn:aws:ecs:us-east-1:000000000001';
const SERVICE = `${ECS}:service/prod/checkout`;
const FAMILY = `${ECS}:task-definition/checkout`;
const changes = [{ field: 'x', before: null, after: 'y' }];

const REGISTER: PlanStep = {
  operation: 'ecs:RegisterTaskDefinition',
  resource: `${FAMILY}:*`,
  parameters: { family: 'checkout', copyOf: `${FAMILY}:41` },
  changes,
};
const update = (parameters: PlanStep['parameters']): PlanStep => ({
  operation: 'ecs:UpdateService',
  resource: SERVICE,
  parameters: { cluster: 'prod', service: SERVICE, ...parameters },
  changes,
});

function approved(steps: readonly PlanStep[], operation: string, input: Record<string, unknown>, resource = SERVICE) {
  const { plan } = sampleRemediation();
  const credentials = { ...plan.credentials, resources: [SERVICE, `${FAMILY}:*`] };
  const changed: RemediationPlan = { ...plan, credentials, steps: [...steps] };
  return isApprovedCall(changed, { operation, input }, resource);
}

describe('a call is a step of the plan', () => {
  const restart = [update({ forceNewDeployment: true })];
  const good = { cluster: 'prod', service: SERVICE, forceNewDeployment: true };

  test('with exactly its parameters; undefined is absent', () => {
    expect(approved(restart, 'ecs:UpdateService', good)).toBe(true);
    expect(approved(restart, 'ecs:UpdateService', { ...good, desiredCount: undefined })).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['one more', { ...good, desiredCount: 0 }],
    ['one fewer', { cluster: 'prod', service: SERVICE }],
    ['another value', { ...good, forceNewDeployment: false }],
    ['a value of another type', { ...good, forceNewDeployment: 'true' }],
    ['another in its place', { cluster: 'prod', service: SERVICE, enableExecuteCommand: true }],
  ])('not with %s', (_title, input) => {
    expect(approved(restart, 'ecs:UpdateService', input)).toBe(false);
  });

  test('not on another resource, and not with another operation', () => {
    expect(approved(restart, 'ecs:UpdateService', good, `${SERVICE}2`)).toBe(false);
    expect(approved(restart, 'ecs:RegisterTaskDefinition', { family: 'checkout' }, `${FAMILY}:*`)).toBe(false);
  });

  test("an earlier step's result is a revision of an approved family, nothing else", () => {
    const rollback = [REGISTER, update({ taskDefinition: '$step1.taskDefinition' })];
    const sent = (taskDefinition: unknown) =>
      approved(rollback, 'ecs:UpdateService', { cluster: 'prod', service: SERVICE, taskDefinition });
    expect(sent(`${FAMILY}:43`)).toBe(true);
    expect(sent(`${ECS}:task-definition/payments:1`)).toBe(false);
    expect(sent(SERVICE)).toBe(false);
    expect(sent('checkout:43')).toBe(false);
    expect(sent(43)).toBe(false);
    expect(approved(rollback, 'ecs:RegisterTaskDefinition', { family: 'checkout' }, `${FAMILY}:*`)).toBe(true);
  });
});

describe('an approval covers', () => {
  const service = `${ECS}:service/prod/a`;
  test('exactly the resources it names', () => {
    expect(coversResource([service], service)).toBe(true);
    expect(coversResource([service], `${service}2`)).toBe(false);
    expect(coversResource([`${ECS}:service/prod/*`], service)).toBe(false);
    expect(coversResource(['*'], service)).toBe(false);
    expect(coversResource([], service)).toBe(false);
  });

  test('the next revision of a task definition it names in any revision', () => {
    const registered = `${ECS}:task-definition/a:*`;
    for (const suffix of ['', ':*', ':41']) {
      expect(coversResource([`${ECS}:task-definition/a${suffix}`], registered)).toBe(true);
    }
    expect(coversResource([`${ECS}:task-definition/b:*`], registered)).toBe(false);
    expect(coversResource([`${ECS}:task-definition/*`], registered)).toBe(false);
    expect(coversResource([service], registered)).toBe(false);
  });
});
