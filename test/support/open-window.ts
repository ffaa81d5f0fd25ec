import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import react from '@vitejs/plugin-react';
import { type Browser, chromium, type Page } from 'playwright';
import { build } from 'vite';
import { RESPONSE_HEADERS } from '#main/shell/response-headers.ts';
import type { Channel, ConsoleEvent } from '#shared/ipc/contract.ts';
import { findChromium } from '../host/find-chromium.ts';
import { type Answer, Refusal, type WindowDriver, type WindowOptions } from '../renderer/support/window-driver.ts';
import { PROJECT_ROOT } from './project-root.ts';

const ORIGIN = 'https://console.test';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export const isThereABrowser = findChromium() !== null;

let built: Promise<string> | null = null;
let browser: Promise<Browser> | null = null;

/** The page as it is shipped, built once for all windows of a test file. */
async function buildPage(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'causeway-page-'));
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production'; // as it is shipped, whatever the test runner says
  await build({
    configFile: false,
    root: path.join(PROJECT_ROOT, 'src-renderer'),
    base: '/',
    publicDir: false,
    logLevel: 'error',
    plugins: [react()],
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      minify: false,
    },
  });
  if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = NODE_ENV;
  return folder;
}

async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('No Chromium was found.');
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}

/** The bridge the preload would put there, and a way to send events. Runs before anything of the page. */
const BRIDGE = `(() => {
  const listeners = new Set();
  window.emitEvent = (event) => { for (const listener of listeners) listener(event); };
  window.causeway = Object.freeze({
    invoke: (channel, input) => window.askMain(channel, input),
    subscribe: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
  });
  document.addEventListener('securitypolicyviolation', (event) =>
    console.error('policy: ' + event.effectiveDirective + ' ' + event.blockedURI));
})()`;

const NAME_OF_FOCUS = `(() => {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) return '';
  const label = focused.getAttribute('aria-label') ?? document.getElementById(focused.getAttribute('aria-labelledby'))?.textContent;
  return (label ?? focused.labels?.[0]?.textContent ?? focused.textContent ?? '').trim();
})()`;

export async function openWindow(answer: Answer, options: WindowOptions = {}): Promise<WindowDriver> {
  built ??= buildPage();
  browser ??= launch();
  const [folder, running] = await Promise.all([built, browser]);
  const context = await running.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    const file = path.join(folder, pathname === '/' ? 'index.html' : pathname);
    const contentType = TYPES[path.extname(file)] ?? 'application/octet-stream';
    return route.fulfill({ body: readFileSync(file), headers: { ...RESPONSE_HEADERS, 'content-type': contentType } });
  });
  await page.exposeFunction('askMain', async (channel: Channel, input: unknown) => {
    try {
      return { ok: true, value: await answer(channel, input) };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error };
      return { ok: false, error: { code: 'internal', message: `${channel}: ${String(error)}`, ref: '' } };
    }
  });
  await page.addInitScript(BRIDGE);
  await page.goto(`${ORIGIN}/${options.hash ?? ''}`);
  await page.waitForSelector('h1');
  return drive(page, complaints);
}

function drive(page: Page, complaints: readonly string[]): WindowDriver {
  const focused = () => page.evaluate<string>(NAME_OF_FOCUS);
  return {
    complaints,
    focused,
    text: () => page.evaluate<string>('document.title + "\\n" + document.documentElement.textContent'),
    html: () => page.content(),
    heading: async () => (await page.locator('h1').first().textContent()) ?? '',
    click: async (role, name) => {
      const found = page.getByRole(role, { name, exact: true });
      await (role === 'radio' || role === 'checkbox' ? found.check() : found.click());
    },
    fill: (label, value) => page.getByLabel(label, { exact: true }).fill(value),
    press: (keys) => page.keyboard.press(keys),
    tab: async (times) => {
      const names: string[] = [];
      for (let step = 0; step < times; step += 1) {
        await page.keyboard.press('Tab');
        names.push(await focused());
      }
      return names;
    },
    count: (selector) => page.locator(selector).count(),
    emit: async (event: ConsoleEvent) => {
      await page.evaluate(`window.emitEvent(${JSON.stringify(event)})`);
    },
    axe: async () => {
      const found = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
    },
    overflows: () =>
      page.evaluate<boolean>(
        'document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth',
      ),
    clipboard: () => page.evaluate<string>('navigator.clipboard.readText()'),
    screenshot: async (file) => {
      await page.screenshot({ path: file, animations: 'disabled' });
    },
    close: () => page.context().close(),
  };
}

export async function closeBrowser(): Promise<void> {
  if (browser !== null) await (await browser).close();
  if (built !== null) rmSync(await built, { recursive: true, force: true });
  browser = null;
  built = null;
}
