import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { test } from './support/fixtures.ts';
import {
  APPROVER,
  answerOpenDialog,
  answerSaveDialog,
  goTo,
  investigate,
  JUSTIFICATION,
  justify,
  openConsole,
  readTrail,
  review,
  WHY,
} from './support/steps.ts';

test('an alarm is investigated, approved, repaired, recorded, exported and verified', async ({
  application,
  folder,
}) => {
  const page = await openConsole(application);
  await investigate(page);
  await expect(page.getByText('payments', { exact: false }).first()).toBeVisible();

  const dialog = await review(page);
  await expect(dialog.getByRole('button', { name: 'Approve' })).not.toBeFocused();
  await expect(dialog.getByRole('button', { name: /glass/ })).toHaveCount(0); // one approval is enough here
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Recorded:')).toHaveCount(0); // no justification, no decision
  await dialog.getByLabel(WHY).fill(JUSTIFICATION);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Your password is missing.')).toBeVisible(); // nor without showing who decides
  await justify(dialog, JUSTIFICATION, APPROVER);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Recorded: approved')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('Recovered', { exact: true }).first()).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText('Resolved', { exact: true }).first()).toBeVisible();

  const actions = new Set((await readTrail(page)).map((row) => row.action));
  for (const action of ['incident.created', 'investigation.started', 'credential.issued', 'credential.revoked'])
    expect(actions).toContain(action);

  await goTo(page, 'Audit trail');
  await expect(page.getByRole('grid')).toContainText('incident');
  await answerSaveDialog(application, folder);
  await page.getByRole('button', { name: 'Export…' }).click();
  const exporting = page.getByRole('dialog');
  await exporting.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(exporting.getByText('Exported, and on record.')).toBeVisible();
  await exporting.getByRole('button', { name: 'Close' }).click();

  const name = readdirSync(folder).find((entry) => entry.endsWith('.chain.jsonl')) ?? '';
  expect(name).toMatch(/^local-\d{4}-\d\d-\d\d\.chain\.jsonl$/);
  const file = path.join(folder, name);
  const cli = path.join(PROJECT_ROOT, 'src-main/cli/main.ts');
  const verified = spawnSync(process.execPath, [cli, 'verify', file, '--json'], { encoding: 'utf8' });
  expect(verified.status, verified.stdout + verified.stderr).toBe(0);
  expect(JSON.parse(verified.stdout)).toMatchObject({ verdict: 'valid', problemCount: 0 });

  await goTo(page, 'Verification');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('no problem');
  await answerOpenDialog(application, file);
  await page.getByRole('button', { name: 'Open a chain file…' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the file' })).toContainText('no problem');
  expect(await application.quit()).toBe(0);
});
