import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { look } from './support/look.ts';
import { goTo, investigate, openConsole, review } from './support/steps.ts';

const WATCH = `(() => {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample));
})()`;

/** Screens in the order a person meets them; each once in each theme. */
test('every screen in both themes: axe finds nothing, nothing violates the CSP, errors are not logged', async ({
  application,
  way,
}) => {
  test.setTimeout(180_000);
  const page = await openConsole(application);
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.reload();
  await page.evaluate(WATCH);
  const both = async (screen: string) => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await look(application, page, way, screen, theme);
    }
  };
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
  await both('incidents-first');
  await investigate(page);
  await both('incident');
  const dialog = await review(page);
  await both('approval-dialog');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await goTo(page, 'Incidents');
  await both('incidents');
  await goTo(page, 'Approvals');
  await both('approvals');
  await goTo(page, 'Audit trail');
  await page.getByRole('grid').getByRole('row').nth(2).click();
  await expect(page.getByRole('complementary', { name: /^Record/ })).toBeVisible();
  await both('audit-record');
  await page.getByRole('button', { name: 'Export…' }).click();
  await both('export-dialog');
  await page.keyboard.press('Escape');
  await goTo(page, 'Verification');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toBeVisible();
  await both('verification');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await both('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await both('shortcuts');
  expect(await page.evaluate('window.violations')).toEqual([]);
  expect(errors).toEqual([]);
});
