import { canonicalDigest } from '#main/platform/digest.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';

/** What an approval binds to: the SHA-256 of the plan's RFC 8785 form. One changed character is another plan. */
export function planDigest(plan: RemediationPlan): string {
  return canonicalDigest(plan).digest;
}
