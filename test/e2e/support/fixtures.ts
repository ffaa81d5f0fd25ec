import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { type PrivateKeychain, startKeychain } from '../../support/keychain.ts';
import type { Application, LaunchOptions } from './application.ts';
import { type Display, openDisplay } from './display.ts';
import { electronCommand, launchElectron } from './electron-application.ts';
import { collect, hostCommand, launchHost } from './host-application.ts';

export type Way = 'host' | 'electron';

interface Fixtures {
  /** A folder of this test only, for workspace and files. */
  readonly folder: string;
  /** A session bus with a real, unlocked keychain of this test only. */
  readonly keychain: PrivateKeychain;
  /** What a console of this test needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a console on the test's workspace and keychain; ended with the test. */
  readonly launch: (options?: Partial<LaunchOptions>) => Promise<Application>;
  /** Starts one more on the same workspace and waits for its end. */
  readonly launchAndWait: () => Promise<{ readonly code: number; readonly stderr: string }>;
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
  environment: async ({ display, folder, keychain }, use) =>
    use({
      ...display.env,
      ...keychain.env,
      CAUSEWAY_DATA: path.join(folder, 'data'),
      ELECTRON_USER_DATA: path.join(folder, 'window'),
    }),
  launch: async ({ way, environment }, use) => {
    const started: Application[] = [];
    await use(async (options = {}) => {
      const launch = way === 'host' ? launchHost : launchElectron;
      const application = await launch({
        ...options,
        env: { ...environment, ...options.env },
      });
      started.push(application);
      return application;
    });
    for (const application of started) await application.kill();
  },
  launchAndWait: async ({ way, environment }, use) =>
    use(async () => {
      const [program, ...args] = way === 'host' ? hostCommand() : electronCommand();
      const child = spawn(program, args, {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const stderr = collect(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const [code] = (await once(child, 'exit')) as [number | null];
      clearTimeout(timer);
      return { code: code ?? -1, stderr: stderr() };
    }),
  application: async ({ launch }, use) => use(await launch()),
});
