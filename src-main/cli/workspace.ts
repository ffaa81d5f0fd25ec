import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyChoice } from '#main/audit/signers/key-reference.ts';
import { openLocalWorkspace } from '#main/console/local-workspace.ts';
import type { Console } from '#main/console.ts';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { CausewayError } from '#shared/errors.ts';
import manifest from '../../package.json' with { type: 'json' };
import { handleInterrupts, type Interrupts } from './interrupt.ts';

export const VERSION: string = manifest.version;

const scenarios = fileURLToPath(new URL('../../resources/scenarios', import.meta.url));

/** The scenario folders that ship with the product, by name. */
export function shippedScenarios(): readonly string[] {
  return readdirSync(scenarios, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(scenarios, entry.name))
    .sort();
}

/** Where the workspace is when nobody names a folder: the same place the window uses. */
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

export interface WorkspaceOptions {
  readonly folder: string;
  /** Default: the operating system's keychain. */
  readonly secrets?: SecretStore;
  /** The key a trail begins with. Default: a new one in the keychain. */
  readonly signingKey?: KeyChoice;
  /** Default: all scenarios that ship. */
  readonly sandboxFolders?: readonly string[];
}

/** Opens the console for a terminal command. Rejects with the room's own error: no keychain, read-only, already open … */
export async function openWorkspace(options: WorkspaceOptions): Promise<Console> {
  return openLocalWorkspace({ sandboxFolders: shippedScenarios(), ...options, version: VERSION });
}

/**
 * Opens the workspace, lets `use` work with it and closes it, whatever happens, a signal included.
 * Rejects with `cancelled` when a signal ended it.
 */
export async function withWorkspace<T>(
  options: WorkspaceOptions,
  use: (console: Console, interrupts: Interrupts) => Promise<T>,
): Promise<T> {
  const opened = await openWorkspace(options);
  const interrupts = handleInterrupts(() => opened.close());
  try {
    return await use(opened, interrupts);
  } catch (error) {
    if (!interrupts.closed()) throw error;
    throw new CausewayError('cancelled', 'Interrupted: what was running was stopped, and its leases were revoked.', {
      cause: error,
    });
  } finally {
    interrupts.dispose();
    await opened.close();
  }
}
