import path from 'node:path';
import { type Console, openConsole } from '../console.ts';
import { AWS_ENVIRONMENTS_FILE, readAwsEnvironments } from '../credentials/aws-environments.ts';
import { openKeychain } from '../credentials/keychain.ts';
import { deviceIdentity, localUser } from '../platform/local-identity.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import type { ConsoleConfig } from './config.ts';

const TENANT = 'local';
/** The name the operating system's keychain shows for the console's entries. */
export const KEYCHAIN_SERVICE = 'causeway';

export interface LocalWorkspace
  extends Pick<ConsoleConfig, 'folder' | 'sandboxFolders' | 'signingKey' | 'version' | 'log'> {
  /** Default: the operating system's keychain. */
  readonly secrets?: SecretStore;
}

/**
 * The workspace of the person at this machine, the same from the window and from the terminal: local user and device, the
 * keychain's keys, the sandbox's scenarios, and the AWS accounts the workspace's own file names.
 * Rejects with the room's own error: no keychain, read-only, full, already open, a broken chain, a wrong AWS file.
 */
export async function openLocalWorkspace(workspace: LocalWorkspace): Promise<Console> {
  const { secrets, ...config } = workspace;
  return openConsole({
    ...config,
    tenant: TENANT,
    secrets: secrets ?? (await openKeychain(KEYCHAIN_SERVICE)),
    user: localUser(),
    device: deviceIdentity(workspace.folder),
    awsEnvironments: await readAwsEnvironments(path.join(workspace.folder, AWS_ENVIRONMENTS_FILE)),
  });
}
