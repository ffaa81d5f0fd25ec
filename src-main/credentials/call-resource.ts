import type { AwsCall } from '../platform/aws-calls.ts';
import type { CloudEnvironment } from './environment.ts';

export type CallPlace = Pick<CloudEnvironment, 'account' | 'region' | 'roles'>;

/**
 * The ARN a call is about, for policy and record; `*` where AWS knows none or the call names several. A task definition
 * being registered has no revision yet and is named by its family, `…:task-definition/FAMILY:*`.
 */
export function resourceOfCall({ operation, input }: AwsCall, place: CallPlace): string {
  const ecs = (path: string) => `arn:${partition(place)}:ecs:${place.region}:${place.account}:${path}`;
  const cluster = shortName(text(input.cluster) ?? 'default');
  switch (operation) {
    case 'ecs:UpdateService':
      return ecs(`service/${cluster}/${shortName(text(input.service) ?? '')}`);
    case 'ecs:RegisterTaskDefinition':
      return ecs(`task-definition/${text(input.family) ?? ''}:*`);
    case 'ecs:DescribeServices': {
      const service = only(input.services);
      return service === null ? ecs(`cluster/${cluster}`) : ecs(`service/${cluster}/${shortName(service)}`);
    }
    case 'ecs:DescribeTasks':
      return ecs(`cluster/${cluster}`);
    case 'logs:StartQuery':
    case 'logs:GetLogEvents': {
      const group = text(input.logGroupName) ?? only(input.logGroupNames);
      const identifier = text(input.logGroupIdentifier) ?? only(input.logGroupIdentifiers);
      if (group !== null) return `arn:${partition(place)}:logs:${place.region}:${place.account}:log-group:${group}:*`;
      return identifier?.startsWith('arn:') ? identifier : '*';
    }
    default:
      return '*';
  }
}

/**
 * Every ARN a call names, as IAM compares it with a policy's resources; null for operations this does not know. A log
 * group stands with `:*`, as at AWS.
 */
export function resourcesOfCall({ operation, input }: AwsCall, place: CallPlace): readonly string[] | null {
  const arn = (service: string, path: string) =>
    `arn:${partition(place)}:${service}:${place.region}:${place.account}:${path}`;
  const cluster = shortName(text(input.cluster) ?? 'default');
  switch (operation) {
    case 'ecs:DescribeClusters': {
      const clusters = all(input.clusters);
      return (clusters.length === 0 ? ['default'] : clusters).map((name) => arn('ecs', `cluster/${shortName(name)}`));
    }
    case 'ecs:DescribeServices':
      return all(input.services).map((name) => arn('ecs', `service/${cluster}/${shortName(name)}`));
    case 'ecs:DescribeTasks':
      return all(input.tasks).map((name) => arn('ecs', `task/${cluster}/${shortName(name)}`));
    case 'ecs:UpdateService':
      return [arn('ecs', `service/${cluster}/${shortName(text(input.service) ?? '')}`)];
    case 'logs:StartQuery':
    case 'logs:GetLogEvents': {
      const names = [input.logGroupName, ...all(input.logGroupNames)].flatMap((name) => text(name) ?? []);
      const identifiers = [input.logGroupIdentifier, ...all(input.logGroupIdentifiers)].flatMap(
        (one) => text(one) ?? [],
      );
      return [
        ...names.map((name) => arn('logs', `log-group:${name}:*`)),
        ...identifiers.map((one) =>
          one.startsWith('arn:') ? `${one.replace(/:\*$/, '')}:*` : arn('logs', `log-group:${one}:*`),
        ),
      ];
    }
    default:
      return null;
  }
}

function partition({ roles }: CallPlace): string {
  return roles.remediation.split(':')[1] ?? 'aws';
}

/** The last part of an ARN, or the name itself. */
function shortName(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 512 ? value : null;
}

function all(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map((one) => text(one) ?? '') : [];
}

function only(value: unknown): string | null {
  return Array.isArray(value) && value.length === 1 ? text(value[0]) : null;
}
