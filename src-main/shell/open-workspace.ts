import { openLocalWorkspace } from '#main/console/local-workspace.ts';
import type { Console } from '#main/console.ts';
import type { Log } from '#main/platform/log.ts';
import { type Folders, listScenarios } from './folders.ts';

/** Opens the console on the person's workspace, with the scenarios that ship. Rejects with a start error. */
export async function openWorkspace(folders: Folders, version: string, log: Log): Promise<Console> {
  return openLocalWorkspace({
    folder: folders.data,
    sandboxFolders: listScenarios(folders.scenarios),
    version,
    log,
  });
}
