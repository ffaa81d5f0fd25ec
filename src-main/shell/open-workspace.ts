import { type Console, openConsole } from '#main/console.ts';
import { openKeychain } from '#main/credentials/keychain.ts';
import { deviceIdentity, localUser } from '#main/platform/local-identity.ts';
import type { Log } from '#main/platform/log.ts';
import { type Folders, listScenarios } from './folders.ts';

/** Names shared with the terminal, which works on the same workspace. */
const TENANT = 'local';
const KEYCHAIN_SERVICE = 'causeway';

/** Opens the console on the person's workspace, with the keychain and the scenarios that ship. Rejects with a start error. */
export async function openWorkspace(folders: Folders, version: string, log: Log): Promise<Console> {
  const secrets = await openKeychain(KEYCHAIN_SERVICE);
  return openConsole({
    folder: folders.data,
    tenant: TENANT,
    user: localUser(),
    device: deviceIdentity(folders.data),
    secrets,
    sandboxFolders: listScenarios(folders.scenarios),
    version,
    log,
  });
}
