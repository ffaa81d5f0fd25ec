import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { look } from './support/look.ts';
import { goTo, investigate, openConsole } from './support/steps.ts';

/** A person looks for something in the trail and reads one record to the bottom, by mouse and by keyboard. */
test('the trail is searched and narrowed, and a record inspected down to its proof', async ({ application, way }) => {
  test.setTimeout(180_000);
  const page = await openConsole(application);
  await investigate(page);
  await goTo(page, 'Audit trail');
  const grid = page.getByRole('grid', { name: 'Records, newest first' });
  const rows = grid.getByRole('row');
  const chips = page.getByRole('list', { name: 'Filters in force' });
  const found = page.locator('.screen-head .sub');
  await expect(rows.nth(3)).toBeVisible();

  // words of the data, not only ids; the last one as far as it is typed
  await page.keyboard.press('/');
  await page.keyboard.type('ecs:DescribeServ');
  await expect(chips).toContainText('ecs:DescribeServ');
  await expect(found).toContainText(' of ');
  await expect(rows.nth(1)).toContainText('investigation');
  await page.getByLabel('Outcome').selectOption('success');
  await page.getByLabel('Time', { exact: true }).selectOption('exact');
  await expect(page.getByLabel('From, local time')).toHaveValue(/^\d{4}-\d\d-\d\dT/);
  await look(application, page, way, 'audit-filters', 'light');
  await page.getByRole('button', { name: /^Take out Text/ }).click();
  await expect(page.locator('#trail-text')).toHaveValue('');
  await page.getByRole('button', { name: 'Clear all' }).click();
  await expect(chips).toHaveCount(0);

  await page.locator('#trail-text').fill('nothing-has-this-word');
  await expect(page.getByText('No record matches')).toBeVisible();
  await look(application, page, way, 'audit-empty', 'light');
  await page.getByRole('button', { name: 'Clear all filters' }).click();

  // a number leads to its record, the link to the one before it
  await page.locator('#trail-text').fill('#3');
  const inspector = page.getByRole('complementary', { name: 'Record 3', exact: true });
  await expect(inspector).toBeVisible();
  await expect(grid.locator('[aria-selected="true"]')).toBeVisible();
  await inspector.getByRole('button', { name: 'record 2', exact: true }).click();
  const second = page.getByRole('complementary', { name: 'Record 2', exact: true });
  await expect(second.getByText(/Checked just now/)).toBeVisible();
  await expect(second.getByText(/Failed/)).toHaveCount(0);

  await page.locator('#trail-text').fill('#1');
  const first = page.getByRole('complementary', { name: 'Record 1', exact: true });
  await first.getByText(/^Inclusion proof/).click();
  await expect(first.getByText(/causeway/).first()).toBeVisible();
  await first.getByText('Stored bytes in hexadecimal').click();
  await expect(first.getByText(/^00000000 {2}7b 22 61 63/)).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await look(application, page, way, 'audit-proof', theme);
  }

  // who and what of a record narrow the trail
  await first.getByTitle('Only records of this actor').click();
  await expect(chips).toContainText('Actor');
  await page.keyboard.press('Escape');
  await expect(first).toHaveCount(0);
});
