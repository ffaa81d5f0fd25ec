import { z } from 'zod';

/**
 * `ecs.json` and `ec2.json`: AWS's own answer shapes in camelCase with RFC 3339 times. Members this cloud does not act
 * on are kept and answered as they are; account ids inside ARNs are replaced by the account the scenario is served in.
 */
const Time = z.iso.datetime({ offset: true });
const Count = z.int().min(0).max(100_000);

const EcsDeploymentEntry = z.looseObject({
  id: z.string().min(1),
  status: z.string().min(1),
  taskDefinition: z.string().min(1),
  createdAt: Time,
  updatedAt: Time.optional(),
});

const EcsEventEntry = z.strictObject({ id: z.string().min(1), createdAt: Time, message: z.string() });

const EcsServiceEntry = z.looseObject({
  serviceName: z.string().min(1).max(255),
  clusterArn: z.string().min(1),
  desiredCount: Count,
  taskDefinition: z.string().min(1),
  createdAt: Time.optional(),
  deployments: z.array(EcsDeploymentEntry).min(1),
  events: z.array(EcsEventEntry).default([]),
});

const EcsTaskDefinitionEntry = z.looseObject({
  family: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  revision: z.int().min(1),
  status: z.enum(['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS']).default('ACTIVE'),
  containerDefinitions: z.array(z.looseObject({ name: z.string().min(1), image: z.string().min(1) })).min(1),
  taskRoleArn: z.string().optional(),
  executionRoleArn: z.string().optional(),
  registeredAt: Time.optional(),
});

const EcsTaskEntry = z.looseObject({
  taskArn: z.string().regex(/:task\//),
  clusterArn: z.string().min(1),
  taskDefinitionArn: z.string().min(1),
  group: z.string().min(1),
  lastStatus: z.string().min(1),
  desiredStatus: z.string().min(1),
  createdAt: Time.optional(),
});

export const EcsFile = z.strictObject({
  clusters: z.array(z.looseObject({ clusterName: z.string().min(1).max(255) })).max(100),
  services: z.array(EcsServiceEntry).max(1000),
  taskDefinitions: z.array(EcsTaskDefinitionEntry).max(5000),
  tasks: z.array(EcsTaskEntry).max(10_000),
});
export type EcsFile = z.infer<typeof EcsFile>;

const Ec2Instance = z.looseObject({
  instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/),
  state: z.looseObject({ code: z.int(), name: z.string() }).optional(),
  launchTime: Time.optional(),
});

export const Ec2File = z.strictObject({
  reservations: z
    .array(z.looseObject({ reservationId: z.string().min(1), instances: z.array(Ec2Instance).max(1000) }))
    .max(1000),
});
export type Ec2File = z.infer<typeof Ec2File>;
