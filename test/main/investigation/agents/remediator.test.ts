import type { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { carryOut, type RemediatorTools, StepFailed } from '#main/investigation/agents/remediator.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { sampleRemediation } from '../../../support/sample-remediation.ts';

const DIGEST = 'e'.repeat(64);
const ARN = 'arn:aws:ecs:us-east-1:000000000001:task-definition/checkout:41';
const described = {
  taskDefinitionArn: ARN,
  family: 'checkout',
  revision: 41,
  status: 'INACTIVE',
  registeredAt: '2026-01-01T00:00:00.000Z',
  cpu: '256',
  containerDefinitions: [
    { name: 'checkout', image: 'shop/checkout:41', environment: [{ name: 'A', value: 'secret' }] },
  ],
};
const changes = [{ field: 'x', before: null, after: null }];
const register = (more: Record<string, string> = {}): PlanStep => ({
  operation: 'ecs:RegisterTaskDefinition',
  resource: ARN,
  parameters: { family: 'checkout', copyOf: ARN, sourceDigest: DIGEST, sourcePointer: '/taskDefinition', ...more },
  changes,
});
const update = (taskDefinition: string): PlanStep => ({
  operation: 'ecs:UpdateService',
  resource: ARN,
  parameters: { cluster: 'prod', service: 'checkout', taskDefinition },
  changes,
});

function withSteps(...steps: PlanStep[]): RemediationPlan {
  return { ...sampleRemediation().plan, steps };
}

/** A cloud that answers as ECS does and remembers what it was sent. */
function tools(sent: object[], evidence: unknown = { taskDefinition: described }): RemediatorTools {
  const send = async (command: RegisterTaskDefinitionCommand | UpdateServiceCommand) => {
    sent.push(command.input);
    if ('containerDefinitions' in command.input) {
      return { taskDefinition: { taskDefinitionArn: `${ARN.slice(0, -2)}43`, family: 'checkout', revision: 43 } };
    }
    const { service, taskDefinition } = command.input as { service?: string; taskDefinition?: string };
    return { service: { serviceArn: service, taskDefinition: taskDefinition ?? ARN } };
  };
  return {
    clients: { ecs: { send } as unknown as RemediatorTools['clients']['ecs'] },
    openEvidence: () => evidence,
    keep: (_, answer) => answer,
    say: () => undefined,
    sent: () => sent.length,
    signal: new AbortController().signal,
  };
}

describe('carryOut', () => {
  it('registers exactly the stored definition and deploys what came of it', async () => {
    const sent: object[] = [];
    await carryOut(withSteps(register(), update('$step1.taskDefinition')), tools(sent));
    const { family, cpu, containerDefinitions } = described;
    expect(sent).toEqual([
      { family, cpu, containerDefinitions },
      { cluster: 'prod', service: 'checkout', taskDefinition: `${ARN.slice(0, -2)}43` },
    ]);
  });

  it.each([
    ['a reference no step gave', withSteps(update('$step2.taskDefinition')), undefined],
    ['evidence of another definition', withSteps(register({ copyOf: `${ARN}0` })), undefined],
    ['evidence of another family', withSteps(register({ family: 'other' })), undefined],
    ['evidence without it', withSteps(register()), {}],
    ['parameters that are not of the step', withSteps(register({ extra: 'x' })), undefined],
  ])('sends nothing for %s', async (_, plan, evidence) => {
    const sent: object[] = [];
    await expect(carryOut(plan, tools(sent, evidence))).rejects.toBeInstanceOf(StepFailed);
    expect(sent).toEqual([]);
  });

  it('stops at the first step that fails and says which', async () => {
    const sent: object[] = [];
    const plan = withSteps(update(ARN), update('$nothing'), update(ARN));
    await expect(carryOut(plan, tools(sent))).rejects.toMatchObject({ step: 2 });
    expect(sent).toHaveLength(1);
  });

  const failWith = (sent: object[], failure: unknown): RemediatorTools => ({
    ...tools(sent),
    clients: {
      ecs: {
        send: (command: UpdateServiceCommand) => {
          sent.push(command.input);
          return Promise.reject(failure);
        },
      } as unknown as RemediatorTools['clients']['ecs'],
    },
  });
  const answer = (name: string, httpStatusCode: number, attempts: number) =>
    Object.assign(new Error('text of the cloud'), { name, $metadata: { httpStatusCode, attempts } });

  /** @securityTest A change is said not to be made only when the cloud said no, or was not asked */
  it.each([
    ['a refusal', answer('AccessDeniedException', 400, 1), 'no', /refused/],
    ['throttling of every attempt', answer('ThrottlingException', 400, 3), 'no', /refused/],
    ['a refusal after a retry', answer('InvalidParameterException', 400, 2), 'unknown', /may have been made/],
    ['a failure of the cloud', answer('ServerException', 500, 3), 'unknown', /was answered .*may have been made/],
    ['a lost answer', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'unknown', /No answer .*may have been/],
  ] as const)('tells from %s whether the change was made', async (_, failure, made, message) => {
    const attempt = carryOut(withSteps(update(ARN)), failWith([], failure));
    await expect(attempt).rejects.toMatchObject({ step: 1, made, message: expect.stringMatching(message) });
  });

  it('says that a change was made whose answer could not be kept', async () => {
    const own: RemediatorTools = {
      ...tools([]),
      keep: () => {
        throw new Error('disk full');
      },
    };
    await expect(carryOut(withSteps(update(ARN)), own)).rejects.toMatchObject({
      step: 1,
      made: 'yes',
      message: expect.stringContaining('The change was made.'),
    });
  });

  it('names what the deployments run that are being replaced', async () => {
    const service = {
      serviceArn: 'checkout',
      taskDefinition: ARN,
      deployments: [
        { status: 'PRIMARY', taskDefinition: ARN },
        { status: 'ACTIVE', taskDefinition: `${ARN}9` },
      ],
    };
    const own = { ...tools([]), keep: () => ({ service }) };
    expect(await carryOut(withSteps(update(ARN)), own)).toEqual({ replaced: [`${ARN}9`] });
  });

  it('sends nothing once it is stopped', async () => {
    const sent: object[] = [];
    const own = { ...tools(sent), signal: AbortSignal.abort() };
    await expect(carryOut(withSteps(update(ARN)), own)).rejects.toMatchObject({ step: 1, made: 'no' });
    expect(sent).toEqual([]);
  });
});
