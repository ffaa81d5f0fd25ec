import { z } from 'zod';
import { AuditAction } from './audit-actions.ts';
import { Digest } from './evidence.ts';

/** Chain format, version 1, section 1: the members of a record. The per-action `data` schemas stand in audit-data.ts. */
export const GENESIS_PREV = '0'.repeat(64);

export const Sealed = z.strictObject({ sealed: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export type Sealed = z.infer<typeof Sealed>;

export const KeyId = z.string().regex(/^[0-9a-f]{16}$/);
export const KeyAlgorithm = z.enum(['Ed25519', 'ES256']);
export const KeyDescription = z.strictObject({
  id: KeyId,
  alg: KeyAlgorithm,
  spki: z.base64().max(512),
  fromSeq: z.int().min(1),
});
export type KeyDescription = z.infer<typeof KeyDescription>;

export const ActorType = z.enum(['user', 'agent', 'system', 'api_key', 'webhook']);
export type ActorType = z.infer<typeof ActorType>;
export const Actor = z.strictObject({
  type: ActorType,
  id: z.string().min(1).max(128),
  name: z.union([z.string().min(1).max(256), Sealed]).optional(),
});
export type Actor = z.infer<typeof Actor>;

export const Target = z.strictObject({ type: z.string().min(1).max(64), id: z.string().min(1).max(1024) });
export type Target = z.infer<typeof Target>;

export const Links = z.strictObject({
  incident: z.string().min(1).max(64).optional(),
  investigation: z.string().min(1).max(64).optional(),
  remediation: z.string().min(1).max(64).optional(),
  lease: z.string().min(1).max(64).optional(),
  approval: Digest.optional(),
  request: Digest.optional(),
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
});
export type Links = z.infer<typeof Links>;

export const Device = z.strictObject({
  id: z.string().min(1).max(128),
  name: z.union([z.string().min(1).max(256), Sealed]).optional(),
});
export type Device = z.infer<typeof Device>;

export const Outcome = z.enum(['success', 'failure', 'denied']);
export type Outcome = z.infer<typeof Outcome>;

export const TenantSlug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
export const ChainId = z.uuidv4();

/** Everything but `data`, whose schema depends on the action. */
export const RecordEnvelope = z.strictObject({
  v: z.literal(1),
  chain: ChainId,
  tenant: TenantSlug,
  seq: z.int().min(1),
  time: z.iso.datetime({ precision: 3 }),
  action: AuditAction,
  outcome: Outcome,
  actor: Actor,
  onBehalfOf: Actor.optional(),
  target: Target,
  links: Links.optional(),
  device: Device.optional(),
  data: z.record(z.string(), z.unknown()),
  key: KeyId,
  prev: Digest,
});
export type AuditRecord = z.infer<typeof RecordEnvelope>;
