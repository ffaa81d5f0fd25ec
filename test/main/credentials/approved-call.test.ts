import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { coversResource, createApprovedSteps } from '#main/credentials/approved-call.ts';
import { createKnownDefinitions } from '#main/credentials/known-definitions.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';

const ECS = 'arn:aws:ecs:us-east-1:000000000001';
const SERVICE = `${ECS}:service/prod/checkout`;
const FAMILY = `${ECS}:task-definition/checkout`;
const changes = [{ field: 'x', before: null, after: 'y' }];

const DESCRIBED = {
  taskDefinitionArn: `${FAMILY}:41`,
  family: 'checkout',
  revision: 41,
  status: 'INACTIVE',
  containerDefinitions: [{ name: 'checkout', image: 'checkout:41', memory: 512 }],
  cpu: '256',
};
const COPY = { family: 'checkout', containerDefinitions: DESCRIBED.containerDefinitions, cpu: '256' };
const SOURCE = 'a'.repeat(64);
const open = (digest: string) => (digest === SOURCE ? { taskDefinition: DESCRIBED } : null);

const REGISTER: PlanStep = {
  operation: 'ecs:RegisterTaskDefinition',
  resource: `${FAMILY}:*`,
  parameters: {
    family: 'checkout',
    copyOf: `${FAMILY}:41`,
    sourceDigest: SOURCE,
    sourcePointer: '/taskDefinition',
  },
  changes,
};
const update = (parameters: PlanStep['parameters']): PlanStep => ({
  operation: 'ecs:UpdateService',
  resource: SERVICE,
  parameters: { cluster: 'prod', service: SERVICE, ...parameters },
  changes,
});
const deploy = (taskDefinition: unknown) => ({ cluster: 'prod', service: SERVICE, taskDefinition });

function stepsOf(steps: readonly PlanStep[]) {
  const { plan } = sampleRemediation();
  const credentials = { ...plan.credentials, resources: [SERVICE, `${FAMILY}:*`] };
  const changed: RemediationPlan = { ...plan, credentials, steps: [...steps] };
  return createApprovedSteps(changed, open);
}

function approved(steps: readonly PlanStep[], operation: string, input: Record<string, unknown>, resource = SERVICE) {
  return stepsOf(steps).take({ operation, input }, resource);
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
    expect(approved(restart, 'ecs:RegisterTaskDefinition', COPY, `${FAMILY}:*`)).toBe(false);
  });

  test('once: whether it was answered or not', () => {
    const steps = stepsOf(restart);
    const first = { operation: 'ecs:UpdateService', input: good };
    expect(steps.take(first, SERVICE)).toBe(true);
    expect(steps.take({ ...first }, SERVICE)).toBe(false);
    steps.settle(first, null);
    expect(steps.take({ ...first }, SERVICE)).toBe(false);
    const answered = stepsOf(restart);
    expect(answered.take(first, SERVICE)).toBe(true);
    answered.settle(first, { service: { taskDefinition: `${FAMILY}:41` } });
    expect(answered.take({ ...first }, SERVICE)).toBe(false);
  });
});

describe('a copy', () => {
  const rollback = [REGISTER, update({ taskDefinition: '$step1.taskDefinition' })];

  test('is registered with what the named evidence holds', () => {
    expect(approved(rollback, 'ecs:RegisterTaskDefinition', COPY, `${FAMILY}:*`)).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another image', { ...COPY, containerDefinitions: [{ name: 'checkout', image: 'evil/miner', memory: 512 }] }],
    ['one more member', { ...COPY, taskRoleArn: 'arn:aws:iam::000000000001:role/admin' }],
    ['one member fewer', { family: 'checkout', containerDefinitions: COPY.containerDefinitions }],
  ])('not with %s', (_title, input) => {
    expect(approved(rollback, 'ecs:RegisterTaskDefinition', input, `${FAMILY}:*`)).toBe(false);
  });

  test.each<[string, PlanStep['parameters']]>([
    ['is not at hand', { sourceDigest: 'b'.repeat(64) }],
    ['holds another revision', { copyOf: `${FAMILY}:40` }],
    ['is read at another place', { sourcePointer: '/tags' }],
  ])('is not registered when its evidence %s', (_title, parameters) => {
    const step = { ...REGISTER, parameters: { ...REGISTER.parameters, ...parameters } };
    expect(approved([step], 'ecs:RegisterTaskDefinition', COPY, `${FAMILY}:*`)).toBe(false);
  });

  test('is deployed as the very revision that came back, after it came back', () => {
    const steps = stepsOf(rollback);
    const register = { operation: 'ecs:RegisterTaskDefinition', input: COPY };
    const sent = (taskDefinition: unknown) =>
      steps.take({ operation: 'ecs:UpdateService', input: deploy(taskDefinition) }, SERVICE);
    expect(sent(`${FAMILY}:43`)).toBe(false);
    expect(steps.take(register, `${FAMILY}:*`)).toBe(true);
    expect(sent(`${FAMILY}:43`)).toBe(false);
    steps.settle(register, { taskDefinition: { taskDefinitionArn: `${FAMILY}:43` } });
    for (const other of [`${FAMILY}:42`, 'checkout:43', `${ECS}:task-definition/payments:43`, SERVICE, 43]) {
      expect(sent(other)).toBe(false);
    }
    expect(sent(`${FAMILY}:43`)).toBe(true);
  });

  test('that failed is followed by nothing', () => {
    const steps = stepsOf([REGISTER, update({ taskDefinition: `${FAMILY}:41` })]);
    const register = { operation: 'ecs:RegisterTaskDefinition', input: COPY };
    expect(steps.take(register, `${FAMILY}:*`)).toBe(true);
    steps.settle(register, null);
    expect(steps.take({ operation: 'ecs:UpdateService', input: deploy(`${FAMILY}:41`) }, SERVICE)).toBe(false);
  });
});

describe('stored evidence of definitions', () => {
  const bytes = Buffer.from(JSON.stringify({ taskDefinition: DESCRIBED }));
  const digest = createHash('sha256').update(bytes).digest('hex');

  test('is opened only when it is what the digest says', () => {
    expect(createKnownDefinitions(() => bytes).open(digest)).toEqual({ taskDefinition: DESCRIBED });
    expect(createKnownDefinitions(() => Buffer.from('{"taskDefinition":{}}')).open(digest)).toBeNull();
    const none = createKnownDefinitions(() => {
      throw new Error('not stored');
    });
    expect(none.open(digest)).toBeNull();
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
