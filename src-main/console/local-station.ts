import path from 'node:path';
import { AWS_ENVIRONMENTS_FILE, readAwsEnvironments } from '../credentials/aws-environments.ts';
import { openKeychain } from '../credentials/keychain.ts';
import { deviceIdentity } from '../platform/local-identity.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { createStation, type Station, type StationConfig } from './station.ts';

/** The name the operating system's keychain shows for the console's entries. */
export const KEYCHAIN_SERVICE = 'causeway';

export interface LocalStation
  extends Pick<
    StationConfig,
    'folder' | 'sandboxFolders' | 'signingKey' | 'version' | 'log' | 'passwordCost' | 'selfCheckAfterMs' | 'resources'
  > {
  /** Default: the operating system's keychain. */
  readonly secrets?: SecretStore;
}

/**
 * The workspaces of this machine, the same from the window and from the terminal: this device, the keychain's keys, the
 * sandbox's scenarios, and the AWS accounts the data folder's own file names. Nothing is opened yet.
 * Rejects with the room's own error: no keychain, read-only, full, a wrong AWS file.
 */
export async function openLocalStation(local: LocalStation): Promise<Station> {
  const { secrets, ...config } = local;
  return createStation({
    ...config,
    secrets: secrets ?? (await openKeychain(KEYCHAIN_SERVICE)),
    device: deviceIdentity(local.folder),
    awsEnvironments: await readAwsEnvironments(path.join(local.folder, AWS_ENVIRONMENTS_FILE)),
  });
}
