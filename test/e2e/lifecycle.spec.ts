import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { startKeychain } from '../support/keychain.ts';
import { test } from './support/fixtures.ts';
import { investigate, openConsole, raiseAlarm } from './support/steps.ts';

/** @securityTest A second instance ends before it opens anything, and the first comes to the front */
test('a second launch on the same workspace ends at once', async ({ application, launchAndWait }) => {
  const page = await openConsole(application);
  await application.evaluate(({ BrowserWindow }) => {
    Reflect.set(globalThis, 'focused', false);
    const [window] = BrowserWindow.getAllWindows();
    if (window) window.focus = () => void Reflect.set(globalThis, 'focused', true);
  }, null);
  const second = await launchAndWait();
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('already running');
  await expect.poll(() => application.evaluate(() => Reflect.get(globalThis, 'focused') as boolean, null)).toBe(true);
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
});

/** @securityTest A crashed window denies what waits for approval, on record, before a page is shown again */
test('a crashed window means no', async ({ application }) => {
  const page = await openConsole(application);
  await investigate(page);
  await application.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
  }, null);
  const read = `window.causeway.invoke('trail.page', { limit: 200 }).then((answer) => answer.value.rows.map((row) => row.action))`;
  // a question asked just before the new page comes is never answered
  const ask = () => Promise.race([application.inPage(read).catch(() => []), wait(2000).then(() => [])]);
  await expect.poll(ask, { timeout: 20_000 }).toContain('remediation.expired');
  const pending = await application.inPage(
    `window.causeway.invoke('approvals.pending', {}).then((answer) => answer.value)`,
  );
  expect(pending).toEqual([]);
  const told = () => application.inPage(`document.querySelector('[aria-label="Messages"]')?.textContent ?? ''`);
  await expect.poll(told).toContain('The window was lost and has been opened again');
});

test('closing the window ends the application cleanly and the next start finds the chain in order', async ({
  launch,
}) => {
  const first = await launch();
  await investigate(await openConsole(first));
  await first.evaluate(
    ({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0),
    null,
  );
  expect(await first.exited).toBe(0);
  const second = await launch();
  const page = await openConsole(second);
  await expect(page.getByRole('grid')).toContainText('Checkout is slow');
  await page.getByRole('link', { name: 'Verification' }).click();
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('no problem');
});

/** @securityTest Without a keychain the console does not start, says why, and writes no key anywhere */
test('no keychain: the start says so and ends with an error', async ({ launch, folder }) => {
  const bare = await startKeychain({ withService: false });
  try {
    const application = await launch({ env: bare.env });
    const page = await application.page();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Causeway did not start');
    await expect(page.getByText('keychain-unavailable')).toBeVisible();
    await expect(page.getByText('What to do')).toBeVisible();
    await application.evaluate(
      ({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0),
      null,
    );
    expect(await application.exited).toBe(1);
    expect(readdirSync(path.join(folder, 'data')).filter((name) => /\.(db|sqlite)$/.test(name))).toEqual([]);
  } finally {
    await bare.stop();
  }
});

test('a data folder that cannot be written: the start says so and ends with an error', async ({ launch, folder }) => {
  const locked = path.join(folder, 'locked');
  mkdirSync(locked, { mode: 0o555 });
  // root writes everywhere unless that capability is taken away
  const isRoot = process.getuid?.() === 0;
  const under = isRoot ? ['setpriv', '--bounding-set=-dac_override', '--inh-caps=-dac_override'] : undefined;
  const application = await launch({
    env: { CAUSEWAY_DATA: path.join(locked, 'data') },
    ...(under ? { under } : {}),
  });
  const page = await application.page();
  await expect(page.getByText('read-only', { exact: true })).toBeVisible();
  await expect(page.getByText('Nothing was changed')).toBeVisible();
  await application.evaluate(
    ({ BrowserWindow }) => void setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0),
    null,
  );
  expect(await application.exited).toBe(1);
});

/** @securityTest A record changed in the database file behind the console's back is named, and nothing is written */
test('a tampered database is noticed', async ({ launch, folder }) => {
  const first = await launch();
  await raiseAlarm(await openConsole(first));
  expect(await first.quit()).toBe(0);
  const data = path.join(folder, 'data');
  const databases = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('audit.db'),
  );
  expect(databases).toHaveLength(1);
  const file = path.join(data, databases[0] ?? '');
  const bytes = readFileSync(file);
  const at = bytes.indexOf('"action":"incident.created"');
  expect(at).toBeGreaterThan(0);
  bytes.write('"action":"incident.creatEd"', at);
  writeFileSync(file, bytes);

  const second = await launch();
  await openConsole(second);
  const ask = (channel: string, input: object) =>
    second.inPage(`window.causeway.invoke(${JSON.stringify(channel)}, ${JSON.stringify(input)})`);
  expect(await ask('verification.standing', {})).toMatchObject({ ok: true, value: { state: 'blocked' } });
  const read = `window.causeway.invoke('app.info', {}).then((answer) => answer.value.environments[0].id)`;
  expect(await ask('sandbox.raiseAlarm', { environment: await second.inPage(read) })).toMatchObject({ ok: false });
  expect(await second.quit()).toBe(0);
  expect(readFileSync(file).includes('incident.creatEd')).toBe(true);
});
