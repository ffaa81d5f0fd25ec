import { openLocalStation } from '#main/console/local-station.ts';
import type { Station } from '#main/console/station.ts';
import type { Log } from '#main/platform/log.ts';
import { type Folders, listScenarios } from './folders.ts';

/** The window comes first: the console looks at its own controls when it has been drawn. */
const SELF_CHECK_AFTER_MS = 5_000;

/**
 * The workspaces of this machine, with the scenarios that ship. When there is one, it is opened: what is wrong with it is
 * told before anybody signs in. Rejects with a start error.
 */
export async function openStation(folders: Folders, version: string, log: Log): Promise<Station> {
  const station = await openLocalStation({
    folder: folders.data,
    sandboxFolders: listScenarios(folders.scenarios),
    version,
    log,
    resources: folders.resources,
    selfCheckAfterMs: SELF_CHECK_AFTER_MS,
  });
  const [only, ...others] = await station.list();
  if (only !== undefined && others.length === 0) await station.open(only.tenant);
  return station;
}
