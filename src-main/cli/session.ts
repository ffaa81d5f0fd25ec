import type { Workspace } from '#main/console.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';

interface Opened {
  readonly workspace: Pick<Workspace, 'identity' | 'tenant'>;
  readonly secrets: SecretStore;
}

/** The terminal's session: its token rests in the keychain, and is checked at every command. */
const nameOf = (tenant: string) => `terminal.${tenant}.session`;

export async function readSession(secrets: SecretStore, tenant: string): Promise<string | null> {
  const kept = await secrets.get(nameOf(tenant));
  return kept === null ? null : Buffer.from(kept).toString('utf8');
}

/** Whoever was signed in at this terminal before is signed out, as in the window. */
export async function keepSession(opened: Opened, token: string): Promise<void> {
  await endSession(opened, false);
  await opened.secrets.set(nameOf(opened.workspace.tenant), Buffer.from(token, 'utf8'));
}

/** Ends the terminal's session, or all of that person's. False when there was none. */
export async function endSession(
  { workspace: { identity, tenant }, secrets }: Opened,
  everywhere: boolean,
): Promise<boolean> {
  const token = await readSession(secrets, tenant);
  if (token === null) return false;
  try {
    await identity.signOut(await identity.verifyToken(token, { evenLocked: true }), everywhere);
  } catch (error) {
    if (!(error instanceof CausewayError) || error.code !== 'sign-in-required') throw error; // it had ended by itself
  }
  await secrets.delete(nameOf(tenant));
  return true;
}
