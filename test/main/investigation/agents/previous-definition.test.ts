import { describe, expect, it } from 'vitest';
import { type DescribedService, ServicesAnswer } from '#main/investigation/agents/infrastructure-answers.ts';
import { definitionRunBefore, revisionBefore } from '#main/investigation/agents/previous-definition.ts';
import type { SeenTask } from '#main/investigation/agents/service-tasks.ts';

const arn = (revision: number) => `arn:aws:ecs:us-east-1:000000000001:task-definition/checkout:${revision}`;
const DEPLOYED = Date.parse('2026-01-02T10:00:00.000Z');
const at = (minutes: number) => DEPLOYED + minutes * 60_000;

interface Deployed {
  readonly status: string;
  readonly revision: number;
  readonly minutes: number;
  readonly rolloutState?: string;
}

function service(...more: readonly Deployed[]): DescribedService {
  const deployments = [{ status: 'PRIMARY', revision: 9, minutes: 0, rolloutState: 'IN_PROGRESS' }, ...more];
  const [described] = ServicesAnswer.parse({
    services: [
      {
        serviceArn: 'arn:aws:ecs:us-east-1:000000000001:service/prod/checkout',
        serviceName: 'checkout',
        taskDefinition: arn(9),
        deployments: deployments.map(({ revision, minutes, ...rest }) => ({
          ...rest,
          taskDefinition: arn(revision),
          createdAt: new Date(at(minutes)).toISOString(),
        })),
      },
    ],
  }).services;
  if (described === undefined) throw new Error('no service');
  return described;
}

const task = (revision: number, minutes: number): SeenTask => ({
  service: 'checkout',
  definition: arn(revision),
  startedAt: at(minutes),
  stoppedAt: Number.NaN,
  failed: false,
  citation: { digest: 'a'.repeat(64), pointer: '/tasks', from: 0, to: 1 },
});

describe('what ran before a deployment', () => {
  it('is the deployment being replaced, a complete one before one that never was', () => {
    expect(definitionRunBefore(service({ status: 'ACTIVE', revision: 3, minutes: -90 }), DEPLOYED, [task(5, -1)])).toBe(
      arn(3),
    );
    const twice = service(
      { status: 'ACTIVE', revision: 8, minutes: -5, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', revision: 3, minutes: -90, rolloutState: 'COMPLETED' },
    );
    expect(definitionRunBefore(twice, DEPLOYED, [])).toBe(arn(3));
  });

  it('is else what the task started last before it ran', () => {
    const tasks = [task(4, -60), task(5, -30), task(9, -1), task(7, 10)];
    expect(definitionRunBefore(service(), DEPLOYED, tasks)).toBe(arn(5));
  });

  it('is not known when neither shows it, and the revision before is only a guess', () => {
    expect(definitionRunBefore(service(), DEPLOYED, [task(9, -10), task(7, 10)])).toBeUndefined();
    expect(revisionBefore(service())).toBe(arn(8));
    expect(revisionBefore({ ...service(), taskDefinition: arn(1) })).toBeUndefined();
  });
});
