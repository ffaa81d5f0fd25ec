import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { LITTLE } from './support/compliance-sample.ts';
import { answerCompliance } from './support/control-sample.ts';
import {
  answerReports,
  EXCEPTION,
  REPORT_DIGEST,
  sampleBundle,
  sampleReperformed,
  sampleSigned,
} from './support/report-sample.ts';
import { FIRST_RUN, OPEN, pretendMain, SIGN_IN, WORKSPACE } from './support/sample-access.ts';
import { Refusal } from './support/window-driver.ts';
import { focuses, heads, open, sees, support } from './support/windows.ts';

const ANSWERS = { ...answerCompliance(LITTLE), ...answerReports() };
type Answers = Parameters<typeof pretendMain>[1];
const signedIn = (more: Answers = {}) => pretendMain(OPEN, { ...ANSWERS, ...more });

describe.skipIf(!support.isThereABrowser)('reports, samples and bundles in the window', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const first = await support.openWindow(pretendMain(FIRST_RUN).answer); // builds the page
    await first.close();
  }, 120_000);
  afterAll(() => support.closeBrowser());

  test('a report is looked at as an auditor would, counted with a way to stop, drawn, and written', async () => {
    let finish: (() => void) | null = null;
    const main = signedIn({
      'reports.preview': () =>
        new Promise((resolve, reject) => {
          finish = () => resolve(sampleSigned());
          stop = () => reject(new Refusal('cancelled', 'It was cancelled.'));
        }),
      'reports.cancel': () => {
        stop();
        return {};
      },
    });
    let stop = () => {};
    const window = await open(main, { hash: '#/compliance/reports' });
    await sees(window, '1 thing would be sent back, 1 thing asked about.');
    await window.click('button', 'Preview');
    await window.emit({ type: 'reporting', done: 412, total: 1200 });
    await sees(window, 'Counting: 412 of 1,200 records');
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Cancel');
    await sees(window, 'Stopped: nothing was made, and nothing is on record.');

    await window.click('button', 'Preview');
    await expect.poll(() => main.inputs('reports.preview').length).toBe(2);
    finish?.();
    await sees(window, EXCEPTION.text);
    await focuses(window, 'SOC 2 Type II operating evidence');
    expect(await window.count('.report-contents button')).toBeGreaterThan(5);
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Save as PDF…');
    await sees(window, 'PDF file, now on record, written to type-two.html');
    expect(main.inputs('reports.save')).toEqual([{ digest: REPORT_DIGEST, format: 'pdf' }]);
    await window.click('button', 'Back to the choices');
    await sees(window, 'A new report');
    await focuses(window, 'Compliance');
  });

  test('what is missing is said at its field before anything is asked; a number draws the sample', async () => {
    const main = signedIn();
    const window = await open(main, { hash: '#/compliance/reports', theme: 'dark' });
    await window.click('checkbox', 'Draw a sample');
    await window.click('button', 'Preview');
    await focuses(window, 'The auditor’s number');
    expect(main.inputs('reports.preview')).toEqual([]);
    await window.fill('The auditor’s number', '4711');
    await window.click('button', 'Preview');
    await sees(window, EXCEPTION.text);
    const [asked] = main.inputs('reports.preview') as ReportRequest[];
    expect(asked).toMatchObject({
      kind: 'soc2-type2',
      disclose: false,
      sample: { number: '4711', profile: HOUSE_PROFILE },
    });
  });

  test('somebody who may only read sees reports and samples, and nothing that writes', async () => {
    const main = pretendMain({ ...OPEN, permissions: ['compliance.read', 'trail.read'] }, ANSWERS);
    const window = await open(main, { hash: '#/compliance/reports' });
    await sees(window, 'Made so far');
    expect(await window.text()).not.toContain('For other programs');
    await window.click('button', 'Preview');
    await sees(window, 'writing them is not part of it');
    expect(await window.count('button:has-text("Save as")')).toBe(0);
    await window.click('link', 'Auditor');
    await sees(window, 'Making bundles is not part of your role');
    expect(await window.count('button:has-text("Take in notes")')).toBe(0);
    await window.click('link', 'Samples');
    await sees(window, 'Sample sizes');
    expect(await window.count('button:has-text("Keep this profile")')).toBe(0);
    expect(await window.axe()).toEqual([]);
  });

  test('a report computed again names each place that differs', async () => {
    const main = signedIn();
    const window = await open(main, { hash: '#/compliance/reports' });
    await window.click('button', 'Re-perform a report…');
    await sees(window, '2 places where the report says something else than the records');
    await sees(window, 'Population, records in scope');
    await sees(window, 'The document was changed after it was signed.');
    expect(await window.count('td a[href="#/audit?seq=831"]')).toBe(1);
    expect(await window.axe()).toEqual([]);
  });

  test('a sample is drawn with the number and the sizes that are typed, and leads to its records', async () => {
    const main = signedIn();
    const window = await open(main, { hash: '#/compliance/samples' });
    await sees(window, 'Nothing drawn yet');
    await window.click('button', 'Draw the sample');
    await sees(window, 'the auditor chooses it.');
    await window.fill('The auditor’s number', '12x34');
    await window.fill('Weekly', '7');
    await window.click('button', 'Draw the sample');
    await sees(window, 'Drawn: 15 records of 3 controls');
    expect(main.inputs('samples.draw')).toMatchObject([{ number: '1234', profile: { sizes: { weekly: 7 } } }]);
    await sees(window, 'How anyone draws it again');
    await window.click('button', 'Only these, the records of CM-01');
    await sees(window, '5 records of CM-01, in the order drawn.');
    await window.click('button', 'Save worksheet…');
    await sees(window, 'Worksheet written to');
    await window.click('button', 'Keep this profile');
    await sees(window, 'Kept, and on record.');
    expect(await window.axe()).toEqual([]);
  });

  test('a bundle is made of reports that are chosen; notes of a new key are taken in once it is compared', async () => {
    const main = signedIn();
    const window = await open(main, { hash: '#/compliance/auditor' });
    await window.click('button', 'Add a report…');
    await window.click('radio', 'KVKK');
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Add the report');
    await sees(window, 'all criteria · names and reasons sealed');
    await window.click('radio', 'None');
    await window.click('button', 'Make the bundle…');
    await sees(window, '12 files written to demo-bundle-2026-11-21');
    expect(main.inputs('bundle.save')).toMatchObject([
      { reports: [{ kind: 'kvkk' }], disclose: 'none', machine: true },
    ]);

    await window.click('button', 'Take in notes…');
    await sees(window, 'Only if both are the same did they write these notes.');
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'They are the same: take in');
    await sees(window, '3 notes of Example Auditor, Example Firm taken in, and on record.');
    expect(main.inputs('notes.take')).toEqual([{}, { trust: 'feedfacefeedface' }]);
  });

  test('an auditor without an account opens a bundle, recomputes, notes, and is warned before leaving', async () => {
    const main = pretendMain(SIGN_IN, answerReports());
    const window = await open(main);
    await window.click('radio', 'Open a bundle');
    await window.click('button', 'Choose its folder…');
    await heads(window, 'Bundle of demo');
    await sees(window, 'Complete and unchanged');
    await sees(window, sampleBundle().key.id);
    await window.click('button', 'Re-perform: SOC 2 Type II operating evidence');
    await sees(window, '4,096 figures recomputed, none differs');
    await window.click('button', `Note on ${EXCEPTION.id}`);
    await window.click('radio', 'Flagged');
    await window.click('button', 'Done');
    await focuses(window, `Change the note on ${EXCEPTION.id}`);
    await sees(window, 'Say what is wrong with it.');
    await window.press('Enter');
    await window.fill(`Text of the note on ${EXCEPTION.id}`, 'No reason is given.');
    await sees(window, '1 note, not saved');
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Leave');
    await sees(window, 'Leave without saving your notes?');
    await window.press('Escape');
    await window.click('button', 'Save notes…');
    await window.fill('Your name, and your firm’s', 'Example Auditor');
    expect(await window.axe()).toEqual([]);
    await window.press('Tab');
    await window.press('Tab');
    await window.press('Enter');
    await sees(window, 'The notes are saved');
    expect(main.inputs('bundle.saveNotes')).toEqual([
      {
        auditor: 'Example Auditor',
        notes: [
          {
            about: { report: REPORT_DIGEST, what: 'exception', id: EXCEPTION.id },
            verdict: 'flagged',
            text: 'No reason is given.',
          },
        ],
      },
    ]);
    await window.click('button', 'Close');
    await sees(window, '1 note, saved');
    await window.click('button', 'Leave');
    await heads(window, WORKSPACE.title);
    expect(main.inputs('reports.list')).toEqual([]);
  });

  test('a damaged bundle says which files, and a report that differs says where', async () => {
    const bundle = sampleBundle();
    const main = pretendMain(FIRST_RUN, {
      ...answerReports(),
      'bundle.open': () => ({
        cancelled: false,
        value: {
          ...bundle,
          key: { ...bundle.key, holds: false },
          verdict: 'damaged',
          problems: [{ file: 'verify.mjs', text: 'It is not in the folder.' }],
          files: bundle.files.map((file) => (file.file === 'verify.mjs' ? { ...file, state: 'missing' } : file)),
          chainVerdict: {
            verdict: 'invalid',
            problems: [{ line: 12, seq: 12, code: 'hash', message: 'The hash of record 12 is wrong.' }],
          },
        },
      }),
      'bundle.reperform': () => sampleReperformed('differs'),
    });
    const window = await open(main, { theme: 'dark' });
    await window.click('radio', 'Open a bundle');
    await window.click('button', 'Choose its folder…');
    await sees(window, '1 file of 3 not as signed');
    await sees(window, 'It is not in the folder.');
    await sees(window, 'The hash of record 12 is wrong.');
    await sees(window, 'Who signed the bundle cannot be said');
    expect(await window.html()).not.toContain(bundle.key.id);
    await window.click('button', 'Re-perform: SOC 2 Type II operating evidence');
    await sees(window, 'Population, records in scope');
    expect(await window.count('a[href^="#/audit"]')).toBe(0);
    expect(await window.axe()).toEqual([]);
  });

  test('the example year says how to sign in, though its workspace is open before the answer', async () => {
    const example = { tenant: WORKSPACE.tenant, email: 'example@example.org', password: 'made up and shown' };
    const main = pretendMain(FIRST_RUN, {
      'example.load': async () => {
        await window.emit({ type: 'loading', done: 40_000, total: 100_000 });
        await sees(window, 'Writing the year: 40,000 of 100,000 records');
        main.state = SIGN_IN;
        await window.emit({ type: 'access' });
        await expect.poll(() => main.inputs('access.state').length).toBe(2);
        return example;
      },
    });
    const window = await open(main);
    await window.click('radio', 'Explore a year of synthetic history');
    await window.click('button', 'Load the example');
    await sees(window, 'The example is ready');
    await sees(window, example.password);
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Go on to sign in');
    await heads(window, WORKSPACE.title);
    await focuses(window, 'Password');
    expect(await window.html()).toContain(`value="${example.email}"`);
  });
});
