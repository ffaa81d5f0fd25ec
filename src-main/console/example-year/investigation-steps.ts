import { TASK_ACTIONS } from '#main/credentials/session-policy.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import { AGENT_OF_TASK, type TaskKind } from '#shared/model/task.ts';
import { ACCOUNT, agent, ENVIRONMENT, REGION } from './cast.ts';
import { type Happening, HOUR, MINUTE, of, SECOND, timeOf } from './happening.ts';
import { type ExampleLease, leaseIssued, leaseRevoked, readingCall } from './lease-steps.ts';
import { arnOf } from './plan.ts';
import { policyDecided, type Stage } from './stage.ts';

export interface ExampleCase {
  readonly incident: string;
  readonly investigation: string;
  readonly service: string;
  readonly onBehalfOf: Actor;
  /** Calls of each of the three agents. */
  readonly calls: number;
  /** The cloud does not confirm that one of the leases ended. */
  readonly revocationFails: boolean;
}

const TASKS = ['log-analysis', 'metric-analysis', 'infrastructure-inspection'] as const satisfies readonly TaskKind[];
const OPERATIONS: Readonly<Record<(typeof TASKS)[number], readonly string[]>> = {
  'log-analysis': ['logs:StartQuery', 'logs:GetQueryResults'],
  'metric-analysis': ['cloudwatch:GetMetricData'],
  'infrastructure-inspection': ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'ecs:DescribeTasks'],
};
const SUMMARIES: Readonly<Record<(typeof TASKS)[number], string>> = {
  'log-analysis': 'Synthetic: errors of one kind begin with the incident.',
  'metric-analysis': 'Synthetic: one metric leaves its usual range with the incident.',
  'infrastructure-inspection': 'Synthetic: a deployment was completed shortly before the incident.',
};
/** How long the three agents work at most. */
export const AGENTS_MS = 100 * SECOND;

export const linksOf = ({ incident, investigation }: ExampleCase): Links => ({ incident, investigation });

function resourcesOf(task: (typeof TASKS)[number], service: string): readonly string[] {
  if (task === 'log-analysis') return [`arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/example/${service}`];
  if (task === 'metric-analysis') return [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:metric/${service}`];
  return [arnOf(service)];
}

export function started({ content }: Stage, work: ExampleCase, at: number): Happening {
  return {
    at,
    input: of<'investigation.started'>({
      action: 'investigation.started',
      outcome: 'success',
      actor: work.onBehalfOf,
      target: { type: 'investigation', id: work.investigation },
      links: linksOf(work),
      data: {
        environment: ENVIRONMENT,
        from: timeOf(at - 3 * HOUR),
        to: timeOf(at),
        services: 6,
        method: { name: 'causeway-rca', version: '1' },
        mapDigest: content.digest(),
      },
    }),
  };
}

/** Three agents side by side, each under its own lease. */
export function agentsAtWork(stage: Stage, work: ExampleCase, at: number): readonly Happening[] {
  return TASKS.flatMap((task, index) => agentTask(stage, work, task, at + index * 350));
}

function agentTask(stage: Stage, work: ExampleCase, task: (typeof TASKS)[number], at: number): readonly Happening[] {
  const { content } = stage;
  const { onBehalfOf } = work;
  const name = AGENT_OF_TASK[task];
  const resources = resourcesOf(task, work.service);
  const lease: ExampleLease = {
    id: `lease-${content.hex(8)}`,
    task,
    links: linksOf(work),
    onBehalfOf,
    resources,
  };
  const withLease = { ...lease, links: { ...lease.links, lease: lease.id } };
  const apart = (AGENTS_MS - 20 * SECOND) / (work.calls + 1);
  const operations = OPERATIONS[task];
  const calls = Array.from({ length: work.calls }, (_, index) =>
    readingCall(
      stage,
      withLease,
      Math.floor(at + 2 * SECOND + index * apart),
      operations[index % operations.length] ?? '',
    ),
  ).flat();
  const done = at + AGENTS_MS - 12 * SECOND;
  return [
    policyDecided(stage, at, {
      rule: 'dispatch',
      principal: 'Agent::orchestrator',
      action: 'dispatchAgent',
      resource: { type: 'Task', id: task },
      actor: agent('orchestrator'),
      onBehalfOf,
      links: linksOf(work),
    }),
    {
      at: at + 40,
      input: of<'investigation.agent_dispatched'>({
        action: 'investigation.agent_dispatched',
        outcome: 'success',
        actor: agent('orchestrator'),
        onBehalfOf,
        target: { type: 'investigation', id: work.investigation },
        links: linksOf(work),
        data: {
          agent: name,
          task,
          actions: [...TASK_ACTIONS[task]],
          resources: [...resources],
          argumentsDigest: content.digest(),
        },
      }),
    },
    ...leaseIssued(stage, withLease, at + 100),
    ...calls,
    ...masked(stage, work, task, done - 300),
    {
      at: done,
      input: of<'investigation.findings_submitted'>({
        action: 'investigation.findings_submitted',
        outcome: 'success',
        actor: agent(name),
        onBehalfOf,
        target: { type: 'investigation', id: work.investigation },
        links: linksOf(work),
        data: {
          agent: name,
          findings: content.int(1, 14),
          findingsDigest: content.digest(),
          evidence: [content.digest(), content.digest()].sort(),
          summary: SUMMARIES[task],
        },
      }),
    },
    ...leaseRevoked(stage, withLease, done + 100, {
      calls: work.calls,
      failed: work.revocationFails && task === 'log-analysis',
    }),
  ];
}

/** Logs hold personal values now and then: they are masked before an agent sees them. */
function masked({ content }: Stage, work: ExampleCase, task: TaskKind, at: number): readonly Happening[] {
  if (task !== 'log-analysis' || !content.chance(0.35)) return [];
  return [
    {
      at,
      input: of<'investigation.data_masked'>({
        action: 'investigation.data_masked',
        outcome: 'success',
        actor: agent('log-analyst'),
        onBehalfOf: work.onBehalfOf,
        target: { type: 'investigation', id: work.investigation },
        links: linksOf(work),
        data: {
          agent: 'log-analyst',
          pattern: content.pick(['email', 'ipv4', 'phone']),
          count: content.int(1, 40),
          evidence: content.digest(),
        },
      }),
    },
  ];
}

export function ranked({ content }: Stage, work: ExampleCase, at: number, abstained: boolean): Happening {
  const confidence = abstained ? '0.41' : `0.${content.int(71, 98)}`;
  return {
    at,
    input: of<'investigation.hypotheses_ranked'>({
      action: 'investigation.hypotheses_ranked',
      outcome: 'success',
      actor: agent('orchestrator'),
      onBehalfOf: work.onBehalfOf,
      target: { type: 'investigation', id: work.investigation },
      links: linksOf(work),
      data: {
        method: { name: 'causeway-rca', version: '1' },
        considered: content.int(3, 12),
        abstained,
        threshold: '0.7',
        hypotheses: [
          {
            id: 'h-1',
            rank: 1,
            service: work.service,
            detector: 'deployment',
            confidence,
            evidence: [content.digest()],
          },
        ],
        rankingDigest: content.digest(),
      },
    }),
  };
}

export function completed(
  work: ExampleCase,
  at: number,
  result: 'proposed' | 'abstained' | 'no-action',
  elapsedMs: number,
): Happening {
  return {
    at,
    input: of<'investigation.completed'>({
      action: 'investigation.completed',
      outcome: 'success',
      actor: agent('orchestrator'),
      onBehalfOf: work.onBehalfOf,
      target: { type: 'investigation', id: work.investigation },
      links: linksOf(work),
      data: { result, systemCalls: 3 * work.calls, elapsedMs },
    }),
  };
}

export function endedEarly(stage: Stage, work: ExampleCase, at: number, elapsedMs: number): Happening {
  const common = {
    target: { type: 'investigation', id: work.investigation },
    links: linksOf(work),
    onBehalfOf: work.onBehalfOf,
  };
  if (stage.content.chance(0.5)) {
    return {
      at,
      input: of<'investigation.cancelled'>({
        ...common,
        action: 'investigation.cancelled',
        outcome: 'success',
        actor: work.onBehalfOf,
        data: { reason: 'user', elapsedMs },
      }),
    };
  }
  return {
    at,
    input: of<'investigation.failed'>({
      ...common,
      action: 'investigation.failed',
      outcome: 'failure',
      actor: agent('orchestrator'),
      data: { code: 'timeout', reason: 'Synthetic: the investigation took longer than five minutes.', elapsedMs },
    }),
  };
}

/** From the start to where agents have said what they found. */
export const UNTIL_RANKED_MS = AGENTS_MS + 5 * SECOND;
export const LONGEST_CASE_MS = 2 * HOUR + 10 * MINUTE;
