import {
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { copyOfDefinition } from '../../credentials/approved-copy.ts';
import type { Lease } from '../../credentials/lease.ts';
import { errorName } from '../../platform/aws-calls.ts';
import { parseAnswer } from './agent.ts';

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
const Updated = z.object({
  service: z.object({
    serviceArn: z.string(),
    taskDefinition: z.string(),
    deployments: z
      .array(z.object({ status: z.string().max(64).optional(), taskDefinition: z.string().max(1024).optional() }))
      .default([]),
  }),
});

export interface RemediatorTools {
  readonly clients: Pick<Lease['clients'], 'ecs'>;
  /** Opens stored evidence by digest; throws when it is not what the digest says. */
  readonly openEvidence: (digest: string) => unknown;
  readonly keep: (operation: string, answer: object) => unknown;
  readonly say: (activity: string) => void;
  /** How many calls have left so far. */
  readonly sent: () => number;
  /** Between steps only: a step under way is better waited for than left in doubt. */
  readonly signal: AbortSignal;
}

/** Whether a change was made in the cloud: `unknown` when it was asked for and no answer tells. */
export type Made = 'no' | 'unknown' | 'yes';

/** A step that failed; steps after it were not tried. The message says for people what is known of the change. */
export class StepFailed extends Error {
  readonly step: number;
  /** What this step did; those before it were carried out. */
  readonly made: Made;

  constructor(step: number, made: Made, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StepFailed';
    this.step = step;
    this.made = made;
  }
}

/** What the steps did. `replaced`: task definitions that the deployments being replaced run, by ARN. */
export interface CarriedOut {
  readonly replaced: readonly string[];
}

interface StepResult {
  readonly taskDefinition: string;
  readonly replaced: readonly string[];
}

/** A step ready to be sent, and how to read what comes back. */
interface PreparedStep {
  readonly send: () => Promise<object>;
  readonly read: (kept: unknown) => StepResult;
}

/**
 * Carries out the steps of an approved plan, exactly and in order, and stops at the first that fails. What to send comes
 * from the plan and from evidence the plan names by digest, from nothing else.
 * @throws StepFailed with the number of the step, from 1
 */
export async function carryOut(plan: RemediationPlan, tools: RemediatorTools): Promise<CarriedOut> {
  const results = new Map<string, string>();
  const replaced: string[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const number = index + 1;
    tools.say(`Step ${number} of ${plan.steps.length}: ${step.operation}.`);
    const done = await carryOutStep(step, number, results, tools);
    results.set(`$step${number}.taskDefinition`, done.taskDefinition);
    replaced.push(...done.replaced);
  }
  return { replaced };
}

async function carryOutStep(
  step: PlanStep,
  number: number,
  results: ReadonlyMap<string, string>,
  tools: RemediatorTools,
): Promise<StepResult> {
  const { operation } = step;
  const before = tools.sent();
  let answer: object;
  let read: PreparedStep['read'];
  try {
    tools.signal.throwIfAborted();
    const prepared = prepareStep(step, results, tools);
    read = prepared.read;
    answer = await prepared.send();
  } catch (cause) {
    const made = tools.sent() === before ? 'no' : isRefusal(cause) ? 'no' : 'unknown';
    throw new StepFailed(number, made, describeFailure(operation, cause, tools.sent() > before, made), cause);
  }
  try {
    return read(tools.keep(operation, answer));
  } catch (cause) {
    const text = `${operation} was carried out, but its answer could not be kept and read (${errorName(cause)}).`;
    throw new StepFailed(number, 'yes', `${text} The change was made.`, cause);
  }
}

function describeFailure(operation: string, cause: unknown, sent: boolean, made: Made): string {
  const name = errorName(cause);
  if (!sent) return cause instanceof CausewayError ? cause.message : `${operation} was not sent (${name}).`;
  if (made === 'no') return `The cloud refused ${operation}: ${name}.`;
  if (cause instanceof CausewayError && cause.code !== 'cloud-unreachable') {
    return `${operation} was sent, but what became of it could not be put on record. The change may have been made. ${cause.message}`;
  }
  const answered = statusOf(cause) === undefined ? `No answer came to ${operation}` : `${operation} was answered`;
  return `${answered} (${name}); the change may have been made.`;
}

/**
 * Whether the cloud said no. After a retry a no is not the whole story: an attempt before may have been carried out and
 * only its answer lost. An answer that says the calls come too fast is a no to each attempt.
 */
function isRefusal(cause: unknown): boolean {
  const status = statusOf(cause);
  if (status === undefined || status < 400 || status > 499) return false;
  const { attempts } = (cause as { readonly $metadata: { readonly attempts?: number } }).$metadata;
  return (attempts ?? 1) <= 1 || /Throttl|TooManyRequests|RequestLimitExceeded/.test(errorName(cause));
}

function statusOf(cause: unknown): number | undefined {
  const status = (cause as { readonly $metadata?: { readonly httpStatusCode?: unknown } } | null)?.$metadata
    ?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}

function prepareStep(step: PlanStep, results: ReadonlyMap<string, string>, tools: RemediatorTools): PreparedStep {
  const { operation } = step;
  const { ecs } = tools.clients;
  switch (operation) {
    case 'ecs:RegisterTaskDefinition': {
      const input = copyDefinition(RegisterParameters.parse(step.parameters), tools);
      return {
        send: () => ecs.send(new RegisterTaskDefinitionCommand(input)),
        read: (kept) => ({
          taskDefinition: parseAnswer(Registered, operation, kept).taskDefinition.taskDefinitionArn,
          replaced: [],
        }),
      };
    }
    case 'ecs:UpdateService': {
      const { cluster, service, ...rest } = UpdateParameters.parse(step.parameters);
      const wanted = rest.taskDefinition === undefined ? undefined : resolveResult(rest.taskDefinition, results);
      const command = new UpdateServiceCommand({
        cluster,
        service,
        ...(wanted === undefined ? {} : { taskDefinition: wanted }),
        ...(rest.forceNewDeployment === undefined ? {} : { forceNewDeployment: rest.forceNewDeployment }),
      });
      return {
        send: () => ecs.send(command),
        read: (kept) => {
          const { taskDefinition, deployments } = parseAnswer(Updated, operation, kept).service;
          const others = deployments.filter(({ status }) => status !== 'PRIMARY');
          return { taskDefinition, replaced: others.flatMap((one) => one.taskDefinition ?? []) };
        },
      };
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
  const copy = copyOfDefinition(tools.openEvidence(parameters.sourceDigest), parameters);
  if (copy === null) throw differs('is not the one in the evidence');
  // As described by ECS itself and held by its digest: the SDK's own type cannot be shown to the compiler here.
  return copy as unknown as RegisterTaskDefinitionCommandInput;
}

function differs(what: string): CausewayError {
  return new CausewayError('conflict', `The task definition to register ${what}. Nothing was changed.`, {
    reason: 'plan-evidence',
  });
}
