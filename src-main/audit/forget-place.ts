import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { workspaceName } from './secret-names.ts';

/**
 * Has the keychain forget which chain was begun in a folder, so that another can be. For an example only, whose chain is
 * evidence of nothing: of any other it would hide that its history was exchanged.
 * @param folder may be gone; the one it is in is there
 */
export async function forgetPlace(secrets: SecretStore, folder: string): Promise<void> {
  const asked = resolve(folder);
  const real = join(realpathSync(dirname(asked)), basename(asked));
  for (const name of new Set([asked, real])) await secrets.delete(workspaceName(name));
}
