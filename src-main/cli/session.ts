import type { SecretStore } from '#main/platform/secret-store.ts';

/** The terminal's session: its token rests in the keychain, and is checked at every command. */
const nameOf = (tenant: string) => `terminal.${tenant}.session`;

export async function readSession(secrets: SecretStore, tenant: string): Promise<string | null> {
  const kept = await secrets.get(nameOf(tenant));
  return kept === null ? null : Buffer.from(kept).toString('utf8');
}

export async function keepSession(secrets: SecretStore, tenant: string, token: string): Promise<void> {
  await secrets.set(nameOf(tenant), Buffer.from(token, 'utf8'));
}

export async function dropSession(secrets: SecretStore, tenant: string): Promise<void> {
  await secrets.delete(nameOf(tenant));
}
