import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import BetterSqlite3 from 'better-sqlite3';
import type { Page } from 'playwright';
import { startKeychain } from '../support/keychain.ts';
import { test } from './support/fixtures.ts';
import { lookInBoth as both } from './support/look.ts';
import {
  answerOpenDialog,
  answerSaveDialog,
  GUARDIAN,
  goTo,
  investigate,
  JUSTIFICATION,
  justify,
  OWNER,
  openConsole,
  raiseAlarm,
  readTrail,
  signIn,
  signInGuardian,
  WHY,
} from './support/steps.ts';

const section = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of verification' }).getByRole('link', { name }).click();

/** The person at the window agrees to what somebody else asked for. */
async function agree(page: Page, look: () => Promise<void>): Promise<void> {
  await goTo(page, 'Access');
  await page
    .getByRole('navigation', { name: 'Parts of access' })
    .getByRole('link', { name: 'Waiting changes' })
    .click();
  await page.getByRole('button', { name: /^Review: / }).click();
  const dialog = page.getByRole('dialog');
  await look();
  await justify(dialog, 'Compared with what was asked for, and right.', GUARDIAN);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Recorded: approved, and in effect')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
}

const fileIn = (folder: string, ending: string) => {
  const name = readdirSync(folder).find((entry) => entry.endsWith(ending));
  expect(name, `a file ending in ${ending}`).toBeDefined();
  return path.join(folder, name ?? '');
};

test('what is known of the own history is shown, and kept elsewhere', async ({ application, folder, way }) => {
  test.setTimeout(180_000);
  const page = await openConsole(application);
  await signInGuardian(page); // the second person is known before anything is asked for
  await signIn(page, OWNER);
  await raiseAlarm(page);
  await goTo(page, 'Verification');
  const coverage = page.getByRole('region', { name: 'Coverage' });
  await expect(coverage.getByText('100 %')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^No known checkpoint contradicts the records/)).toBeVisible();
  await coverage.getByText(/as a table$/).click();
  await expect(coverage.getByRole('row').nth(1)).toContainText('Valid');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('no problem');

  await section(page, 'Self-test');
  await expect(page.getByText(/^(\d+) of \1 ways to change what was written refused or detected$/)).toBeVisible();
  await page.getByText(/ways tried$/).click();
  await expect(page.getByRole('row').filter({ hasText: 'DELETE of all records' })).toContainText('Held');
  await both(application, page, way, 'verification-self-test');

  await section(page, 'Witnesses');
  await both(application, page, way, 'verification-witnesses-none');
  const witness = path.join(folder, 'elsewhere');
  mkdirSync(witness);
  await answerOpenDialog(application, witness);
  await page.getByRole('button', { name: 'Add a witness folder…' }).click();
  const row = page.getByRole('row').filter({ hasText: witness });
  await expect(row).toContainText('Current');
  expect(readFileSync(fileIn(witness, '.checkpoint'), 'utf8')).toMatch(/^causeway\//);
  await row.getByRole('button', { name: /^Remove/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(witness);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row.getByRole('button', { name: /^Remove/ })).toBeFocused();
  await row.getByRole('button', { name: /^Remove/ }).click();
  await dialog.getByRole('button', { name: 'Remove the folder' }).click();
  await expect(row).toHaveCount(0);

  await section(page, 'Checkpoints');
  await expect(page.getByRole('region', { name: 'Checkpoints' }).getByRole('row').nth(1)).toBeVisible();
  await both(application, page, way, 'verification-checkpoints');

  await section(page, 'Keys');
  await page.getByRole('button', { name: 'Rotate the signing key…' }).click();
  await expect(dialog.getByLabel(WHY)).toBeFocused();
  await dialog.getByRole('button', { name: 'Rotate the key' }).click();
  await expect(dialog.getByText('Say why, in at least 10 characters.')).toBeVisible();
  await justify(dialog, 'The key is a year old.', OWNER);
  await both(application, page, way, 'verification-rotate');
  await dialog.getByRole('button', { name: 'Rotate the key' }).click();
  await expect(dialog.getByText('Waiting for a second person. Nothing has changed yet.')).toBeVisible();
  await both(application, page, way, 'verification-rotate-waiting');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await signInGuardian(page);
  await agree(page, async () => both(application, page, way, 'access-change-dialog'));
  await goTo(page, 'Verification');
  await section(page, 'Keys');
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('row').nth(1)).toContainText('Signs');
  await both(application, page, way, 'verification-keys');

  await section(page, 'History');
  await both(application, page, way, 'verification-history');
});

/** @securityTest Two consoles cosign by files, and neither believes a key a person has not compared */
test('a witness cosigns the chain', async ({ application, launch, folder, way }) => {
  test.setTimeout(180_000);
  const keychain = await startKeychain();
  try {
    const page = await openConsole(application);
    await raiseAlarm(page);
    await goTo(page, 'Verification');
    await section(page, 'Witnesses');
    await answerSaveDialog(application, folder);
    await page.getByRole('button', { name: 'Request a cosignature…' }).click();
    await expect(page.getByText('Request written. Give this file to the witness.')).toBeVisible();

    const auditor = await launch({
      env: {
        ...keychain.env,
        CAUSEWAY_DATA: path.join(folder, 'auditor'),
        ELECTRON_USER_DATA: path.join(folder, 'auditor-window'),
      },
    });
    const other = await openConsole(auditor);
    await goTo(other, 'Verification');
    await section(other, 'Witnesses');
    await answerOpenDialog(auditor, fileIn(folder, '.witness-request'));
    await answerSaveDialog(auditor, folder);
    await other.getByRole('button', { name: 'Cosign a request…' }).click();
    await both(auditor, other, way, 'verification-trust-chain');
    await other.getByRole('button', { name: 'They are the same: cosign…' }).click();
    await expect(other.getByText('Cosigned, and on record. Give this file back.')).toBeVisible();
    const vkey = await other.locator('code', { hasText: /\+[0-9a-f]{8}\+/ }).textContent();

    await answerOpenDialog(application, fileIn(folder, '.cosignature'));
    await page.getByRole('button', { name: 'Add a cosignature…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator('.fingerprint')).toContainText(vkey ?? 'the key');
    await page.keyboard.press('Escape');
    await expect(page.getByText('Nobody else has signed this chain')).toBeVisible();
    await page.getByRole('button', { name: 'Add a cosignature…' }).click();
    await both(application, page, way, 'verification-trust-witness');
    await dialog.getByRole('button', { name: 'They are the same: trust it' }).click();
    await expect(page.getByText(/^The checkpoint of \d+ records is cosigned/)).toBeVisible();
    await expect(page.getByRole('region', { name: 'Witnesses of this chain' }).getByRole('row')).toHaveCount(2);
    await both(application, page, way, 'verification-witnesses');
    await section(page, 'Checkpoints');
    await expect(page.getByRole('row').filter({ hasText: 'Verified' })).toHaveCount(1);
    await both(application, page, way, 'verification-cosigned');
  } finally {
    await keychain.stop();
  }
});

/** The database of the trail in a workspace of this test. */
function databaseIn(folder: string): string {
  const data = path.join(folder, 'data');
  const name = readdirSync(data, { recursive: true, encoding: 'utf8' }).find((entry) => entry.endsWith('audit.db'));
  return path.join(data, name ?? '');
}

/** @securityTest An old record changed in the database file is found by reading again, told on every screen, and named */
test('an altered record is told of and leads to where it is', async ({ application, folder, way }) => {
  test.setTimeout(180_000);
  const page = await openConsole(application);
  await investigate(page);
  const { seq } = (await readTrail(page)).find(({ action }) => action === 'incident.created') ?? { seq: 0 };
  // behind the console's back, and with the guards put back as they were
  const database = new BetterSqlite3(databaseIn(folder));
  const guard = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'record_update'").pluck().get() as string;
  database.exec(`BEGIN IMMEDIATE; DROP TRIGGER record_update;
    UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'incident.created', 'incident.creatEd') AS BLOB)
    WHERE seq = ${seq}; ${guard}; COMMIT`);
  database.close();
  const banner = page.getByRole('region', { name: 'Alarms of the audit trail' });
  await goTo(page, 'Verification');
  // what was checked not long ago is not read again yet, unless a person asks
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('Invalid');
  await expect(banner).toContainText('does not hold', { timeout: 30_000 });
  const coverage = page.getByRole('region', { name: 'Coverage' });
  await expect(coverage.getByRole('grid', { name: 'Problems' }).getByRole('row').nth(1)).toContainText(String(seq));
  await both(application, page, way, 'verification-altered');
  await coverage.getByRole('grid', { name: 'Problems' }).getByRole('link').first().click();
  await expect(page.getByRole('complementary', { name: `Record ${seq}`, exact: true })).toBeVisible();
  await goTo(page, 'Incidents');
  await both(application, page, way, 'altered-incidents');
  await banner.getByRole('button', { name: /^Dismiss/ }).click();
  await expect(banner).toHaveCount(0);
});

/** @securityTest A workspace whose history is contradicted says so on every screen and goes on only when a person says why */
test('a broken history stops the writing until it is acknowledged', async ({ launch, folder, way }) => {
  test.setTimeout(180_000);
  const first = await launch();
  const before = await openConsole(first);
  await raiseAlarm(before);
  await signInGuardian(before);
  expect(await first.quit()).toBe(0);
  const database = new BetterSqlite3(databaseIn(folder));
  database.exec('DROP TRIGGER record_update');
  database.close();

  const second = await launch();
  const page = await openConsole(second);
  const banner = page.getByRole('region', { name: 'Alarms of the audit trail' });
  await expect(banner).toContainText('Nothing is written.');
  await both(second, page, way, 'broken-incidents');
  await banner.getByRole('link', { name: 'See and decide' }).click();
  await expect(page.getByRole('article', { name: 'Guards of the database changed' })).toContainText('Not acknowledged');
  await both(second, page, way, 'verification-broken');

  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('not on record');
  await page.getByRole('button', { name: 'Clear this verdict' }).click();

  const open = page.getByRole('button', { name: 'Acknowledge…' });
  await open.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(WHY)).toBeFocused();
  await both(second, page, way, 'verification-acknowledge');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(open).toBeFocused();
  await expect(banner).toBeVisible();
  await open.click();
  await justify(dialog, JUSTIFICATION, OWNER);
  await dialog.getByRole('button', { name: 'Acknowledge and go on' }).click();
  await expect(dialog.getByText('Waiting for a second person. Nothing has changed yet.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(banner).toContainText('Nothing is written.');
  await signInGuardian(page);
  await agree(page, () => both(second, page, way, 'access-acknowledge-dialog'));
  await goTo(page, 'Verification');
  // what was found by verifying stays until it is dismissed
  await expect(page.getByText('Nothing is written.')).toHaveCount(0);
  await expect(page.getByText('Broken, acknowledged', { exact: true })).toBeVisible();
  await expect(page.getByRole('article')).toContainText('Acknowledged');
  await both(second, page, way, 'verification-acknowledged');
  await goTo(page, 'Incidents');
  await expect(page.getByText('Nothing is written.')).toHaveCount(0);
});
