import { z } from 'zod';
import { PersonId } from '../model/access.ts';
import { Digest } from '../model/evidence.ts';

/** Changes of the protections themselves, which two people make, and the guardrail policies with their versions. */
const Time = z.iso.datetime({ precision: 3 });

export const ProtectionKind = z.enum(['policy-change', 'key-rotation', 'break-acknowledgement']);
export type ProtectionKind = z.infer<typeof ProtectionKind>;

/** A change somebody asked for and another person has to agree to. `digest` is of exactly what would be done. */
export const ProtectionRequest = z.strictObject({
  id: z.string().max(64),
  kind: ProtectionKind,
  summary: z.string().max(1000),
  /** What changes, as lines to be compared: a policy difference, the new key's place, the breaks. */
  details: z.array(z.strictObject({ label: z.string().max(200), text: z.string().max(100_000) })).max(64),
  digest: Digest,
  requestedBy: PersonId,
  requestedByName: z.string().max(100),
  justification: z.string().max(2000),
  requestedAt: Time,
  expiresAt: Time,
  /** Null when the person who asks may decide, otherwise why not. */
  mayNotDecide: z.string().max(500).nullable(),
});
export type ProtectionRequest = z.infer<typeof ProtectionRequest>;

/** `done`: it took effect at once (a workspace of one person). `waiting`: another person has to agree. */
export const ProtectionOutcome = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('done') }),
  z.strictObject({ state: z.literal('waiting'), request: ProtectionRequest }),
  z.strictObject({ state: z.literal('rejected') }),
]);
export type ProtectionOutcome = z.infer<typeof ProtectionOutcome>;

export const PolicyText = z.string().min(1).max(100_000);

export const PolicyVersionView = z.strictObject({
  version: Digest,
  number: z.int().min(1),
  since: Time,
  /** Empty for the one the product came with. */
  approvedBy: z.array(PersonId).max(8),
  inForce: z.boolean(),
});
export type PolicyVersionView = z.infer<typeof PolicyVersionView>;

export const PolicyRule = z.strictObject({
  id: z.string().max(128),
  effect: z.enum(['permit', 'forbid']),
  reason: z.string().max(1000),
  text: z.string().max(20_000),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

export const PolicyView = z.strictObject({
  version: Digest,
  text: PolicyText,
  rules: z.array(PolicyRule).max(1000),
  versions: z.array(PolicyVersionView).max(1000),
  /** Why everything is denied, or that the product came with newer policies than those in force. */
  notice: z.string().max(1000).optional(),
});
export type PolicyView = z.infer<typeof PolicyView>;

/** What a changed policy would mean, before anybody asks for it. */
export const PolicyPreview = z.strictObject({
  version: Digest.nullable(), // null: it cannot be used
  problems: z.array(z.string().max(1000)).max(50),
  difference: z
    .array(z.strictObject({ kind: z.enum(['same', 'added', 'removed']), text: z.string().max(2000) }))
    .max(20_000),
  dryRun: z.strictObject({
    from: Time,
    decisions: z.int().min(0), // replayed
    notReplayable: z.int().min(0), // whose request was not kept
    changed: z
      .array(
        z.strictObject({
          at: Time,
          principal: z.string().max(128),
          action: z.string().max(128),
          resource: z.string().max(1024),
          was: z.enum(['allow', 'deny']),
          wouldBe: z.enum(['allow', 'deny']),
          reason: z.string().max(1000),
        }),
      )
      .max(500),
    changedTotal: z.int().min(0),
  }),
});
export type PolicyPreview = z.infer<typeof PolicyPreview>;
