import type { AccountState } from '../account-state.ts';
import { describeCluster, describeService, describeTaskDefinition, members } from '../ecs/describe.ts';
import { describeTasks } from '../ecs/describe-tasks.ts';
import { type EcsNames, ecsNames, shortName } from '../ecs/ecs-names.ts';
import type { ClusterRecord } from '../ecs/ecs-records.ts';
import { AwsError } from '../http/aws-error.ts';
import type { RequestContext } from '../iam/evaluate.ts';
import {
  DescribeClustersInput,
  DescribeServicesInput,
  DescribeTaskDefinitionInput,
  DescribeTasksInput,
  ListServicesInput,
  ListTasksInput,
} from './ecs-input.ts';
import { defineOperation, type Operation } from './operation.ts';
import { openToken, sealToken } from './page-token.ts';

export function namesOf(account: AccountState): EcsNames {
  return ecsNames(account.region, account.accountId);
}

/** The cluster an ECS request is about is also a condition key. */
export function clusterContext(account: AccountState, cluster: string): RequestContext {
  return { 'ecs:cluster': namesOf(account).cluster(shortName(cluster)) };
}

export function knownCluster(account: AccountState, nameOrArn: string): ClusterRecord {
  const cluster = account.ecs.cluster(nameOrArn);
  if (cluster === undefined) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

const describeClusters = defineOperation({
  action: 'ecs:DescribeClusters',
  input: DescribeClustersInput,
  access: (input, account) => ({
    resources: clusterNames(input.clusters).map((name) => namesOf(account).cluster(shortName(name))),
  }),
  run: (input, { account }) => {
    const now = account.telemetry.now();
    const found: object[] = [];
    const failures: object[] = [];
    for (const name of clusterNames(input.clusters)) {
      const cluster = account.ecs.cluster(name);
      if (cluster === undefined) {
        failures.push({ arn: namesOf(account).cluster(shortName(name)), reason: 'MISSING' });
      } else {
        found.push(describeCluster(account.ecs, cluster, now));
      }
    }
    return { clusters: found, failures };
  },
});

/** Without names ECS describes the cluster called default. */
function clusterNames(names: readonly string[]): readonly string[] {
  return names.length === 0 ? ['default'] : names;
}

const describeServices = defineOperation({
  action: 'ecs:DescribeServices',
  input: DescribeServicesInput,
  access: (input, account) => ({
    resources: input.services.map((name) => namesOf(account).service(shortName(input.cluster), shortName(name))),
    context: clusterContext(account, input.cluster),
  }),
  run: (input, { account }) => {
    const cluster = knownCluster(account, input.cluster);
    const names = namesOf(account);
    const services: object[] = [];
    const failures: object[] = [];
    for (const name of input.services) {
      const service = account.ecs.service(cluster.name, name);
      if (service === undefined) {
        failures.push({ arn: names.service(cluster.name, shortName(name)), reason: 'MISSING' });
      } else {
        services.push(describeService(service, names, account.telemetry.now()));
      }
    }
    return { services, failures };
  },
});

const describeTasksOperation = defineOperation({
  action: 'ecs:DescribeTasks',
  input: DescribeTasksInput,
  access: (input, account) => ({
    resources: input.tasks.map((task) => namesOf(account).task(shortName(input.cluster), shortName(task))),
    context: clusterContext(account, input.cluster),
  }),
  run: (input, { account }) => {
    const cluster = knownCluster(account, input.cluster);
    const names = namesOf(account);
    const known = describeTasks(account.ecs, cluster.name, names, account.telemetry.now());
    const tasks: object[] = [];
    const failures: object[] = [];
    for (const reference of input.tasks) {
      const arn = names.task(cluster.name, shortName(reference));
      const task = known.find((one) => one.taskArn === arn);
      if (task === undefined) failures.push({ arn, reason: 'MISSING' });
      else tasks.push(task);
    }
    return { tasks, failures };
  },
});

const describeTaskDefinitionOperation = defineOperation({
  action: 'ecs:DescribeTaskDefinition',
  input: DescribeTaskDefinitionInput,
  // AWS has no resource-level permission for it.
  access: () => ({ resources: ['*'] }),
  run: (input, { account }) => {
    const definition = account.ecs.taskDefinition(input.taskDefinition);
    if (definition === undefined || definition.registeredAt > account.telemetry.now()) {
      throw new AwsError('ClientException', 'Unable to describe task definition.');
    }
    return {
      taskDefinition: describeTaskDefinition(definition),
      tags: members({ tags: definition.members.tags ?? [] }).tags,
    };
  },
});

const listServices = defineOperation({
  action: 'ecs:ListServices',
  input: ListServicesInput,
  access: (input, account) => ({ resources: ['*'], context: clusterContext(account, input.cluster) }),
  run: (input, { account }) => {
    const cluster = knownCluster(account, input.cluster);
    const arns = account.ecs.services(cluster.name).map((service) => service.arn);
    const { part, next } = pageOf(`services ${cluster.arn}`, arns, input);
    return { serviceArns: part, ...next };
  },
});

const listTasks = defineOperation({
  action: 'ecs:ListTasks',
  input: ListTasksInput,
  access: (input, account) => ({ resources: ['*'], context: clusterContext(account, input.cluster) }),
  run: (input, { account }) => {
    const cluster = knownCluster(account, input.cluster);
    const { serviceName, family } = input;
    const arns = describeTasks(account.ecs, cluster.name, namesOf(account), account.telemetry.now())
      .filter((task) => task.desiredStatus === input.desiredStatus)
      .filter((task) => serviceName === undefined || task.group === `service:${shortName(serviceName)}`)
      .filter((task) => family === undefined || shortName(String(task.taskDefinitionArn)).startsWith(`${family}:`))
      .map((task) => String(task.taskArn));
    const { part, next } = pageOf(`tasks ${JSON.stringify({ ...input, nextToken: undefined })}`, arns, input);
    return { taskArns: part, ...next };
  },
});

function pageOf(
  scope: string,
  items: readonly string[],
  input: { readonly nextToken?: string | undefined; readonly maxResults: number },
) {
  const position = input.nextToken === undefined ? [0] : openToken(scope, input.nextToken);
  if (position === undefined) throw new AwsError('InvalidParameterException', 'Invalid token');
  const [begin = 0] = position;
  const end = begin + input.maxResults;
  return {
    part: items.slice(begin, end),
    next: end < items.length ? { nextToken: sealToken(scope, [end]) } : {},
  };
}

export const ECS_READ_OPERATIONS: readonly Operation[] = [
  describeClusters,
  describeServices,
  describeTasksOperation,
  describeTaskDefinitionOperation,
  listServices,
  listTasks,
];
