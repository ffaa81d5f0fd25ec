import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSIONS, type Permission } from '#shared/model/access.ts';
import type { Frequency } from '#shared/model/control.ts';
import { LITTLE, NOTHING, type SampleSize, sampleOverview } from './support/compliance-sample.ts';
import { answerCompliance, sampleControl, sampleReviews } from './support/control-sample.ts';
import { APP_INFO, type Main, OPEN, pretendMain } from './support/sample-access.ts';
import { Refusal } from './support/window-driver.ts';
import { focuses, heads, open, PASSWORD, sees, support } from './support/windows.ts';

type Answers = Parameters<typeof pretendMain>[1];

function mainWith(size: SampleSize, more: Answers = {}, permissions: readonly Permission[] = PERMISSIONS): Main {
  return pretendMain({ ...OPEN, permissions: [...permissions] }, { ...answerCompliance(size), ...more });
}

describe.skipIf(!support.isThereABrowser)('the window of the control register', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const first = await support.openWindow(pretendMain(OPEN).answer); // builds the page
    await first.close();
  }, 120_000);
  afterAll(() => support.closeBrowser());

  test.each([
    ['little in the dark', LITTLE, { theme: 'dark' }],
    ['nothing at 200 %', NOTHING, { width: 640, height: 400 }],
  ] as const)('with %s each part can be read by everybody', async (_, size, options) => {
    const window = await open(mainWith(size), { ...options, hash: '#/compliance' });
    await sees(window, 'SOC 2 criteria with evidence');
    const some = size === LITTLE;
    const parts = [
      ['Frameworks', 'Coverage by framework'],
      [some ? 'Controls 2 gaps' : 'Controls', 'Control register'],
      ['Access reviews', some ? 'AR-2026-3' : 'No access was reviewed yet'],
      ['Readiness', 'Readiness for Type I'],
      [some ? 'Exceptions 3 open' : 'Exceptions', some ? 'none hidden' : 'No exception'],
    ] as const;
    expect(await window.axe()).toEqual([]);
    for (const [link, text] of parts) {
      await window.click('link', link);
      await focuses(window, link.replace(/(?<=Controls|Exceptions) /, '')); // the place in the list of parts is kept
      await sees(window, text);
      expect(await window.axe(), link).toEqual([]);
      expect(await window.overflows(), link).toBe(false);
    }
  });

  test('a workspace that is made up says so above every screen, and another does not', async () => {
    const answers = { ...answerCompliance(LITTLE), 'app.info': () => ({ ...APP_INFO, synthetic: true }) };
    const window = await open(pretendMain(OPEN, answers), { hash: '#/compliance', width: 640, height: 400 });
    await sees(window, 'SOC 2 criteria with evidence');
    expect(await window.text()).toContain('Synthetic data');
    expect(await window.axe()).toEqual([]);
    expect(await window.overflows()).toBe(false);
    const real = await open(mainWith(LITTLE), { hash: '#/compliance' });
    await sees(real, 'SOC 2 criteria with evidence');
    expect(await real.text()).not.toContain('Synthetic data');
  });

  test('thousands of exceptions: the rows in view are drawn, none is hidden, one is opened by keyboard', async () => {
    const window = await open(mainWith({ ...LITTLE, exceptions: 3000 }), { hash: '#/compliance/exceptions' });
    await sees(window, '3,000 exceptions, 3 open · none hidden');
    expect(await window.count('.exceptions-grid .grid-body .grid-row')).toBeLessThan(60);
    await window.fill('Search: words of a control, a kind or what happened', 'ac-02 late');
    await sees(window, 'left out by what you look for');
    await window.tab(2);
    await focuses(window, 'Exceptions, open ones first');
    await window.press('ArrowDown');
    await window.press('Enter');
    await expect.poll(() => window.count('.inspector a[href*="compliance/controls/AC-02"]')).toBe(1);
    expect(await window.axe()).toEqual([]);
    await window.tab(1);
    await window.press('Escape');
    await expect.poll(() => window.count('.inspector')).toBe(0);
    await focuses(window, 'Exceptions, open ones first');
  });

  test('a control is said not to apply: only with a justification, and the focus goes back', async () => {
    const main = mainWith(LITTLE);
    const window = await open(main, { hash: '#/compliance/controls/AC-01' });
    await heads(window, 'AC-01 Roles decide what each person may do');
    await window.click('button', 'Does not apply…');
    await window.click('button', 'Record that it does not apply');
    await sees(window, 'Say why it does not apply, in at least 10 characters.');
    expect(main.inputs('compliance.updateControl')).toEqual([]);
    await window.fill('Why it does not apply', '  There is no such system here.  ');
    expect(await window.axe()).toEqual([]);
    await window.click('button', 'Record that it does not apply');
    await sees(window, 'AC-01 is on record as not applicable');
    expect(main.inputs('compliance.updateControl')).toEqual([
      { control: 'AC-01', update: { kind: 'not-applicable', justification: 'There is no such system here.' } },
    ]);
    await focuses(window, 'Does not apply…');
  });

  test('of cadences those are offered which a control can have: none where it is seen each time', async () => {
    const withCadence = (frequency: Frequency): Main =>
      mainWith(LITTLE, {
        'compliance.control': () => {
          const detail = sampleControl('AC-01', LITTLE);
          return { ...detail, control: { ...detail.control, frequency } };
        },
      });
    const seen = await open(withCadence('event'), { hash: '#/compliance/controls/AC-01' });
    await sees(seen, 'Who answers for it');
    expect(await seen.text()).not.toContain('Change the cadence');
    const window = await open(withCadence('weekly'), { hash: '#/compliance/controls/AC-01' });
    await sees(window, 'Who answers for it');
    await window.click('button', 'Change the cadence…');
    await sees(window, 'How often does AC-01 run?');
    expect(await window.count('input[name="frequency"]')).toBe(6);
  });

  test('a performance is recorded; no file chosen, and it is not', async () => {
    let cancelled = true;
    const main = mainWith(LITTLE, {
      'compliance.perform': () =>
        cancelled ? { cancelled: true } : { cancelled: false, value: sampleControl('OR-03', LITTLE) },
    });
    const window = await open(main, { hash: '#/compliance/controls/OR-03' });
    await window.click('button', 'Record as done…');
    await window.fill('What was done, and what came of it', 'Twelve risks were gone through, two are new.');
    await window.click('button', 'Choose files and record…');
    await expect.poll(() => main.inputs('compliance.perform').length).toBe(1);
    expect(await window.count('[role="dialog"]')).toBe(1);
    cancelled = false;
    await window.click('button', 'Choose files and record…');
    await sees(window, 'OR-03 is on record as done on');
    expect(main.inputs('compliance.perform').at(-1)).toMatchObject({
      control: 'OR-03',
      note: 'Twelve risks were gone through, two are new.',
      attach: true,
    });
  });

  test('access is decided with a justification and a proof, never one’s own; then somebody has to carry it out', async () => {
    const [review] = sampleReviews(LITTLE);
    let refused = true;
    const main = mainWith(LITTLE, {
      'reviews.decide': () => {
        if (refused) throw new Refusal('reauthentication-required', 'The password is not right.');
        return review;
      },
    });
    const window = await open(main, { hash: '#/compliance/reviews/AR-2026-3' });
    await sees(window, 'Your own access: somebody else decides on it.');
    expect(await window.count('[aria-label="Decide on Demo Owner…"]')).toBe(0);
    await window.press('r');
    await sees(window, 'Does Demo Person 1 keep this access?');
    expect(await window.axe()).toEqual([]);
    await window.fill('Why (goes on record)', 'Has left the team in October.');
    await window.fill('Your password, to confirm that it is you', 'not it');
    await window.click('button', 'Revoke');
    await sees(window, 'The password is not right.');
    refused = false;
    await window.fill('Your password, to confirm that it is you', PASSWORD);
    await window.click('button', 'Revoke');
    await sees(window, 'Recorded: revoke. Now it has to be carried out');
    expect(await window.count('[role="dialog"] a[href="#/access/people"]')).toBe(1);
    expect(main.inputs('reviews.decide').at(-1)).toEqual({
      campaign: 'AR-2026-3',
      subject: 'u-000000000001',
      decision: 'revoke',
      note: 'Has left the team in October.',
      reauthentication: { method: 'password', password: PASSWORD },
    });
  });

  test('while the records are counted nothing is claimed; an event brings the figures', async () => {
    let size: SampleSize = { ...LITTLE, uncounted: true };
    const main = mainWith(LITTLE, { 'compliance.overview': () => sampleOverview(size) });
    const window = await open(main, { hash: '#/compliance' });
    await sees(window, 'counting 12,000 of 48,211');
    await sees(window, 'Not known yet');
    expect(await window.text()).not.toContain('In place');
    size = LITTLE;
    for (let burst = 0; burst < 20; burst += 1) await window.emit({ type: 'compliance' });
    await sees(window, 'Counted to record 48,211');
    await sees(window, '48 of 61 with evidence');
    expect(main.inputs('compliance.overview').length).toBeLessThan(6);
  });

  test('what somebody may not do is not there; what fails says so and can be tried again', async () => {
    const none = await open(mainWith(LITTLE, {}, ['incidents.read']), { hash: '#/compliance' });
    await sees(none, 'Not part of your role');
    expect(await none.count('nav a[href="#/compliance"]')).toBe(0);

    let fails = true;
    const main = mainWith(
      LITTLE,
      {
        'compliance.control': (input) => {
          if (fails) throw new Refusal('not-found', 'The register has no control AC-01.');
          return sampleControl((input as { control: string }).control, LITTLE);
        },
      },
      ['incidents.read', 'compliance.read'],
    );
    const window = await open(main, { hash: '#/compliance/controls/AC-01' });
    await sees(window, 'The control could not be read');
    fails = false;
    await window.click('button', 'Try again');
    await sees(window, 'How it is judged');
    expect(await window.text()).not.toContain('Change…');
    expect(await window.count('a[href^="#/audit"]')).toBe(0); // records may not be read either
  });
});
