/**
 * The members of a described task definition that make it up; the rest is what ECS adds (revision, status, times).
 * Source: Amazon ECS API Reference, RegisterTaskDefinition.
 */
const DEFINITION_MEMBERS = [
  'family',
  'taskRoleArn',
  'executionRoleArn',
  'networkMode',
  'containerDefinitions',
  'volumes',
  'placementConstraints',
  'requiresCompatibilities',
  'cpu',
  'memory',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'inferenceAccelerators',
  'ephemeralStorage',
  'runtimePlatform',
  'enableFaultInjection',
] as const;

/** What a plan's step says of the definition it copies. */
export interface CopyParameters {
  readonly family?: unknown;
  readonly copyOf?: unknown;
  readonly sourcePointer?: unknown;
}

/**
 * The input that registers an identical copy of a task definition, from the answer of DescribeTaskDefinition the plan
 * names by digest. Null when that answer does not hold the definition the plan speaks of: then nothing may be registered.
 */
export function copyOfDefinition(
  answer: unknown,
  { family, copyOf, sourcePointer }: CopyParameters,
): Readonly<Record<string, unknown>> | null {
  if (sourcePointer !== '/taskDefinition') return null;
  const described = (answer as { readonly taskDefinition?: unknown } | null | undefined)?.taskDefinition;
  if (typeof described !== 'object' || described === null) return null;
  const members = described as Readonly<Record<string, unknown>>;
  if (members.taskDefinitionArn !== copyOf || members.family !== family) return null;
  return Object.fromEntries(
    DEFINITION_MEMBERS.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
  );
}
