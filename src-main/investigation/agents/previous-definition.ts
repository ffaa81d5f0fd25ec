import { splitTaskDefinition } from '../inspection.ts';
import type { DescribedService } from './infrastructure-answers.ts';
import type { SeenTask } from './service-tasks.ts';

/**
 * What ran before, as far as the cloud shows it: a deployment that is still being replaced, best one that was complete;
 * else the task definition of the task that was started last before the deployment.
 */
export function definitionRunBefore(
  described: DescribedService,
  deployedAt: number,
  tasks: readonly SeenTask[],
): string | undefined {
  const other = (definition: string | undefined) => definition !== undefined && definition !== described.taskDefinition;
  const complete = (state: string | undefined) => (state === 'COMPLETED' ? 1 : 0);
  const [replaced] = described.deployments
    .filter(({ status, taskDefinition }) => status !== 'PRIMARY' && other(taskDefinition))
    .sort((a, b) => complete(b.rolloutState) - complete(a.rolloutState) || begunAt(b) - begunAt(a));
  if (replaced !== undefined) return replaced.taskDefinition;
  const [task] = tasks
    .filter(({ definition, startedAt }) => other(definition) && startedAt < deployedAt)
    .sort((a, b) => b.startedAt - a.startedAt);
  return task?.definition;
}

/** A guess at what ran before: nothing says that every revision was deployed. */
export function revisionBefore(described: DescribedService): string | undefined {
  const parts = splitTaskDefinition(described.taskDefinition);
  return parts === undefined || parts.revision < 2 ? undefined : `${parts.prefix}${parts.family}:${parts.revision - 1}`;
}

function begunAt({ createdAt }: { readonly createdAt?: string | undefined }): number {
  const time = Date.parse(createdAt ?? '');
  return Number.isFinite(time) ? time : 0;
}
