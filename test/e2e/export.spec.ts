import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { test } from './support/fixtures.ts';
import { answerSaveDialog, goTo, investigate, openConsole } from './support/steps.ts';

test('the trail is exported as an extract, a range and a table', async ({ application, folder }) => {
  const page = await openConsole(application);
  await investigate(page);
  await goTo(page, 'Audit trail');
  await expect(page.getByRole('grid').getByRole('row').nth(1)).toBeVisible();
  await page.getByLabel('Category').selectOption('credential');
  await expect(page.getByRole('grid')).toContainText('credential.');
  await expect(page.getByRole('grid')).not.toContainText('tenant.');
  await answerSaveDialog(application, folder);

  const dialog = page.getByRole('dialog');
  const exportAs = async (name: string, fill?: () => Promise<void>) => {
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
    await fill?.();
    await dialog.getByRole('button', { name: 'Choose a file…' }).click();
    await expect(dialog.getByText('Exported, and on record.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).click();
  };
  const written = (ending: string) => {
    const name = readdirSync(folder).find((entry) => entry.endsWith(ending)) ?? '';
    expect(name).toMatch(/^local-\d{4}-\d\d-\d\d\./);
    return path.join(folder, name);
  };

  await exportAs('Extract');
  const extract = written('.extract.jsonl');
  expect(await verifyChainFile(extract)).toMatchObject({ verdict: 'valid', selection: 'extract' });
  expect(readFileSync(extract, 'utf8').split('\n')[0]).toContain('"filter":{"category":"credential"}');

  await exportAs('Range', async () => {
    await dialog.getByLabel('First record').fill('9');
    await dialog.getByLabel('Last record').fill('3');
    await expect(dialog.getByRole('button', { name: 'Choose a file…' })).toBeDisabled();
    await dialog.getByLabel('Last record').fill('12');
  });
  expect(await verifyChainFile(written('.chain.jsonl'))).toMatchObject({ verdict: 'valid', first: 9, last: 12 });

  await exportAs('Table');
  const rows = readFileSync(written('.csv'), 'utf8').trimEnd().split('\r\n');
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows.slice(1)) expect(row).toMatch(/^"\d+","[^"]+","credential",/);
});
