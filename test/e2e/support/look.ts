import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from 'playwright';
import type { Application } from './application.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

/** A window that is not shown draws none. */
const TWO_FRAMES = `new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
  setTimeout(done, 500);
}).then(() => {})`;

/** Looks at what is on the window: axe at the usual size, and a picture at each size for people to look at. */
export async function look(application: Application, page: Page, way: string, screen: string, theme: string) {
  for (const { width, height } of SIZES) {
    await application.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
      },
      { width, height },
    );
    // a window without a window manager may come out a pixel smaller
    await expect.poll(() => page.evaluate(`Math.abs(innerWidth - ${width})`)).toBeLessThan(3);
    // a busy machine may otherwise give the picture of a frame before the last change
    await page.evaluate(TWO_FRAMES);
    await page.screenshot({
      path: `test-results/screens/${way}/${screen}-${theme}-${width}.png`,
      animations: 'disabled',
    });
  }
  const overflow = await page.evaluate('document.documentElement.scrollHeight - innerHeight');
  expect.soft(overflow, `the page itself does not scroll on ${screen}`).toBeLessThanOrEqual(0);
  // while a dialog is open the page behind it is hidden, its main landmark and heading with it
  const behindDialog =
    (await page.getByRole('dialog').count()) > 0 ? ['landmark-one-main', 'page-has-heading-one'] : [];
  const found = await new AxeBuilder({ page }).setLegacyMode(true).disableRules(behindDialog).analyze();
  const told = found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect.soft(told, `axe on ${screen} in the ${theme} theme`).toEqual([]);
}

const WATCH = `(() => {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample));
})()`;

/** Hears from now on what the page logs as an error and what its CSP forbids, until it is loaded anew. */
export async function watch(page: Page): Promise<{ readonly expectNothing: () => Promise<void> }> {
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.evaluate(WATCH);
  return {
    expectNothing: async () => {
      expect(await page.evaluate('window.violations')).toEqual([]);
      expect(errors).toEqual([]);
    },
  };
}

/** Looks at a screen in the light theme and in the dark one. */
export async function lookInBoth(application: Application, page: Page, way: string, screen: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await look(application, page, way, screen, theme);
  }
}
