import { z } from 'zod';
import { Digest } from './evidence.ts';
import { TaskKind } from './task.ts';

/** What a remediation does. Each kind has its own builder, way back and expected effect. */
export const RemediationKind = z.enum(['rollback', 'restart']);
export type RemediationKind = z.infer<typeof RemediationKind>;

const Text = z.string().min(1).max(1000);
const Arn = z
  .string()
  .regex(/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{12}:.+$/)
  .max(512);

/** One value that changes, as a person compares it. `null` means absent. */
export const PlanChange = z.strictObject({
  field: z.string().min(1).max(128),
  before: z.string().max(1000).nullable(),
  after: z.string().max(1000).nullable(),
});
export type PlanChange = z.infer<typeof PlanChange>;

/** A single call on the cloud. Parameters are flat; a step may name the result of an earlier one as `$step1.taskDefinition`. */
export const PlanStep = z.strictObject({
  operation: z.enum(['ecs:RegisterTaskDefinition', 'ecs:UpdateService']),
  resource: Arn,
  parameters: z.record(z.string().max(64), z.union([z.string().max(1000), z.int(), z.boolean()])),
  changes: z.array(PlanChange).min(1).max(32),
});
export type PlanStep = z.infer<typeof PlanStep>;

/**
 * Exactly what an approval binds to. Its digest is the SHA-256 of its RFC 8785 form; one changed character is another
 * plan. Holds no floating-point numbers and no text taken from telemetry.
 */
export const RemediationPlan = z.strictObject({
  version: z.literal(1),
  remediation: z.string().min(1).max(64),
  incident: z.string().min(1).max(64),
  investigation: z.string().min(1).max(64),
  hypothesis: z.string().min(1).max(64),
  kind: RemediationKind,
  summary: Text,
  account: z.string().regex(/^\d{12}$/),
  region: z.string().max(32),
  steps: z.array(PlanStep).min(1).max(8),
  blastRadius: z.strictObject({
    service: z.string().max(256),
    cluster: z.string().max(256),
    tasks: z.int().min(0),
    callers: z.array(z.string().max(256)).max(500), // services that call the target, directly or not
    summary: Text,
  }),
  wayBack: z.strictObject({ summary: Text, steps: z.array(PlanStep).max(8) }),
  postCheck: z.strictObject({
    service: z.string().max(256),
    metric: z.string().max(256), // key in the service map
    waitMs: z.int().min(0),
    summary: Text,
  }),
  credentials: z.strictObject({
    task: TaskKind,
    seconds: z.int().min(900).max(43_200),
    actions: z.array(z.string().max(128)).min(1).max(16),
    resources: z.array(Arn).min(1).max(16),
  }),
  evidence: z.array(Digest).min(1).max(64),
});
export type RemediationPlan = z.infer<typeof RemediationPlan>;
