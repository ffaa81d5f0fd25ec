import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { wallClock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import { acquireWorkspaceLock } from '../platform/workspace-lock.ts';
import { EXAMPLE } from './example-year/example.ts';
import { writeExampleYear } from './example-year/write-example-year.ts';
import type { ExampleLoading, StationConfig } from './station.ts';

/** No name of a workspace: what was cut short is not taken for one. */
const UNFINISHED = '.example-unfinished';

/**
 * Writes the example workspace into the data folder. It gets its name when all of it is there, its keys in the keychain;
 * one that could not be finished is taken away again.
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
    for (const [name, value] of made) await secrets.set(name, value);
    renameSync(unfinished, path.join(folder, 'tenants', EXAMPLE.tenant));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}
