import type { AwsCall } from '../platform/aws-calls.ts';
import type { CloudEnvironment } from './environment.ts';

type Place = Pick<CloudEnvironment, 'account' | 'region' | 'roles'>;

/**
 * The ARN a call is about, for policy and record; `*` where AWS knows none or the call names several. A task definition
 * being registered has no revision yet and is named by its family, `…:task-definition/FAMILY:*`.
 */
export function resourceOfCall({ operation, input }: AwsCall, place: Place): string {
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

function partition({ roles }: Place): string {
  return roles.remediation.split(':')[1] ?? 'aws';
}

/** The last part of an ARN, or the name itself. */
function shortName(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= 512 ? value : null;
}

function only(value: unknown): string | null {
  return Array.isArray(value) && value.length === 1 ? text(value[0]) : null;
}
