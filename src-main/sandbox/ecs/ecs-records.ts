/** Members of an AWS answer this cloud keeps as they are. */
export type AwsMembers = Readonly<Record<string, unknown>>;

export interface ClusterRecord {
  readonly name: string;
  readonly arn: string;
  readonly members: AwsMembers;
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: string;
  /** Epoch milliseconds, telemetry time. */
  readonly registeredAt: number;
  readonly members: AwsMembers;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly taskDefinition: string;
  readonly createdAt: number;
  /** Given by the recording, or made when the deployment was: rollout takes its time after it. */
  readonly recorded: AwsMembers | undefined;
  readonly desiredCount: number;
}

export interface ServiceEventRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: string;
  readonly members: AwsMembers;
  /** Ascending by createdAt; the last one that has begun is the primary. */
  readonly deployments: readonly DeploymentRecord[];
  readonly events: readonly ServiceEventRecord[];
  /** What the recorded scaling events set, ascending. */
  readonly scaling: readonly { readonly at: number; readonly desiredCount: number }[];
  /** The name in the service map. */
  readonly mapName: string | undefined;
}

export interface TaskRecord {
  readonly arn: string;
  readonly cluster: string;
  readonly group: string;
  readonly members: AwsMembers;
}

export interface EcsRecords {
  readonly clusters: readonly ClusterRecord[];
  readonly services: readonly ServiceRecord[];
  readonly taskDefinitions: readonly TaskDefinitionRecord[];
  readonly tasks: readonly TaskRecord[];
}
