import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';

test('look', async ({ application }) => {
  const page = await application.page();
  page.on('console', (m) => console.log('page:', m.text()));
  await expect(page.getByRole('heading', { name: 'Incidents' })).toBeVisible();
  await page.screenshot({ path: 'test-results/look-1.png' });
  await page
    .getByRole('button', { name: /Raise alarm/ })
    .first()
    .click();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: 'test-results/look-2.png' });
  await page
    .getByRole('button', { name: /Investigate|Start/ })
    .first()
    .click();
  for (let i = 3; i < 8; i++) {
    await page.waitForTimeout(2000);
    await page.screenshot({ path: `test-results/look-${i}.png` });
  }
});
