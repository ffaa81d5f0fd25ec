import { describeService, describeTaskDefinition } from '../ecs/describe.ts';
import { shortName } from '../ecs/ecs-names.ts';
import { desiredCountAt, primaryDeployment } from '../ecs/service-changes.ts';
import { AwsError } from '../http/aws-error.ts';
import { RegisterTaskDefinitionInput, UpdateServiceInput } from './ecs-input.ts';
import { clusterContext, knownCluster, namesOf } from './ecs-read.ts';
import { defineOperation, type Operation } from './operation.ts';

const updateService = defineOperation({
  action: 'ecs:UpdateService',
  input: UpdateServiceInput,
  access: (input, account) => {
    const definition =
      input.taskDefinition === undefined ? undefined : account.ecs.taskDefinition(input.taskDefinition);
    return {
      resources: [namesOf(account).service(shortName(input.cluster), shortName(input.service))],
      context: {
        ...clusterContext(account, input.cluster),
        'ecs:task-definition': definition?.arn ?? input.taskDefinition,
      },
    };
  },
  run: (input, { account }) => {
    const cluster = knownCluster(account, input.cluster);
    const service = account.ecs.service(cluster.name, input.service);
    if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
    if ((service.members.status ?? 'ACTIVE') !== 'ACTIVE') {
      throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
    }
    const now = account.telemetry.now();
    const reference = input.taskDefinition ?? primaryDeployment(service, now).taskDefinition;
    const definition = account.ecs.taskDefinition(reference);
    if (input.taskDefinition !== undefined) {
      if (definition === undefined || definition.registeredAt > now) {
        throw new AwsError('ClientException', 'TaskDefinition not found.');
      }
      if (definition.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
    }
    const updated = account.ecs.update(
      service,
      {
        taskDefinition: definition?.arn ?? reference,
        desiredCount: input.desiredCount ?? desiredCountAt(service, now),
        forceNewDeployment: input.forceNewDeployment,
      },
      now,
    );
    return { service: describeService(updated, namesOf(account), now) };
  },
});

const registerTaskDefinition = defineOperation({
  action: 'ecs:RegisterTaskDefinition',
  input: RegisterTaskDefinitionInput,
  access: (input, account) => ({ resources: [namesOf(account).taskDefinition(input.family, '*')] }),
  run: ({ family, tags, ...members }, call) => {
    // Whoever hands a role to containers acts with it: IAM asks for permission to pass that role on.
    for (const role of [members.taskRoleArn, members.executionRoleArn]) {
      if (role === undefined) continue;
      const arn = role.startsWith('arn:') ? role : `arn:aws:iam::${call.account.accountId}:role/${role}`;
      call.demand('iam:PassRole', arn, { 'iam:passedtoservice': 'ecs-tasks.amazonaws.com' });
    }
    const names = members.containerDefinitions.map((container) => container.name);
    if (new Set(names).size !== names.length) {
      throw new AwsError('ClientException', 'Container names must be unique within a task definition.');
    }
    const carried = { ...members, ...(tags === undefined ? {} : { tags }) };
    const record = call.account.ecs.register(family, carried, call.account.telemetry.now());
    return { taskDefinition: describeTaskDefinition(record), tags: tags ?? [] };
  },
});

export const ECS_WRITE_OPERATIONS: readonly Operation[] = [updateService, registerTaskDefinition];
