import { z } from 'zod';

/** The parts of Describe* answers the inspector reads, as stored: times are RFC 3339 strings. Other members pass unread. */
const Time = z.string().max(64);
const Count = z.number().int().default(0);
const Pairs = z.array(z.object({ name: z.string().max(512).default(''), value: z.string().default('') })).default([]);

export const ServicesAnswer = z.object({
  services: z
    .array(
      z.object({
        serviceArn: z.string().max(1024),
        serviceName: z.string().max(255),
        status: z.string().max(64).optional(),
        desiredCount: Count,
        runningCount: Count,
        taskDefinition: z.string().max(1024),
        deployments: z
          .array(
            z.object({
              id: z.string().max(256).optional(),
              status: z.string().max(64).optional(),
              taskDefinition: z.string().max(1024).optional(),
              createdAt: Time.optional(),
              rolloutState: z.string().max(64).optional(),
            }),
          )
          .default([]),
        events: z.array(z.object({ createdAt: Time.optional(), message: z.string().default('') })).default([]),
      }),
    )
    .default([]),
  failures: z.array(z.object({ arn: z.string().optional(), reason: z.string().optional() })).default([]),
});
export type DescribedService = z.infer<typeof ServicesAnswer>['services'][number];

export const TaskDefinitionAnswer = z.object({
  taskDefinition: z.object({
    taskDefinitionArn: z.string().max(1024),
    family: z.string().max(255),
    revision: z.number().int().min(1),
    status: z.string().max(64).optional(),
    cpu: z.string().max(64).optional(),
    memory: z.string().max(64).optional(),
    taskRoleArn: z.string().max(1024).optional(),
    executionRoleArn: z.string().max(1024).optional(),
    containerDefinitions: z
      .array(
        z.object({
          name: z.string().max(255),
          image: z.string().max(1024),
          cpu: z.number().optional(),
          memory: z.number().optional(),
          memoryReservation: z.number().optional(),
          command: z.array(z.string()).optional(),
          entryPoint: z.array(z.string()).optional(),
          environment: Pairs,
          secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })).default([]),
        }),
      )
      .default([]),
  }),
});

export const TasksAnswer = z.object({
  tasks: z
    .array(
      z.object({
        taskArn: z.string().max(1024),
        taskDefinitionArn: z.string().max(1024).optional(),
        group: z.string().max(512).optional(),
        lastStatus: z.string().max(64).optional(),
        startedAt: Time.optional(),
        stoppedAt: Time.optional(),
        stopCode: z.string().max(128).optional(),
        containers: z.array(z.object({ exitCode: z.number().int().optional() })).default([]),
      }),
    )
    .default([]),
});

export const InstancesAnswer = z.object({
  Reservations: z
    .array(
      z.object({
        Instances: z.array(z.object({ State: z.object({ Name: z.string().optional() }).optional() })).default([]),
      }),
    )
    .default([]),
  NextToken: z.string().nullish(),
});
