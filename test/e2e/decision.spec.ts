import { expect } from '@playwright/test';
import { test } from './support/fixtures.ts';
import { investigate, openConsole, readTrail, review, WHY } from './support/steps.ts';

test('a rejected plan is recorded and nothing is changed', async ({ application }) => {
  const page = await openConsole(application);
  await investigate(page);
  const dialog = await review(page);
  await dialog.getByLabel(WHY).fill('The roll-back would undo a security fix; we scale out instead.');
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(dialog.getByText('Recorded: rejected')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: 'Review…' })).toHaveCount(0);
  const actions = (await readTrail(page)).map((row) => row.action);
  expect(actions.filter((action) => /^remediation\.(executed|approved)/.test(action))).toEqual([]);
  expect(actions).toContain('remediation.rejected');
});

test('Escape approves nothing', async ({ application }) => {
  const page = await openConsole(application);
  await investigate(page);
  const dialog = await review(page);
  await dialog.getByLabel(WHY).fill('This text must not become an approval by leaving the dialog.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  const actions = (await readTrail(page)).map((row) => row.action);
  expect(actions.filter((action) => /^remediation\.(executed|approved)/.test(action))).toEqual([]);
  await expect(page.getByRole('button', { name: 'Review…' })).toBeFocused();
});
