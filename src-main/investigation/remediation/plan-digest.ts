import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RemediationPlan } from '#shared/model/plan.ts';

/** Lowercase hex SHA-256 of a value's RFC 8785 form. */
export function digestOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('only JSON values have a digest');
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** What an approval binds to: one changed character is another plan. */
export function planDigest(plan: RemediationPlan): string {
  return digestOf(plan);
}
