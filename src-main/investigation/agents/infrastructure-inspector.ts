import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
} from '@aws-sdk/client-ecs';
import { errorName } from '../../platform/aws-calls.ts';
import type { Change } from '../analysis/model.ts';
import { type InspectedService, shortName, splitTaskDefinition, type TaskDefinition } from '../inspection.ts';
import { type AgentFinding, type AgentReport, type AgentTools, forEachBounded, parseAnswer } from './agent.ts';
import {
  type DescribedService,
  InstancesAnswer,
  ServicesAnswer,
  TaskDefinitionAnswer,
  TasksAnswer,
} from './infrastructure-answers.ts';
import { toTaskDefinition } from './task-definition.ts';

const AT_ONCE = 3;
/** DescribeServices takes at most ten names, DescribeTasks at most a hundred. */
const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;
const MOST_PAGES = 10;
/** How ECS names a started task in a service's events; only the id is taken from the text. */
const STARTED_TASK = /\(task ([0-9a-f]{32})\)/g;

export interface Inspection {
  readonly services: readonly InspectedService[];
  readonly changes: readonly Change[];
}

interface Seen {
  readonly service: string;
  readonly cluster: string;
  readonly described: DescribedService;
  readonly digest: string;
  readonly index: number;
}

/** Looks at clusters, services, what was deployed inside the window and what it replaced, stopped tasks and instances. */
export async function inspectInfrastructure(tools: AgentTools): Promise<AgentReport<Inspection>> {
  const gaps: string[] = [];
  const clusters = groupByCluster(tools);
  const seen: Seen[] = [];
  for (const [cluster, names] of clusters) {
    tools.say(`Describing ${names.size} services of cluster ${cluster}.`);
    await tryStep(tools, gaps, `Cluster ${cluster}`, () => describeCluster(tools, cluster));
    const chunks = chunk([...names.keys()], SERVICES_A_CALL);
    const answers = await forEachBounded(chunks, AT_ONCE, tools.signal, (part) =>
      describeServices(tools, cluster, part, names),
    );
    for (const answer of answers) {
      if (answer.ok) seen.push(...answer.value);
      else gaps.push(`Services of cluster ${cluster} could not be described (${errorName(answer.error)}).`);
    }
    if (seen.length === 0 && answers[0]?.ok === false) throw answers[0].error;
    if (answers.every(({ ok }) => ok)) gaps.push(...missingFrom(names, cluster, seen));
  }
  const services = await inspectServices(tools, seen, gaps);
  const stopped = await tryStep(tools, gaps, 'Tasks', () => describeStoppedTasks(tools, seen));
  const instances = await tryStep(tools, gaps, 'EC2 instances', () => describeInstances(tools));
  const changes = [...services.flatMap((service) => deploymentsOf(service)), ...(stopped ?? [])];
  const findings = [...toFindings(services, changes), ...(instances ?? [])];
  const deployments = changes.filter(({ kind }) => kind === 'deployment').length;
  const summary = `${services.length} services inspected; ${deployments} deployments and ${changes.length - deployments} stopped tasks inside the window.`;
  tools.say(summary);
  return { output: { services, changes }, findings, gaps, summary };
}

function groupByCluster(tools: AgentTools): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const clusters = new Map<string, Map<string, string>>();
  for (const { name, ecs } of tools.map.services) {
    if (ecs === undefined) continue;
    const names = clusters.get(ecs.cluster) ?? new Map<string, string>();
    clusters.set(ecs.cluster, names.set(ecs.service, name));
  }
  return clusters;
}

/** Services the map has and the cluster has not: the map is out of date, or the name is wrong. */
function missingFrom(names: ReadonlyMap<string, string>, cluster: string, seen: readonly Seen[]): readonly string[] {
  const found = new Set(seen.filter((item) => item.cluster === cluster).map(({ service }) => service));
  return [...names.values()]
    .filter((service) => !found.has(service))
    .map((service) => `${service} is in the service map, but not in the cluster ${cluster}.`);
}

/** A step whose failure leaves a gap, not a failed inspection. */
async function tryStep<T>(
  tools: AgentTools,
  gaps: string[],
  what: string,
  step: () => Promise<T>,
): Promise<T | undefined> {
  const [result] = await forEachBounded([what], 1, tools.signal, step);
  if (result?.ok === true) return result.value;
  gaps.push(`${what} could not be described (${errorName(result?.error)}).`);
  return undefined;
}

async function describeCluster(tools: AgentTools, cluster: string): Promise<void> {
  const answer = await tools.clients.ecs.send(new DescribeClustersCommand({ clusters: [cluster] }), {
    abortSignal: tools.signal,
  });
  tools.keep('ecs:DescribeClusters', answer);
}

async function describeServices(
  tools: AgentTools,
  cluster: string,
  services: string[],
  names: ReadonlyMap<string, string>,
): Promise<readonly Seen[]> {
  const answer = await tools.clients.ecs.send(new DescribeServicesCommand({ cluster, services }), {
    abortSignal: tools.signal,
  });
  const kept = tools.keep('ecs:DescribeServices', answer);
  const parsed = parseAnswer(ServicesAnswer, 'ecs:DescribeServices', kept.value);
  return parsed.services.flatMap((described, index) => {
    const service = names.get(described.serviceName);
    return service === undefined ? [] : [{ service, cluster, described, digest: kept.digest, index }];
  });
}

async function inspectServices(tools: AgentTools, seen: readonly Seen[], gaps: string[]): Promise<InspectedService[]> {
  const results = await forEachBounded(seen, AT_ONCE, tools.signal, (item) => inspectService(tools, item));
  return results.flatMap((result, index) => {
    const item = seen[index];
    if (result.ok) return [result.value];
    gaps.push(`Task definitions of ${item?.service} could not be described (${errorName(result.error)}).`);
    return item === undefined ? [] : [toInspected(item, null, null)];
  });
}

async function inspectService(tools: AgentTools, item: Seen): Promise<InspectedService> {
  const deployedAt = deploymentTime(item.described);
  const recent = deployedAt !== null && deployedAt >= tools.window.from && deployedAt <= tools.window.to;
  // Task definitions may hold settings nobody needs to see: only those of a recent deployment are read.
  if (!recent) return toInspected(item, null, null);
  tools.say(`Comparing task definitions of ${item.service}.`);
  const current = await describeTaskDefinition(tools, item.described.taskDefinition);
  const before = previousArn(item.described);
  const previous = before === undefined ? null : await describeTaskDefinition(tools, before);
  return toInspected(item, current, previous);
}

async function describeTaskDefinition(tools: AgentTools, arn: string): Promise<TaskDefinition> {
  const answer = await tools.clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }), {
    abortSignal: tools.signal,
  });
  const kept = tools.keep('ecs:DescribeTaskDefinition', answer);
  const { taskDefinition } = parseAnswer(TaskDefinitionAnswer, 'ecs:DescribeTaskDefinition', kept.value);
  return toTaskDefinition(taskDefinition, kept.digest);
}

function primaryOf(described: DescribedService) {
  const at = described.deployments.findIndex(({ status }) => status === 'PRIMARY');
  return at === -1 ? undefined : { index: at, deployment: described.deployments[at] };
}

function deploymentTime(described: DescribedService): number | null {
  const time = Date.parse(primaryOf(described)?.deployment?.createdAt ?? '');
  return Number.isFinite(time) ? time : null;
}

/** What ran before: a deployment still being replaced tells exactly, otherwise it is the revision before. */
function previousArn(described: DescribedService): string | undefined {
  const replaced = described.deployments.find(
    ({ status, taskDefinition }) => status === 'ACTIVE' && taskDefinition !== described.taskDefinition,
  )?.taskDefinition;
  if (replaced !== undefined) return replaced;
  const parts = splitTaskDefinition(described.taskDefinition);
  return parts === undefined || parts.revision < 2 ? undefined : `${parts.prefix}${parts.family}:${parts.revision - 1}`;
}

function toInspected(item: Seen, current: TaskDefinition | null, previous: TaskDefinition | null): InspectedService {
  const primary = primaryOf(item.described);
  const row = primary?.index ?? 0;
  return {
    service: item.service,
    arn: item.described.serviceArn,
    cluster: item.cluster,
    desired: item.described.desiredCount,
    running: item.described.runningCount,
    deployedAt: deploymentTime(item.described),
    taskDefinition: item.described.taskDefinition,
    current,
    previous,
    citation:
      primary === undefined
        ? { digest: item.digest, pointer: '/services', from: item.index, to: item.index + 1 }
        : { digest: item.digest, pointer: `/services/${item.index}/deployments`, from: row, to: row + 1 },
  };
}

function deploymentsOf(service: InspectedService): readonly Change[] {
  if (service.deployedAt === null || service.current === null) return [];
  return [
    {
      service: service.service,
      time: service.deployedAt,
      kind: 'deployment',
      ...(service.previous === null ? {} : { from: shortName(service.previous.arn) }),
      to: shortName(service.current.arn),
      citation: service.citation,
    },
  ];
}

async function describeStoppedTasks(tools: AgentTools, seen: readonly Seen[]): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (const { service, cluster, described } of seen) {
    const recent = described.events.filter(({ createdAt }) => Date.parse(createdAt ?? '') >= tools.window.from);
    const ids = [
      ...new Set(recent.flatMap(({ message }) => [...message.matchAll(STARTED_TASK)].map((match) => match[1] ?? ''))),
    ];
    const tasks = ids.slice(0, TASKS_A_CALL);
    if (tasks.length === 0) continue;
    const answer = await tools.clients.ecs.send(new DescribeTasksCommand({ cluster, tasks }), {
      abortSignal: tools.signal,
    });
    const kept = tools.keep('ecs:DescribeTasks', answer);
    const parsed = parseAnswer(TasksAnswer, 'ecs:DescribeTasks', kept.value);
    parsed.tasks.forEach((task, row) => {
      const time = Date.parse(task.stoppedAt ?? '');
      const failed = task.containers.some(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
      if (Number.isFinite(time) && failed) {
        changes.push({
          service,
          time,
          kind: 'task-stopped',
          citation: { digest: kept.digest, pointer: '/tasks', from: row, to: row + 1 },
        });
      }
    });
  }
  return changes;
}

async function describeInstances(tools: AgentTools): Promise<readonly AgentFinding[]> {
  const citations: { digest: string; pointer: string; from: number; to: number }[] = [];
  let total = 0;
  let running = 0;
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await tools.clients.ec2.send(
      new DescribeInstancesCommand({ MaxResults: 1000, ...(token === undefined ? {} : { NextToken: token }) }),
      { abortSignal: tools.signal },
    );
    const kept = tools.keep('ec2:DescribeInstances', answer);
    const parsed = parseAnswer(InstancesAnswer, 'ec2:DescribeInstances', kept.value);
    const instances = parsed.Reservations.flatMap(({ Instances }) => Instances);
    total += instances.length;
    running += instances.filter(({ State }) => State?.Name === 'running').length;
    if (parsed.Reservations.length > 0) {
      citations.push({ digest: kept.digest, pointer: '/Reservations', from: 0, to: parsed.Reservations.length });
    }
    token = parsed.NextToken ?? undefined;
    if (token === undefined) break;
  }
  if (total === 0) return [];
  const text = `${running} of ${total} EC2 instances are running.`;
  return [{ service: null, claim: { kind: 'instances', text, citations } }];
}

function toFindings(services: readonly InspectedService[], changes: readonly Change[]): readonly AgentFinding[] {
  return services.flatMap((service): AgentFinding[] => {
    const { deployedAt, current, previous } = service;
    const stopped = changes.filter((change) => change.service === service.service && change.kind === 'task-stopped');
    const findings: AgentFinding[] = [];
    if (deployedAt !== null && current !== null) {
      const from = previous === null ? '' : ` from ${shortName(previous.arn)}`;
      const text = `${service.service} was deployed${from} to ${shortName(current.arn)} at ${new Date(deployedAt).toISOString()}.`;
      findings.push({ service: service.service, claim: { kind: 'deployment', text, citations: [service.citation] } });
    }
    if (service.running < service.desired) {
      const text = `${service.running} of ${service.desired} tasks of ${service.service} are running.`;
      findings.push({
        service: service.service,
        claim: { kind: 'tasks-missing', text, citations: [service.citation] },
      });
    }
    if (stopped.length > 0) {
      const text = `${stopped.length} tasks of ${service.service} stopped with an error inside the window.`;
      const citations = stopped.slice(0, 4).map(({ citation }) => citation);
      findings.push({ service: service.service, claim: { kind: 'tasks-stopped', text, citations } });
    }
    return findings;
  });
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
