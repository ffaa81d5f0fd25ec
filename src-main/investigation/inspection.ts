import type { Citation } from '#shared/model/evidence.ts';
import type { DefinitionField } from './remediation/definition-fields.ts';

/** A task definition as far as plans need it. `stored` names the whole answer, from which a copy can be registered. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly active: boolean;
  /** Whether it names a task or execution role: registering it again would need iam:PassRole. */
  readonly namesRoles: boolean;
  /** Compared field by field for people: image, cpu, memory, environment … of each container. */
  readonly fields: Readonly<Record<string, DefinitionField>>;
  readonly stored: { readonly digest: string; readonly pointer: string };
}

/** One ECS service as inspected. Times are epoch milliseconds. */
export interface InspectedService {
  /** Name in the service map. */
  readonly service: string;
  readonly arn: string;
  readonly cluster: string;
  readonly desired: number;
  readonly running: number;
  readonly deployedAt: number | null;
  readonly taskDefinition: string;
  readonly current: TaskDefinition | null;
  /** What a roll back would return to. */
  readonly previous: TaskDefinition | null;
  /** Whether the cloud showed `previous` running before; otherwise it is merely the revision before the current one. */
  readonly previousSeen: boolean;
  readonly citation: Citation;
}

/** The number after the last colon of a task definition's ARN with the family before it, or undefined. */
export function splitTaskDefinition(
  arn: string,
): { readonly prefix: string; readonly family: string; readonly revision: number } | undefined {
  const match = /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)([A-Za-z0-9_-]{1,255}):([1-9]\d{0,9})$/.exec(
    arn,
  );
  const [, prefix, family, revision] = match ?? [];
  return prefix === undefined || family === undefined ? undefined : { prefix, family, revision: Number(revision) };
}

/** "payments:18": a task definition as people call it. */
export function shortName(arn: string): string {
  const parts = splitTaskDefinition(arn);
  return parts === undefined ? arn : `${parts.family}:${parts.revision}`;
}
