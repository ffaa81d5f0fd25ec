import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { Digest } from '#shared/model/evidence.ts';
import type { SecretStore } from '../platform/secret-store.ts';

/**
 * What the keychain knows of the policies in force. Whoever writes to the database could hide the newest change from the
 * trail's list, and so put an older policy back in force.
 */
const Anchor = z.strictObject({ version: Digest, seq: z.int().min(1) });
export type PolicyAnchor = z.infer<typeof Anchor>;

/** Its entry in the keychain. */
export const policyAnchorName = (tenant: string) => `tenant.${tenant}.policy-anchor`;

/** @throws CausewayError `keychain-unavailable`; with reason `anchor-damaged` when the entry cannot be read */
export async function readPolicyAnchor(secrets: SecretStore, tenant: string): Promise<PolicyAnchor | null> {
  const kept = await secrets.get(policyAnchorName(tenant));
  if (kept === null) return null;
  try {
    return Anchor.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
  } catch (cause) {
    const text = `The keychain entry "${policyAnchorName(tenant)}" is damaged. Restore it; without it nobody can say which policies are in force.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'anchor-damaged', cause });
  }
}

export async function writePolicyAnchor(secrets: SecretStore, tenant: string, anchor: PolicyAnchor): Promise<void> {
  const { version, seq } = anchor;
  await secrets.set(policyAnchorName(tenant), Buffer.from(JSON.stringify({ version, seq }), 'utf8'));
}
