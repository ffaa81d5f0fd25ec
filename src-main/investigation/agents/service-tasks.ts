import { DescribeTasksCommand } from '@aws-sdk/client-ecs';
import type { Change } from '../analysis/model.ts';
import { type AgentTools, parseAnswer } from './agent.ts';
import { type DescribedService, TasksAnswer } from './infrastructure-answers.ts';

/** DescribeTasks takes at most a hundred. */
const TASKS_A_CALL = 100;
/** How ECS names a started task in a service's events; only the id is taken from the text. */
const STARTED_TASK = /\(task ([0-9a-f]{32})\)/g;

/** A service of the map as DescribeServices gave it, with where that is stored. */
export interface SeenService {
  readonly service: string;
  readonly cluster: string;
  readonly described: DescribedService;
  readonly digest: string;
  readonly index: number;
}

/** A task as far as it tells what ran and what failed. Times are epoch milliseconds, NaN where there is none. */
export interface SeenTask {
  readonly service: string;
  readonly definition: string | undefined;
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly failed: boolean;
  readonly citation: Change['citation'];
}

/** The tasks that the services' events say were started inside the window. */
export async function describeTasks(
  tools: AgentTools,
  seen: readonly SeenService[],
  gaps: string[],
): Promise<readonly SeenTask[]> {
  const found: SeenTask[] = [];
  for (const { service, cluster, described } of seen) {
    const recent = described.events.filter(({ createdAt }) => Date.parse(createdAt ?? '') >= tools.window.from);
    const ids = [
      ...new Set(recent.flatMap(({ message }) => [...message.matchAll(STARTED_TASK)].map((match) => match[1] ?? ''))),
    ];
    const tasks = ids.slice(0, TASKS_A_CALL);
    if (tasks.length === 0) continue;
    if (ids.length > tasks.length) {
      gaps.push(`Of ${ids.length} tasks started for ${service} only the newest ${tasks.length} were looked at.`);
    }
    const answer = await tools.clients.ecs.send(new DescribeTasksCommand({ cluster, tasks }), {
      abortSignal: tools.signal,
    });
    const kept = tools.keep('ecs:DescribeTasks', answer);
    const parsed = parseAnswer(TasksAnswer, 'ecs:DescribeTasks', kept.value);
    parsed.tasks.forEach((task, row) => {
      found.push({
        service,
        definition: task.taskDefinitionArn,
        startedAt: Date.parse(task.startedAt ?? ''),
        stoppedAt: Date.parse(task.stoppedAt ?? ''),
        failed: task.containers.some(({ exitCode }) => exitCode !== undefined && exitCode !== 0),
        citation: { digest: kept.digest, pointer: '/tasks', from: row, to: row + 1 },
      });
    });
  }
  return found;
}

/** The changes that tasks which stopped with an error are. */
export function stoppedAmong(tasks: readonly SeenTask[]): readonly Change[] {
  return tasks.flatMap(({ service, stoppedAt, failed, citation }): Change[] =>
    Number.isFinite(stoppedAt) && failed ? [{ service, time: stoppedAt, kind: 'task-stopped', citation }] : [],
  );
}
