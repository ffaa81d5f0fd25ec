import { z } from 'zod';
import { PersonId } from '../model/access.ts';
import { Digest } from '../model/evidence.ts';
import { Incident } from '../model/incident.ts';
import { Remediation } from '../model/investigation.ts';
import { RemediationPlan } from '../model/plan.ts';

const Time = z.iso.datetime({ precision: 3 });

export const PendingApproval = z.strictObject({
  incident: Incident,
  remediation: Remediation,
  requestedByName: z.string().max(100), // the human the agent acts for
  required: z.int().min(1), // approvals the policy asks for
  eligible: z.int().min(0), // people who may give one
  given: z.array(z.strictObject({ by: PersonId, name: z.string().max(100), at: Time, record: Digest })).max(9),
  /** Null when the person who asks may decide, otherwise why not. */
  mayNotDecide: z.string().max(500).nullable(),
  mayBreakGlass: z.boolean(),
});
export type PendingApproval = z.infer<typeof PendingApproval>;

/** An approval given by one person alone, which another has to look at afterwards. */
export const DueReview = z.strictObject({
  record: Digest,
  remediation: z.string().max(64),
  incident: z.string().max(64),
  by: PersonId,
  byName: z.string().max(100),
  at: Time,
  reason: z.string().max(2000),
  summary: z.string().max(1000),
  mayNotReview: z.string().max(500).nullable(),
});
export type DueReview = z.infer<typeof DueReview>;

/** A request from another console, opened here to be decided by file, after its signatures were checked. */
export const ForeignRequest = z.strictObject({
  digest: Digest, // of the request
  tenant: z.string().max(64),
  chain: z.string().max(64),
  keyId: z.string().max(64), // of the key that chain began with
  /** Nobody here has compared that key yet: answering then needs it as `trust`. */
  firstSight: z.boolean().optional(),
  required: z.int().min(1).optional(), // approvals the policy asks for
  plan: RemediationPlan,
  planDigest: Digest,
  severity: z.string().max(32),
  requestedByName: z.string().max(100),
  rule: z.string().max(500),
  createdAt: Time,
  expiresAt: Time,
});
export type ForeignRequest = z.infer<typeof ForeignRequest>;
