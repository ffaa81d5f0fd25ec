import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import { KEYCHAIN_SERVICE, openLocalStation } from '#main/console/local-station.ts';
import type { Station } from '#main/console/station.ts';
import type { Console, Workspace } from '#main/console.ts';
import { openKeychain } from '#main/credentials/keychain.ts';
import type { PasswordCost } from '#main/identity/passwords.ts';
import type { Principal } from '#main/identity/principal.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Access } from '#shared/model/access.ts';
import manifest from '../../package.json' with { type: 'json' };
import { handleInterrupts, type Interrupts } from './interrupt.ts';
import { readSession } from './session.ts';

export const VERSION: string = manifest.version;
/** Names an API key for terminal commands; never as an option, where everybody on the machine can read it. */
export const API_KEY_VARIABLE = 'CAUSEWAY_API_KEY';

const resources = fileURLToPath(new URL('../../resources', import.meta.url));
const scenarios = path.join(resources, 'scenarios');

/** The scenario folders that ship with the product, by name. */
export function shippedScenarios(): readonly string[] {
  return readdirSync(scenarios, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(scenarios, entry.name))
    .sort();
}

/** Where the workspaces are when nobody names a folder: the same place the window uses. */
export function defaultDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.CAUSEWAY_DATA) return path.resolve(env.CAUSEWAY_DATA);
  if (platform === 'darwin') return path.join(homedir(), 'Library/Application Support/Causeway/workspace');
  if (platform === 'win32')
    return path.join(env.APPDATA ?? path.join(homedir(), 'AppData/Roaming'), 'Causeway/workspace');
  return path.join(env.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'Causeway/workspace');
}

/** The options every command that opens a workspace takes. */
export const WORKSPACE_OPTIONS = { data: { type: 'string' }, workspace: { type: 'string' } } as const;

export interface StationOptions {
  /** `--data`; default: the console's own folder. */
  readonly data?: string | undefined;
  /** Default: the operating system's keychain. */
  readonly secrets?: SecretStore;
  /** The key a trail begins with. Default: a new one in the keychain. */
  readonly signingKey?: KeyChoice;
  /** Default: all scenarios that ship. */
  readonly sandboxFolders?: readonly string[];
  readonly passwordCost?: PasswordCost;
}

export interface WorkspaceOptions extends StationOptions {
  /** `--workspace`; needed where there are several. */
  readonly workspace?: string | undefined;
}

/** What a command works with when a workspace is open. */
export interface OpenedWorkspace {
  readonly station: Station;
  readonly workspace: Workspace;
  readonly secrets: SecretStore;
  readonly interrupts: Interrupts;
}

/** A console with somebody at it. */
export interface Seat extends OpenedWorkspace {
  readonly principal: Principal;
  readonly console: Console;
}

/**
 * Makes the workspaces of a data folder reachable and closes what was opened, whatever happens, a signal included.
 * Rejects with `cancelled` when a signal ended it, otherwise with the room's own error.
 */
export async function withStation<T>(
  { data, secrets, ...options }: StationOptions,
  use: (opened: {
    readonly station: Station;
    readonly secrets: SecretStore;
    readonly interrupts: Interrupts;
  }) => Promise<T>,
): Promise<T> {
  const keychain = secrets ?? (await openKeychain(KEYCHAIN_SERVICE));
  const station = await openLocalStation({
    sandboxFolders: shippedScenarios(),
    ...options,
    folder: data ?? defaultDataFolder(),
    secrets: keychain,
    version: VERSION,
    resources,
  });
  const interrupts = handleInterrupts(() => station.close());
  try {
    return await use({ station, secrets: keychain, interrupts });
  } catch (error) {
    if (!interrupts.closed()) throw error;
    throw new CausewayError('cancelled', 'Interrupted: what was running was stopped, and its leases were revoked.', {
      cause: error,
    });
  } finally {
    interrupts.dispose();
    await station.close();
  }
}

/** Opens one workspace, for nobody in particular: to sign in, or to look at what needs no person. */
export async function withWorkspace<T>(
  { workspace, ...options }: WorkspaceOptions,
  use: (opened: OpenedWorkspace) => Promise<T>,
): Promise<T> {
  return withStation(options, async (opened) => {
    const found = await opened.station.open(await chooseTenant(opened.station, workspace));
    return use({ ...opened, workspace: found });
  });
}

/**
 * Opens one workspace as whoever is signed in on this machine (`causeway sign-in`), or as the API key in the environment,
 * if they may do what the command is about.
 * @throws CausewayError `sign-in-required`, `denied` (on record)
 */
export async function withSeat<T>(
  { access, ...options }: WorkspaceOptions & { readonly access: Access },
  use: (seat: Seat) => Promise<T>,
): Promise<T> {
  return withWorkspace(options, async (opened) => {
    const { workspace, secrets } = opened;
    const principal = await whoIsThere(workspace, secrets);
    if (access !== 'public' && access !== 'signed-in') await workspace.permissions.demand(principal, access);
    return use({ ...opened, principal, console: workspace.as(principal) });
  });
}

async function whoIsThere({ identity, tenant }: Workspace, secrets: SecretStore): Promise<Principal> {
  const key = process.env[API_KEY_VARIABLE];
  if (key !== undefined && key !== '') return identity.verifyApiKey(key);
  const token = await readSession(secrets, tenant);
  if (token === null) {
    throw new CausewayError(
      'sign-in-required',
      `Nobody is signed in to ${tenant} in this terminal. Run: causeway sign-in`,
      { reason: 'no-session' },
    );
  }
  return identity.verifyToken(token, { touch: true });
}

async function chooseTenant(station: Station, asked: string | undefined): Promise<string> {
  if (asked !== undefined) return asked;
  const [only, ...others] = await station.list();
  if (only === undefined) {
    throw new CausewayError('not-found', 'There is no workspace yet. Make one: causeway workspace create');
  }
  if (others.length === 0) return only.tenant;
  const names = [only, ...others].map(({ tenant }) => tenant).join(', ');
  throw new CausewayError('bad-input', `There are several workspaces: ${names}. Say which with --workspace.`);
}
