import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeClustersCommand, DescribeServicesCommand, DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { errorName } from '../../platform/aws-calls.ts';
import type { Change } from '../analysis/model.ts';
import { type InspectedService, shortName, type TaskDefinition } from '../inspection.ts';
import { type AgentFinding, type AgentReport, type AgentTools, forEachBounded, parseAnswer } from './agent.ts';
import {
  type DescribedService,
  InstancesAnswer,
  ServicesAnswer,
  TaskDefinitionAnswer,
} from './infrastructure-answers.ts';
import { definitionRunBefore, revisionBefore } from './previous-definition.ts';
import { describeTasks, type SeenService, type SeenTask, stoppedAmong } from './service-tasks.ts';
import { toTaskDefinition } from './task-definition.ts';

const AT_ONCE = 3;
/** DescribeServices takes at most ten names. */
const SERVICES_A_CALL = 10;
const MOST_PAGES = 10;
export interface Inspection {
  readonly services: readonly InspectedService[];
  readonly changes: readonly Change[];
}

/** Looks at clusters, services, what was deployed inside the window and what it replaced, stopped tasks and instances. */
export async function inspectInfrastructure(tools: AgentTools): Promise<AgentReport<Inspection>> {
  const gaps: string[] = [];
  const clusters = groupByCluster(tools);
  const seen: SeenService[] = [];
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
  const tasks = (await tryStep(tools, gaps, 'Tasks', () => describeTasks(tools, seen, gaps))) ?? [];
  const services = await inspectServices(tools, seen, tasks, gaps);
  const instances = await tryStep(tools, gaps, 'EC2 instances', () => describeInstances(tools));
  const changes = [...services.flatMap((service) => deploymentsOf(service)), ...stoppedAmong(tasks)];
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
function missingFrom(
  names: ReadonlyMap<string, string>,
  cluster: string,
  seen: readonly SeenService[],
): readonly string[] {
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
): Promise<readonly SeenService[]> {
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

async function inspectServices(
  tools: AgentTools,
  seen: readonly SeenService[],
  tasks: readonly SeenTask[],
  gaps: string[],
): Promise<InspectedService[]> {
  const results = await forEachBounded(seen, AT_ONCE, tools.signal, (item) => inspectService(tools, item, tasks));
  return results.flatMap((result, index) => {
    const item = seen[index];
    if (result.ok) return [result.value];
    gaps.push(`Task definitions of ${item?.service} could not be described (${errorName(result.error)}).`);
    return item === undefined ? [] : [toInspected(item)];
  });
}

async function inspectService(
  tools: AgentTools,
  item: SeenService,
  tasks: readonly SeenTask[],
): Promise<InspectedService> {
  const deployedAt = deploymentTime(item.described);
  const recent = deployedAt !== null && deployedAt >= tools.window.from && deployedAt <= tools.window.to;
  // Task definitions may hold settings nobody needs to see: only those of a recent deployment are read.
  if (!recent) return toInspected(item);
  tools.say(`Comparing task definitions of ${item.service}.`);
  const current = await describeTaskDefinition(tools, item.described.taskDefinition);
  const own = tasks.filter(({ service }) => service === item.service);
  const ranBefore = definitionRunBefore(item.described, deployedAt, own);
  const before = ranBefore ?? revisionBefore(item.described);
  const previous = before === undefined ? null : await describeTaskDefinition(tools, before);
  return { ...toInspected(item), current, previous, previousSeen: ranBefore !== undefined };
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

/** A service of which no task definition has been read. */
function toInspected(item: SeenService): InspectedService {
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
    current: null,
    previous: null,
    previousSeen: false,
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
      ...(service.previous === null ? {} : { from: nameOfPrevious(service, service.previous) }),
      to: shortName(service.current.arn),
      citation: service.citation,
    },
  ];
}

function nameOfPrevious({ previousSeen }: InspectedService, previous: TaskDefinition): string {
  return previousSeen ? shortName(previous.arn) : `${shortName(previous.arn)} (not seen running)`;
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
    const { deployedAt, current, previous, previousSeen } = service;
    const stopped = changes.filter((change) => change.service === service.service && change.kind === 'task-stopped');
    const findings: AgentFinding[] = [];
    if (deployedAt !== null && current !== null) {
      const from = previous === null || !previousSeen ? '' : ` from ${shortName(previous.arn)}`;
      const guess =
        previous === null || previousSeen
          ? ''
          : ` The revision before it is ${shortName(previous.arn)}, which was not seen running.`;
      const text = `${service.service} was deployed${from} to ${shortName(current.arn)} at ${new Date(deployedAt).toISOString()}.${guess}`;
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
