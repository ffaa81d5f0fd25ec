import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';

/**
 * What the keychain knows of a workspace's people.db: which one it is, and that it has people. Without it, whoever deletes
 * or empties the file would be asked to become the owner.
 */
const Anchor = z.strictObject({ instance: z.string(), peopled: z.boolean() });
export type Anchor = z.infer<typeof Anchor>;

const nameOf = (tenant: string) => `tenant.${tenant}.people-anchor`;

export async function readAnchor(secrets: SecretStore, tenant: string): Promise<Anchor | null> {
  const kept = await secrets.get(nameOf(tenant));
  if (kept === null) return null;
  try {
    return Anchor.parse(JSON.parse(Buffer.from(kept).toString('utf8')));
  } catch (cause) {
    const text = `The keychain entry "${nameOf(tenant)}" is damaged. Restore it; without it nobody can say whether the list of people is the right one.`;
    throw new CausewayError('keychain-unavailable', text, { reason: 'anchor-damaged', cause });
  }
}

export async function writeAnchor(secrets: SecretStore, tenant: string, { instance, peopled }: Anchor): Promise<void> {
  await secrets.set(nameOf(tenant), Buffer.from(JSON.stringify({ instance, peopled }), 'utf8'));
}

/** @throws CausewayError `audit-broken` with reason `people-gone` */
export function requireAnchored(anchor: Anchor | null, found: Anchor): void {
  if (anchor === null) return;
  if (anchor.instance === found.instance && (found.peopled || !anchor.peopled)) return;
  const text =
    'The list of people in this folder is not the one the keychain knows: it is another one, or one from before there were people. Put the right people.db back.';
  throw new CausewayError('audit-broken', text, { reason: 'people-gone' });
}
