import { defineConfig } from '@playwright/test';
import type { Way } from './test/e2e/support/fixtures.ts';

/** One set of specs, two ways to run: the Chromium host always, a real Electron where one is named. */
const withElectron = Boolean(process.env.ELECTRON_OVERRIDE_DIST_PATH);

/**
 * What a page looks like, what a page that is opened from disk says, and what is done on a screen without a part of
 * Electron of its own does not depend on who shows it: the longest of these run in one way only.
 */
const SAME_IN_BOTH = ['screens', 'stand-alone-verifier', 'access', 'verification', 'trail', 'decision'].map(
  (name) => `${name}.spec.ts`,
);

export default defineConfig<object, { way: Way }>({
  testDir: 'test/e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './test/e2e/support/build-once.ts',
  fullyParallel: true,
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  forbidOnly: Boolean(process.env.CI),
  // one more try in CI, told as flaky in the summary: a busy machine must not hide a real failure nor invent one
  retries: process.env.CI ? 1 : 0,
  projects: [
    { name: 'chromium-host', use: { way: 'host' } },
    ...(withElectron ? [{ name: 'electron', use: { way: 'electron' as const }, testIgnore: SAME_IN_BOTH }] : []),
  ],
});
