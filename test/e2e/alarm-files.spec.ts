import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { test } from './support/fixtures.ts';
import { answerOpenDialog, openConsole, raiseAlarm, readTrail } from './support/steps.ts';

const alert = 'The alarm was not imported';

test('files that are no alarm are refused with the reason, and nothing is lost', async ({ application, folder }) => {
  const bad: Readonly<Record<string, { readonly content: string | Buffer; readonly says: RegExp }>> = {
    'other-kind.json': { content: '{"hello":"world"}', says: /other-kind\.json|kind|known/i },
    'truncated.json': { content: '{"version":"4","alerts":[{"status":"fir', says: /JSON|truncated/i },
    'empty.json': { content: '', says: /empty|JSON/i },
    'huge.json': { content: Buffer.alloc(50 * 1024 * 1024, 0x20), says: /1 MiB/ },
    'binary.json': { content: Buffer.from([0xff, 0xfe, 0x00, 0x80]), says: /UTF-8|JSON|text/i },
  };
  const page = await openConsole(application);
  await raiseAlarm(page);
  await page.getByRole('navigation').getByRole('link', { name: 'Incidents' }).click();
  for (const [name, { content, says }] of Object.entries(bad)) {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await answerOpenDialog(application, file);
    await page.getByRole('button', { name: 'Import alarm…' }).click();
    const told = page.getByRole('alert').filter({ hasText: alert });
    await expect(told).toContainText(says);
    await told.getByRole('button').first().click();
    await expect(told).toHaveCount(0);
  }
  await expect(page.getByRole('grid')).toContainText('Checkout is slow');
  expect((await readTrail(page)).filter((row) => row.action === 'incident.created')).toHaveLength(1);
});

test('a dialog that is cancelled imports nothing and says nothing', async ({ application }) => {
  const page = await openConsole(application);
  await answerOpenDialog(application, null);
  await page.getByRole('button', { name: 'Import alarm…' }).click();
  await expect(page.getByRole('button', { name: 'Import alarm…' })).toBeEnabled();
  await expect(page.getByText(alert)).toHaveCount(0);
});

test('an alarm file of a known kind becomes an incident', async ({ application }) => {
  const page = await openConsole(application);
  await answerOpenDialog(
    application,
    path.join(PROJECT_ROOT, 'test/fixtures/alarms/eventbridge-checkout-latency.json'),
  );
  await page.getByRole('button', { name: 'Import alarm…' }).click();
  await expect(page.getByText('inc-0001').first()).toBeVisible();
});
