import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { forgetPlace } from '../audit/forget-place.ts';
import { vaultAnchorName } from '../credentials/vault/manifest.ts';
import { wallClock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { acquireWorkspaceLock } from '../platform/workspace-lock.ts';
import { policyAnchorName } from '../policy/policy-anchor.ts';
import { EXAMPLE, exampleCancelled } from './example-year/example.ts';
import { writeExampleYear } from './example-year/write-example-year.ts';
import type { ExampleLoading, StationConfig } from './station.ts';
import { titleName } from './workspace-title.ts';

/** No name of a workspace: what was cut short is not taken for one. */
const UNFINISHED = '.example-unfinished';

/**
 * Writes the example workspace into the data folder. It gets its name when all of it is there, its keys in the keychain;
 * one that could not be finished is taken away again.
 * @throws CausewayError `cancelled`, `conflict` while another program has the data folder, and as opening and appending
 */
export async function makeExample(
  config: StationConfig,
  { signal, onProgress, records }: ExampleLoading,
): Promise<void> {
  const { folder, secrets, device, version, passwordCost } = config;
  const lock = acquireWorkspaceLock(folder);
  // Its keys go to the keychain when everything is written: half an example must not leave keys that fit nothing.
  const made = new Map<string, Uint8Array>();
  const aside: SecretStore = {
    description: secrets.description,
    durable: secrets.durable,
    get: async (name) => made.get(name) ?? null,
    set: async (name, value) => {
      made.set(name, Buffer.from(value));
    },
    delete: async (name) => made.delete(name),
  };
  const unfinished = path.join(folder, 'tenants', UNFINISHED);
  try {
    rmSync(unfinished, { recursive: true, force: true }); // of a program that was ended meanwhile
    await writeExampleYear({
      folder: unfinished,
      secrets: aside,
      device,
      version,
      clock: config.clock ?? wallClock,
      ...(passwordCost === undefined ? {} : { passwordCost }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(records === undefined ? {} : { records }),
    });
    if (signal?.aborted) throw exampleCancelled(); // from here on it is there
    const place = path.join(folder, 'tenants', EXAMPLE.tenant);
    made.set(titleName(EXAMPLE.tenant), Buffer.from(EXAMPLE.title, 'utf8'));
    await forgetPlace(aside, unfinished); // it is opened under its name
    await forgetFormer(secrets, place);
    await keepAll(secrets, made, () => renameSync(unfinished, place));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}

/**
 * What the keychain still knows of an example whose folder is gone would be taken for that of the new one, and the new one
 * for a forgery. Its keys are left: somebody may have kept the folder elsewhere.
 */
async function forgetFormer(secrets: SecretStore, place: string): Promise<void> {
  await forgetPlace(secrets, place);
  await secrets.delete(policyAnchorName(EXAMPLE.tenant));
  await secrets.delete(vaultAnchorName(EXAMPLE.tenant));
}

/** All of them, and what `finish` does; or none. What a crash in between leaves is replaced when the example is made again. */
async function keepAll(secrets: SecretStore, made: ReadonlyMap<string, Uint8Array>, finish: () => void): Promise<void> {
  const kept: string[] = [];
  try {
    for (const [name, value] of made) {
      kept.push(name);
      await secrets.set(name, value);
    }
    finish();
  } catch (error) {
    // the reason why it failed is the one to tell
    for (const name of kept) await secrets.delete(name).catch(() => undefined);
    throw error;
  }
}
