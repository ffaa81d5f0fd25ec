import { z } from 'zod';

/** Lowercase hex SHA-256. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);
export type Digest = z.infer<typeof Digest>;

/**
 * A pointer into stored evidence: the stored response with this digest, a JSON pointer (RFC 6901) to an array inside it,
 * and the half-open row range [from, to) in that array. A claim whose citation does not resolve is not shown.
 */
export const Citation = z.strictObject({
  digest: Digest,
  pointer: z.string().max(512),
  from: z.int().min(0),
  to: z.int().min(0),
});
export type Citation = z.infer<typeof Citation>;

/** What is known of one stored cloud answer without opening it. */
export const EvidenceInfo = z.strictObject({
  digest: Digest,
  operation: z.string().max(128), // "cloudwatch:GetMetricData"
  agent: z.string().max(64),
  bytes: z.int().min(0),
  collectedAt: z.iso.datetime({ precision: 3 }),
});
export type EvidenceInfo = z.infer<typeof EvidenceInfo>;
