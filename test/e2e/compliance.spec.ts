import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { readReportFile } from '#main/compliance/reports/report-file.ts';
import { test } from './support/fixtures.ts';
import { watch } from './support/look.ts';
import { answerOpenDialog, answerSaveDialog, ask, goTo, openConsole } from './support/steps.ts';

const WHY = 'Played through with everybody on call; the minutes are attached.';

test('a control is owned, performed and shown; a report of it is previewed, saved and computed again', async ({
  application,
  folder,
}) => {
  test.setTimeout(240_000);
  const page = await openConsole(application);
  const seen = await watch(page);
  await goTo(page, 'Compliance');
  // the console looks at its own controls by itself, some seconds after it was opened
  const statusOf = async (id: string) =>
    (await ask(page, 'compliance.overview', {})).controls.find((control) => control.id === id)?.status;
  await expect.poll(() => statusOf('AC-01'), { timeout: 60_000 }).toBe('in-place');
  await expect(page.getByText('Role-based access')).toBeVisible();

  const minutes = path.join(folder, 'minutes.txt');
  writeFileSync(minutes, 'Minutes made up for this test.');
  await answerOpenDialog(application, minutes);
  await page.evaluate(`location.hash = '#/compliance/controls/IR-02'`);
  await expect(page.getByRole('heading', { name: /Incident tabletop/ })).toBeVisible();
  const { person } = await ask(page, 'access.state', {});
  await ask(page, 'compliance.updateControl', {
    control: 'IR-02',
    update: { kind: 'owner', owner: person?.id ?? '' },
  });
  const on = new Date(Date.now() - 3_600_000).toISOString();
  await ask(page, 'compliance.perform', { control: 'IR-02', on, note: WHY, attach: true });
  await expect(page.getByText(WHY)).toBeVisible();
  await expect(page.getByText('minutes.txt', { exact: true })).toBeVisible();
  expect(await statusOf('IR-02')).toBe('in-place');

  await answerSaveDialog(application, folder);
  await page.evaluate(`location.hash = '#/compliance/reports'`);
  await page.getByRole('radio', { name: /^SOC 2 Type II/ }).check();
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByRole('button', { name: 'Save as HTML…' })).toBeVisible({ timeout: 60_000 });
  const written = (ending: string) => {
    const name = readdirSync(folder).find((entry) => entry.endsWith(ending));
    if (name === undefined) throw new Error(`nothing ends in ${ending}`);
    return path.join(folder, name);
  };
  const save = async (format: 'HTML' | 'PDF', ending: string) => {
    await page.getByRole('button', { name: `Save as ${format}…` }).click();
    await expect
      .poll(() => readdirSync(folder).some((entry) => entry.endsWith(ending)), { timeout: 60_000 })
      .toBe(true);
    return written(ending);
  };
  const html = await save('HTML', '.report.html');
  const pdf = readFileSync(await save('PDF', '.report.pdf'));
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(20_000);
  const { signed } = readReportFile(readFileSync(html));
  expect(signed.document).toMatchObject({ kind: 'soc2-type2', integrity: { state: 'holds' } });

  await ask(page, 'trail.export', { format: 'chain', disclose: false });
  const files = [html, written('.chain.jsonl')];
  await application.evaluate(({ dialog }, answers) => {
    let asked = 0;
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [answers[asked++ % 2] ?? ''] });
  }, files);
  await page.getByRole('button', { name: 'Back to the choices' }).click();
  await page.getByRole('button', { name: 'Re-perform a report…' }).click();
  await expect(page.getByText('Agrees', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await seen.expectNothing();
});

test('a bundle is made, opened by an auditor who has no account, noted on, and the notes come back', async ({
  application,
  folder,
}) => {
  test.setTimeout(240_000);
  const page = await openConsole(application);
  const parent = path.join(folder, 'bundles');
  mkdirSync(parent);
  await answerOpenDialog(application, parent);
  await answerSaveDialog(application, folder);
  const to = new Date().toISOString();
  const from = new Date(Date.now() - 90 * 86_400_000).toISOString();
  const made = await ask(page, 'bundle.save', {
    reports: [{ kind: 'approvals', window: { from, to }, zone: 'UTC', disclose: false }],
    disclose: 'none',
    machine: true,
  });
  if (made.cancelled) throw new Error('the bundle was not made');
  const reports = readdirSync(path.join(made.value.folder, 'reports'));
  expect(reports.map((name) => path.extname(name)).sort()).toEqual(['.html', '.json', '.pdf']);

  await ask(page, 'access.signOut', { everywhere: false });
  await answerOpenDialog(application, made.value.folder);
  await page.getByRole('radio', { name: 'Open a bundle' }).check();
  await page.getByRole('button', { name: 'Choose its folder…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^Bundle of/ })).toBeVisible({ timeout: 30_000 });
  await page
    .getByRole('button', { name: /^Re-perform: / })
    .first()
    .click();
  await expect(page.getByText('Agrees', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  const bundle = await ask(page, 'bundle.open', {});
  if (bundle.cancelled) throw new Error('the bundle was not opened');
  const [report] = bundle.value.reports;
  const about = { report: report?.digest ?? '', what: 'report', id: report?.digest ?? '' } as const;
  const notes = [{ about, verdict: 'accepted', text: 'Computed again; it agrees.' }] as const;
  const saved = await ask(page, 'bundle.saveNotes', { auditor: 'Made-up auditor', notes: [...notes] });
  if (saved.cancelled) throw new Error('the notes were not saved');

  await page.reload();
  await openConsole(application);
  await answerOpenDialog(application, saved.value.file);
  await goTo(page, 'Compliance');
  await page.evaluate(`location.hash = '#/compliance/auditor'`);
  await page.getByRole('button', { name: 'Take in notes…' }).click();
  await expect(page.getByText(saved.value.key)).toBeVisible();
  await page.getByRole('button', { name: 'They are the same: take in' }).click();
  await expect(page.getByText('Computed again; it agrees.')).toBeVisible({ timeout: 30_000 });
});
