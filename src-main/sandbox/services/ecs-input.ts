import { z } from 'zod';

const Name = z.string().min(1).max(2048);
const Text = z.string().max(65_536);

export const DescribeClustersInput = z.strictObject({
  clusters: z.array(Name).max(100).default([]),
  include: z.array(z.enum(['TAGS', 'STATISTICS', 'SETTINGS', 'CONFIGURATIONS', 'ATTACHMENTS'])).optional(),
});

export const DescribeServicesInput = z.strictObject({
  cluster: Name.default('default'),
  services: z.array(Name).min(1).max(10),
  include: z.array(z.literal('TAGS')).optional(),
});

export const DescribeTasksInput = z.strictObject({
  cluster: Name.default('default'),
  tasks: z.array(Name).min(1).max(100),
  include: z.array(z.literal('TAGS')).optional(),
});

export const DescribeTaskDefinitionInput = z.strictObject({
  taskDefinition: Name,
  include: z.array(z.literal('TAGS')).optional(),
});

const Paging = {
  nextToken: z.string().min(1).max(4096).optional(),
  maxResults: z.int().min(1).max(100).default(100),
};

export const ListServicesInput = z.strictObject({ cluster: Name.default('default'), ...Paging });

export const ListTasksInput = z.strictObject({
  cluster: Name.default('default'),
  serviceName: Name.optional(),
  family: Name.optional(),
  desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).default('RUNNING'),
  ...Paging,
});

export const UpdateServiceInput = z.strictObject({
  cluster: Name.default('default'),
  service: Name,
  taskDefinition: Name.optional(),
  desiredCount: z.int().min(0).max(5000).optional(),
  forceNewDeployment: z.boolean().default(false),
});

/** A revision carries what it is given; only what ECS itself insists on is looked into. */
export const RegisterTaskDefinitionInput = z.strictObject({
  family: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/),
  containerDefinitions: z
    .array(z.looseObject({ name: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/), image: z.string().min(1).max(1024) }))
    .min(1)
    .max(10),
  taskRoleArn: Name.optional(),
  executionRoleArn: Name.optional(),
  networkMode: z.enum(['bridge', 'host', 'awsvpc', 'none']).optional(),
  volumes: z.array(z.looseObject({})).optional(),
  placementConstraints: z.array(z.looseObject({})).optional(),
  requiresCompatibilities: z.array(z.enum(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'])).optional(),
  cpu: Text.optional(),
  memory: Text.optional(),
  tags: z.array(z.strictObject({ key: z.string().max(128), value: z.string().max(256) })).optional(),
  pidMode: Text.optional(),
  ipcMode: Text.optional(),
  proxyConfiguration: z.looseObject({}).optional(),
  inferenceAccelerators: z.array(z.looseObject({})).optional(),
  ephemeralStorage: z.looseObject({}).optional(),
  runtimePlatform: z.looseObject({}).optional(),
  enableFaultInjection: z.boolean().optional(),
});
