import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium } from 'playwright';
import { findChromium } from './find-chromium.ts';

export const HEADLESS = process.env.CAUSEWAY_HOST_HEADLESS === '1';
const switches: string[] = [];
let opened: Promise<BrowserContext> | null = null;
let hidden: Promise<Browser> | null = null;

/** A switch for the browser's command line; without effect once it runs, as in Electron. */
export function addSwitch(name: string, value?: string): void {
  switches.push(value === undefined ? `--${name}` : `--${name}=${value}`);
}

/** The one browser all windows are shown in, started at first use with its profile in `folder`. */
export function openBrowser(folder: string): Promise<BrowserContext> {
  opened ??= launch(path.join(folder, 'chromium'));
  return opened;
}

/**
 * A context of its own for windows nobody sees, in a second browser without a screen: a context of the one that shows
 * the windows would be seen, and shares its session.
 */
export async function openHiddenContext(javaScriptEnabled: boolean): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found. Install one, or name it in CAUSEWAY_CHROMIUM.');
  hidden ??= chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: switches,
  });
  return (await hidden).newContext({ javaScriptEnabled, serviceWorkers: 'block' });
}

async function launch(profile: string): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found. Install one, or name it in CAUSEWAY_CHROMIUM.');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: HEADLESS,
    viewport: null,
    colorScheme: null,
    reducedMotion: null,
    acceptDownloads: true, // so that they are seen, asked about and refused by the session, as in Electron
    serviceWorkers: 'block',
    chromiumSandbox: process.getuid?.() !== 0, // Chromium's own sandbox refuses to work for root
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--window-size=1440,900',
      '--disable-component-update',
      '--no-default-browser-check',
      ...(HEADLESS ? ['--remote-debugging-port=0'] : ['--app=data:text/html,<title>Causeway</title>']),
      ...switches,
    ],
  });
  if (HEADLESS && process.send) process.send({ type: 'browser', endpoint: await readEndpoint(profile) });
  return context;
}

/** Where a test attaches to the same browser, as Chromium leaves it in its profile. */
async function readEndpoint(profile: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      const [port, target] = readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      if (port && target) return `ws://127.0.0.1:${port}${target}`;
    } catch {
      // not written yet
    }
    await wait(50);
  }
  throw new Error('Chromium did not say where it can be reached');
}

/** Ends the browser, and the one without a screen; waits for them at most three seconds. */
export async function closeBrowser(): Promise<void> {
  const running = await Promise.all([opened?.catch(() => null), hidden?.catch(() => null)]);
  const ends = running.map((one) => one?.close().catch(() => {}));
  await Promise.race([Promise.all(ends), wait(3000, undefined, { ref: false })]);
}
