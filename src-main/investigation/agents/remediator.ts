import {
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import type { Lease } from '../../credentials/lease.ts';
import { readPointer } from '../evidence/pointer.ts';
import { parseAnswer } from './agent.ts';

/**
 * The members of a described task definition that make it up; the rest is what ECS adds (revision, status, times).
 * Source: Amazon ECS API Reference, RegisterTaskDefinition.
 */
const DEFINITION_MEMBERS = [
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'containerDefinitions',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'inferenceAccelerators',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const;

const Text = z.string().min(1).max(1000);
const RegisterParameters = z.strictObject({
  family: Text,
  copyOf: Text,
  sourceDigest: z.string().regex(/^[0-9a-f]{64}$/),
  sourcePointer: Text,
});
const UpdateParameters = z.strictObject({
  cluster: Text,
  service: Text,
  taskDefinition: Text.optional(),
  forceNewDeployment: z.boolean().optional(),
});
const Registered = z.object({
  taskDefinition: z.object({ taskDefinitionArn: z.string().max(1024), family: z.string(), revision: z.number().int() }),
});
const Updated = z.object({ service: z.object({ serviceArn: z.string(), taskDefinition: z.string() }) });

export interface RemediatorTools {
  readonly clients: Pick<Lease['clients'], 'ecs'>;
  /** Opens stored evidence by digest; throws when it is not what the digest says. */
  readonly openEvidence: (digest: string) => unknown;
  readonly keep: (operation: string, answer: object) => unknown;
  readonly say: (activity: string) => void;
}

/** A step that failed; steps after it were not tried. */
export class StepFailed extends Error {
  readonly step: number;

  constructor(step: number, cause: unknown) {
    super(`step ${step} failed`, { cause });
    this.name = 'StepFailed';
    this.step = step;
  }
}

/**
 * Carries out the steps of an approved plan, exactly and in order, and stops at the first that fails. What to send comes
 * from the plan and from evidence the plan names by digest, from nothing else.
 * @throws StepFailed with the number of the step, from 1
 */
export async function carryOut(plan: RemediationPlan, tools: RemediatorTools): Promise<void> {
  const results = new Map<string, string>();
  for (const [index, step] of plan.steps.entries()) {
    const number = index + 1;
    tools.say(`Step ${number} of ${plan.steps.length}: ${step.operation}.`);
    try {
      const taskDefinition = await carryOutStep(step, results, tools);
      results.set(`$step${number}.taskDefinition`, taskDefinition);
    } catch (cause) {
      throw new StepFailed(number, cause);
    }
  }
}

async function carryOutStep(
  step: PlanStep,
  results: ReadonlyMap<string, string>,
  tools: RemediatorTools,
): Promise<string> {
  switch (step.operation) {
    case 'ecs:RegisterTaskDefinition': {
      const input = copyDefinition(RegisterParameters.parse(step.parameters), tools);
      const answer = await tools.clients.ecs.send(new RegisterTaskDefinitionCommand(input));
      const kept = tools.keep(step.operation, answer);
      return parseAnswer(Registered, step.operation, kept).taskDefinition.taskDefinitionArn;
    }
    case 'ecs:UpdateService': {
      const { taskDefinition, ...rest } = UpdateParameters.parse(step.parameters);
      const wanted = taskDefinition === undefined ? undefined : resolveResult(taskDefinition, results);
      const answer = await tools.clients.ecs.send(
        new UpdateServiceCommand({
          cluster: rest.cluster,
          service: rest.service,
          ...(wanted === undefined ? {} : { taskDefinition: wanted }),
          ...(rest.forceNewDeployment === undefined ? {} : { forceNewDeployment: rest.forceNewDeployment }),
        }),
      );
      const kept = tools.keep(step.operation, answer);
      return parseAnswer(Updated, step.operation, kept).service.taskDefinition;
    }
  }
}

function resolveResult(value: string, results: ReadonlyMap<string, string>): string {
  if (!value.startsWith('$')) return value;
  const found = results.get(value);
  if (found !== undefined) return found;
  throw new CausewayError('conflict', `The plan names ${value}, which no earlier step has given.`, {
    reason: 'plan-reference',
  });
}

function copyDefinition(
  parameters: z.infer<typeof RegisterParameters>,
  tools: RemediatorTools,
): RegisterTaskDefinitionCommandInput {
  const source = readPointer(tools.openEvidence(parameters.sourceDigest), parameters.sourcePointer);
  if (typeof source !== 'object' || source === null) throw differs('is not in the evidence');
  const described = source as Readonly<Record<string, unknown>>;
  if (described.taskDefinitionArn !== parameters.copyOf) throw differs('is not the one in the evidence');
  if (described.family !== parameters.family) throw differs('is of another family');
  const members = DEFINITION_MEMBERS.flatMap((name) =>
    described[name] === undefined ? [] : [[name, described[name]]],
  );
  // As described by ECS itself and held by its digest: the SDK's own type cannot be shown to the compiler here.
  return Object.fromEntries(members) as unknown as RegisterTaskDefinitionCommandInput;
}

function differs(what: string): CausewayError {
  return new CausewayError('conflict', `The task definition to register ${what}. Nothing was changed.`, {
    reason: 'plan-evidence',
  });
}
