import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { CausewayError } from '#shared/errors.ts';
import type { PlanStep, RemediationPlan } from '#shared/model/plan.ts';
import { AGENT_OF_TASK } from '#shared/model/task.ts';
import { toolsFor } from './agent-task.ts';
import { parseAnswer } from './agents/agent.ts';
import { ServicesAnswer } from './agents/infrastructure-answers.ts';
import type { Case } from './case.ts';
import { shortName } from './inspection.ts';

const TASK = 'infrastructure-inspection';
const DESCRIBE = 'ecs:DescribeServices';
/** The change of a plan that says which task definition the service runs. */
const RUNNING_DEFINITION = 'taskDefinition';

/**
 * Looks at the service once more, just before a plan for it is carried out: between proposal and approval somebody else
 * may have deployed, and undoing that is not what was approved. Under a read lease of its own, revoked at once.
 * Returns the task definitions the service is running, by ARN: what the plan may replace.
 * @throws CausewayError `conflict` with reason `plan-stale`; whatever the broker and the cloud refuse. Nothing was changed.
 */
export async function demandFitting(work: Case, plan: RemediationPlan): Promise<ReadonlySet<string>> {
  const step = plan.steps.find(({ operation }) => operation === 'ecs:UpdateService');
  const expected = step?.changes.find(({ field }) => field === RUNNING_DEFINITION)?.before ?? null;
  if (step === undefined || expected === null) {
    throw stale('The plan does not say which task definition it was made for');
  }
  const { primary, all } = await readDeployments(work, step);
  if (shortName(primary) !== expected) {
    const service = plan.blastRadius.service;
    throw stale(`The plan is stale: it was made for ${expected}, and ${service} runs ${shortName(primary)} now`);
  }
  return all;
}

function stale(what: string): CausewayError {
  const text = `${what}. Nothing was changed. Investigate again.`;
  return new CausewayError('conflict', text.slice(0, 1000), { reason: 'plan-stale' });
}

async function readDeployments(
  work: Case,
  step: PlanStep,
): Promise<{ readonly primary: string; readonly all: ReadonlySet<string> }> {
  const { environment, incident, id, onBehalfOf, signal } = work;
  const lease = await work.broker.issue({
    environment,
    task: TASK,
    agent: AGENT_OF_TASK[TASK],
    incident: incident.id,
    investigation: id,
    resources: [step.resource],
    onBehalfOf,
  });
  let finished = false;
  try {
    const { cluster } = step.parameters;
    const answer = await lease.clients.ecs.send(
      new DescribeServicesCommand({ cluster: String(cluster), services: [step.resource] }),
      { abortSignal: signal },
    );
    const kept = toolsFor(work, TASK, lease.clients).keep(DESCRIBE, answer).value;
    const { services } = parseAnswer(ServicesAnswer, DESCRIBE, kept);
    const service = services.find(({ serviceArn }) => serviceArn === step.resource);
    if (service === undefined) throw stale('The service the plan was made for was not found');
    const { deployments } = service;
    const primary = deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinition ?? service.taskDefinition;
    const all = new Set([primary, ...deployments.flatMap(({ taskDefinition }) => taskDefinition ?? [])]);
    finished = true;
    return { primary, all };
  } finally {
    await work.broker.revoke(lease, finished ? 'task-finished' : signal.aborted ? 'cancelled' : 'task-failed');
  }
}
