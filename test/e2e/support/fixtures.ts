import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { type PrivateKeychain, startKeychain } from '../../support/keychain.ts';
import type { Application, LaunchOptions } from './application.ts';
import { type Display, openDisplay } from './display.ts';
import { launchElectron } from './electron-application.ts';
import { launchHost } from './host-application.ts';

export type Way = 'host' | 'electron';

interface Fixtures {
  /** A folder of this test only, for workspace and files. */
  readonly folder: string;
  /** A session bus with a real, unlocked keychain of this test only. */
  readonly keychain: PrivateKeychain;
  /** Starts a console on the test's workspace and keychain; ended with the test. */
  readonly launch: (options?: Partial<LaunchOptions>) => Promise<Application>;
  /** One console, started. */
  readonly application: Application;
}

export const test = base.extend<Fixtures, { way: Way; display: Display }>({
  way: ['host', { option: true, scope: 'worker' }],
  display: [
    async ({ way }, use) => {
      const display = way === 'electron' ? await openDisplay() : { env: {}, stop: async () => {} };
      await use(display);
      await display.stop();
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'causeway-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern
  keychain: async ({}, use) => {
    const keychain = await startKeychain();
    await use(keychain);
    await keychain.stop();
  },
  launch: async ({ way, display, folder, keychain }, use) => {
    const started: Application[] = [];
    await use(async (options = {}) => {
      const launch = way === 'host' ? launchHost : launchElectron;
      const application = await launch({
        ...options,
        env: {
          ...display.env,
          ...keychain.env,
          CAUSEWAY_DATA: path.join(folder, 'data'),
          ELECTRON_USER_DATA: path.join(folder, 'window'),
          ...options.env,
        },
      });
      started.push(application);
      return application;
    });
    for (const application of started) await application.kill();
  },
  application: async ({ launch }, use) => use(await launch()),
});
