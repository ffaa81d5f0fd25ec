import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleReference, INCIDENTS_FOLDER, readIncidentBundle } from './incident-bundle.ts';

/** What a bundle must be of to be one of the same. */
export interface SameFindings {
  readonly chain: string;
  /** The key that signs now. */
  readonly keyId: string;
  readonly ids: readonly string[];
  /** Hash of the newest record. */
  readonly head: string | undefined;
}

/** A bundle from an earlier start that names the same breaks over the same head, or null; only the newest are read. */
export async function findEarlierBundle(
  tenantFolder: string,
  same: SameFindings,
): Promise<{ readonly reference: BundleReference; readonly time: string } | null> {
  const folder = join(tenantFolder, INCIDENTS_FOLDER);
  const names = (await readdir(folder).catch(() => [])).sort().reverse().slice(0, 20);
  for (const name of names) {
    const file = join(folder, name);
    const read = await readIncidentBundle(file);
    if (typeof read === 'string' || read.keyId !== same.keyId) continue;
    const { incident, digest } = read;
    const ids = incident.breaks.map(({ id }) => id);
    if (incident.chain !== same.chain || joined(ids) !== joined(same.ids)) continue;
    if (incident.head?.hash === same.head) return { reference: { file, digest }, time: incident.time };
  }
  return null;
}

function joined(ids: readonly string[]): string {
  return [...ids].sort().join();
}
