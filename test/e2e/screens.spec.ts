import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { lookInBoth, watch } from './support/look.ts';
import { goTo, investigate, openConsole, review } from './support/steps.ts';

/** Screens in the order a person meets them; each once in each theme. */
test('every screen in both themes: axe finds nothing, nothing violates the CSP, errors are not logged', async ({
  application,
  way,
}) => {
  test.setTimeout(180_000);
  const page = await openConsole(application);
  await page.reload();
  const seen = await watch(page);
  const both = (screen: string) => lookInBoth(application, page, way, screen);
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
  await goTo(page, 'Compliance');
  await expect(page.getByText('Role-based access')).toBeVisible();
  await both('compliance');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await both('palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await both('shortcuts');
  await seen.expectNothing();
});
