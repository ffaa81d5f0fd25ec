import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccessState } from '#shared/ipc/access-views.ts';
import {
  CHAIN_STATUS,
  CHOOSE,
  CODES,
  FIRST_RUN,
  INCIDENT_TITLE,
  LOCKED,
  OPEN,
  PERSON,
  pretendMain,
  SIGN_IN,
  WORKSPACE,
} from './support/sample-access.ts';
import { Refusal } from './support/window-driver.ts';
import { focuses, heads, open, PASSWORD, sees, support } from './support/windows.ts';

describe.skipIf(!support.isThereABrowser)('the window of somebody who is signed in', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const first = await support.openWindow(pretendMain(FIRST_RUN).answer); // builds the page
    await first.close();
  }, 120_000);
  afterAll(() => support.closeBrowser());

  describe('locked', () => {
    test('nothing of the console is there, not even hidden; the password brings it back where it was', async () => {
      const main = pretendMain(OPEN, {
        'access.lock': () => {
          main.state = LOCKED;
          return LOCKED;
        },
        'access.unlock': (input) => {
          if ((input as { password: string }).password !== PASSWORD)
            throw new Refusal('reauthentication-required', 'The password is not right.');
          main.state = OPEN;
          return OPEN;
        },
      });
      const window = await open(main);
      await sees(window, INCIDENT_TITLE);
      await window.press('?'); // a dialog is open: the lock works all the same
      await expect.poll(() => window.count('[role="dialog"]')).toBe(1);
      await window.press('Control+l');
      await heads(window, 'Locked');
      await focuses(window, 'Password');
      const html = await window.html();
      for (const secret of [INCIDENT_TITLE, 'inc-0001', 'checkout', 'Audit trail', 'role="dialog"', 'class="frame'])
        expect(html).not.toContain(secret);
      expect(await window.axe()).toEqual([]);
      const asked = main.calls.length;
      await window.press('Control+k');
      await window.emit({ type: 'people' });
      await window.emit({ type: 'leases' });
      expect(main.calls).toHaveLength(asked);
      await window.fill('Password', 'not the password');
      await window.press('Enter');
      await sees(window, 'The password is not right.');
      await window.fill('Password', PASSWORD);
      await window.press('Enter');
      await heads(window, 'Incidents');
      await sees(window, INCIDENT_TITLE);
    });

    test('by an event, while somebody looks on; another person can sign in instead', async () => {
      const main = pretendMain(OPEN, {
        'access.signOut': () => {
          main.state = SIGN_IN;
          return SIGN_IN;
        },
      });
      const window = await open(main, { hash: '#/audit?text=something-searched-for' });
      await heads(window, 'Audit trail');
      main.state = LOCKED;
      await window.emit({ type: 'access' });
      await heads(window, 'Locked');
      expect(await window.html()).not.toContain('something-searched-for');
      await window.click('button', 'Sign in as somebody else');
      await heads(window, WORKSPACE.title);
      expect(await window.text()).not.toContain(PERSON.name);
      main.state = OPEN;
      await window.emit({ type: 'access' });
      await heads(window, 'Incidents');
    });

    test('a call that finds the session over leads out of the console', async () => {
      const main = pretendMain(OPEN);
      const window = await open(main);
      await sees(window, INCIDENT_TITLE);
      main.state = SIGN_IN;
      await window.emit({ type: 'chain', status: { ...CHAIN_STATUS, records: 13 } });
      await heads(window, WORKSPACE.title);
      expect(await window.text()).not.toContain(INCIDENT_TITLE);
    });

    test('is announced before, and put off by being there', { timeout: 60_000 }, async () => {
      const main = pretendMain({ ...OPEN, idleLockMs: 18_000 }); // announced in its last third
      const window = await open(main);
      await sees(window, INCIDENT_TITLE);
      await expect.poll(window.text, { timeout: 30_000 }).toContain('Locks in 0:0');
      expect(main.inputs('access.stayAwake')).toEqual([]);
      await window.click('button', 'Stay signed in');
      await expect.poll(window.text, { timeout: 5000 }).not.toContain('Locks in');
      expect(main.inputs('access.stayAwake').length).toBeGreaterThan(0);
    });
  });

  describe('open', () => {
    test('the account menu says who is signed in and offers what is theirs to do', async () => {
      const person = { ...PERSON, secondFactor: true, recoveryCodesLeft: 2 };
      const main = pretendMain({ ...OPEN, person }, { 'account.renewRecoveryCodes': () => ({ codes: CODES }) });
      const window = await open(main);
      await window.click('button', `Account of ${PERSON.name} Owner · ${WORKSPACE.title}`);
      await sees(window, 'Second factor on, 2 recovery codes left');
      expect(await window.axe()).toEqual([]);
      await window.click('button', 'Recovery codes…');
      await sees(window, 'Ten new ones take the place of all of them');
      await window.click('radio', 'Authenticator code');
      await window.fill('Six-digit code', '123456');
      await window.press('Enter');
      await sees(window, 'demo-code-0009');
      await window.press('Escape');
      expect(await window.text()).toContain('demo-code-0009');
      expect(main.inputs('account.renewRecoveryCodes')).toEqual([
        { reauthentication: { method: 'totp', code: '123456' } },
      ]);
    });

    test('the password is changed with the current one; a refusal stands at that field', async () => {
      const main = pretendMain(OPEN, {
        'account.changePassword': (input) => {
          if ((input as { current: string }).current !== PASSWORD)
            throw new Refusal('reauthentication-required', 'The current password is not right.');
          return {};
        },
      });
      const window = await open(main);
      await window.click('button', `Account of ${PERSON.name} Owner · ${WORKSPACE.title}`);
      await window.click('button', 'Change password…');
      await focuses(window, 'Current password');
      await window.fill('Current password', 'not the password');
      await window.fill('New password', 'a new password of some length');
      await window.fill('New password again', 'a new password of some length');
      await window.press('Enter');
      await sees(window, 'The current password is not right.');
      await focuses(window, 'Current password');
      expect(await window.axe()).toEqual([]);
      await window.fill('Current password', PASSWORD);
      await window.press('Enter');
      await sees(window, 'Your password was changed, and that is on record.');
      await expect.poll(() => window.count('[role="dialog"]')).toBe(0);
      await expect.poll(window.focused).toContain('Account of');
    });

    test('what a viewer may not do is not there, and a screen that is not theirs says so', async () => {
      const viewer: AccessState = {
        ...OPEN,
        person: { ...PERSON, role: 'viewer' },
        permissions: ['incidents.read', 'people.read', 'policies.read'],
      };
      const main = pretendMain(viewer);
      const window = await open(main, { hash: '#/audit' });
      await sees(window, 'Not part of your role');
      expect(await window.axe()).toEqual([]);
      await window.click('link', 'Back to the incidents');
      await heads(window, 'Incidents');
      expect(await window.text()).not.toContain('Import alarm');
      expect(await window.count('nav a:has-text("Audit trail")')).toBe(0);
      const asked = new Set(main.calls.map(({ channel }) => channel));
      for (const channel of ['verification.standing', 'verification.coverage', 'trail.page'] as const)
        expect(asked).not.toContain(channel);
    });
  });

  test('very long names and a window of half the width, as at 200 % zoom, leave everything readable', async () => {
    const long = `${'Donaudampfschifffahrtsgesellschaftskapitaen-'.repeat(2)}demo`;
    const workspace = { tenant: 'demo', title: long };
    const states = [
      { ...SIGN_IN, workspace, workspaces: [workspace] },
      { ...LOCKED, workspace, person: { ...PERSON, name: long } },
      { ...CHOOSE, workspaces: [{ ...workspace, tenant: 'long' }, WORKSPACE] },
      FIRST_RUN,
      { ...OPEN, workspace, person: { ...PERSON, name: long } },
    ];
    for (const state of states) {
      const window = await open(pretendMain(state), { width: 640, height: 400 });
      await expect.poll(window.heading).not.toBe('Causeway');
      expect(await window.overflows(), state.stage).toBe(false);
    }
  });
});
