import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CHOOSE,
  CODES,
  FIRST_RUN,
  OPEN,
  PERSON,
  pretendMain,
  SETUP,
  SIGN_IN,
  VERDICT,
  WORKSPACE,
} from './support/sample-access.ts';
import { Refusal } from './support/window-driver.ts';
import { focuses, heads, open, PASSWORD, sees, support } from './support/windows.ts';

describe.skipIf(!support.isThereABrowser)('the window while nobody is signed in', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const first = await support.openWindow(pretendMain(FIRST_RUN).answer); // builds the page
    await first.close();
  }, 120_000);
  afterAll(() => support.closeBrowser());

  describe('first run', () => {
    test('begins at the heading, then the ways in, then the form, in this order', async () => {
      const window = await open(pretendMain(FIRST_RUN));
      await focuses(window, 'Welcome to Causeway');
      expect(await window.tab(9)).toEqual([
        'Create a workspace',
        'Name of the workspace',
        'Your name',
        'Your e-mail address',
        'Password',
        'Show what is typed as password',
        'Password again',
        'Show what is typed as password again',
        'Create workspace',
      ]);
      await sees(window, 'the system keychain');
      expect(await window.axe()).toEqual([]);
    });

    test('an empty form says at each field what is missing, and asks nobody', async () => {
      const main = pretendMain(FIRST_RUN);
      const window = await open(main, { theme: 'dark' });
      await window.click('button', 'Create workspace');
      await focuses(window, 'Name of the workspace');
      expect(await window.count('[aria-invalid="true"]')).toBe(5);
      await sees(window, 'The workspace needs a name.');
      expect(main.inputs('access.createWorkspace')).toEqual([]);
      expect(await window.axe()).toEqual([]);
    });

    test('the sandbox is a workspace with a plain name, made with the keyboard alone; then the second factor', async () => {
      const main = pretendMain(FIRST_RUN, {
        'access.createWorkspace': () => {
          main.state = OPEN;
          return OPEN;
        },
        'account.beginSecondFactor': () => SETUP,
        'account.confirmSecondFactor': (input) => {
          if ((input as { code: string }).code !== '123456')
            throw new Refusal('reauthentication-required', 'This code is not right.');
          main.state = { ...OPEN, person: { ...PERSON, secondFactor: true, recoveryCodesLeft: 10 } };
          return { codes: CODES };
        },
      });
      const window = await open(main);
      await window.press('Tab');
      await window.press('ArrowDown');
      await sees(window, 'A workspace for the sandbox');
      await window.press('Tab');
      await window.press('Tab');
      await window.fill('Your name', PERSON.name);
      await window.fill('Your e-mail address', PERSON.email);
      await window.fill('Password', PASSWORD);
      await window.fill('Password again', PASSWORD);
      await window.press('Enter');
      await heads(window, 'Protect your account');
      expect(main.inputs('access.createWorkspace')).toEqual([
        { title: 'Sandbox demonstration', name: PERSON.name, email: PERSON.email, password: PASSWORD },
      ]);

      await window.click('button', 'Set up an authenticator');
      await focuses(window, 'The six-digit code it shows now');
      expect(main.inputs('account.beginSecondFactor')).toEqual([{ password: PASSWORD }]);
      expect(await window.count('svg[role="img"] path')).toBe(1);
      await sees(window, 'JBSW Y3DP');
      expect(await window.axe()).toEqual([]);
      await window.fill('The six-digit code it shows now', '654 321');
      await window.press('Enter');
      await sees(window, 'This code is not right.');
      await window.fill('The six-digit code it shows now', '123 456');
      await window.press('Enter');
      await sees(window, 'demo-code-0009');
      await window.emit({ type: 'access' });
      await sees(window, 'demo-code-0009');
      expect(await window.count('button:has-text("Later")')).toBe(0);
      expect(await window.count('button:has-text("Go on")[disabled]')).toBe(1);
      await window.click('button', 'Copy');
      expect(await window.clipboard()).toBe(CODES.join('\n'));
      expect(await window.axe()).toEqual([]);
      await window.click('checkbox', 'I have kept these codes');
      await window.click('button', 'Go on');
      await heads(window, 'Incidents');
      expect(await window.text()).not.toContain('demo-code-0009');
    });

    test('an event that is sooner than the answer does not skip the second factor; Later does', async () => {
      const main = pretendMain(FIRST_RUN, {
        'access.createWorkspace': async () => {
          main.state = OPEN;
          await window.emit({ type: 'access' });
          await expect.poll(() => main.inputs('access.state').length).toBe(2);
          return OPEN;
        },
      });
      const window = await open(main);
      await window.fill('Name of the workspace', 'Demonstration');
      await window.fill('Your name', PERSON.name);
      await window.fill('Your e-mail address', PERSON.email);
      await window.fill('Password', PASSWORD);
      await window.fill('Password again', PASSWORD);
      await window.click('button', 'Create workspace');
      await heads(window, 'Protect your account');
      expect(main.inputs('app.info')).toEqual([]);
      await window.click('button', 'Later');
      await heads(window, 'Incidents');
    });

    test('a refusal keeps what was typed, and no second factor is offered', async () => {
      const main = pretendMain(FIRST_RUN, {
        'access.createWorkspace': () => {
          throw new Refusal('keychain-unavailable', 'The keychain did not answer.');
        },
      });
      const window = await open(main);
      await window.fill('Name of the workspace', 'Demonstration');
      await window.fill('Your name', PERSON.name);
      await window.fill('Your e-mail address', PERSON.email);
      await window.fill('Password', PASSWORD);
      await window.fill('Password again', PASSWORD);
      await window.press('Enter');
      await sees(window, 'The keychain did not answer.');
      expect(await window.heading()).toBe('Welcome to Causeway');
      expect(await window.count('input[value="Demonstration"]')).toBe(1);
    });

    test('a file is judged without an account', async () => {
      const main = pretendMain(FIRST_RUN, { 'chain.verifyFile': () => ({ cancelled: false, verdict: VERDICT }) });
      const window = await open(main);
      await window.click('radio', 'Verify a file');
      await window.click('button', 'Choose a file…');
      await sees(window, 'demo.chain.jsonl');
      await sees(window, 'What this does not prove');
      expect(await window.axe()).toEqual([]);
      expect(await window.text()).not.toContain('Synthetic data');
      await window.click('button', 'Clear this verdict');
      await expect.poll(window.text).not.toContain('demo.chain.jsonl');
    });

    test('beside the verdict on a made-up history it says so', async () => {
      const verdict = { ...VERDICT, synthetic: true } as const;
      const window = await open(pretendMain(FIRST_RUN, { 'chain.verifyFile': () => ({ cancelled: false, verdict }) }));
      await window.click('radio', 'Verify a file');
      await window.click('button', 'Choose a file…');
      await sees(window, 'Synthetic data Everything in this chain is made up');
      expect(await window.axe()).toEqual([]);
    });

    test('loading the example tells how far it is, and can be stopped; then it can be loaded again', async () => {
      let loading = Promise.withResolvers<unknown>();
      const main = pretendMain(FIRST_RUN, {
        'example.load': () => loading.promise,
        'example.cancelLoad': () => {
          loading.reject(new Refusal('cancelled', 'The example was not finished; nothing is left of it.'));
          return {};
        },
      });
      const window = await open(main);
      await window.click('radio', 'Explore a year of synthetic history');
      await window.click('button', 'Load the example');
      await window.emit({ type: 'loading', done: 12_000, total: 100_000 });
      await sees(window, 'Writing the year: 12,000 of 100,000 records');
      expect(await window.axe()).toEqual([]);
      await window.click('button', 'Cancel');
      await sees(window, 'Stopped: nothing is left of the example.');
      expect(await window.text()).not.toContain('The example was not loaded');
      loading = Promise.withResolvers();
      await window.click('button', 'Load the example');
      await expect.poll(() => main.inputs('example.load').length).toBe(2);
      expect(await window.text()).not.toContain('Stopped');
      loading.resolve({ tenant: 'example-year', email: 'owner@example.invalid', password: 'synthetic' });
      await sees(window, 'A year of synthetic history is loaded');
    });

    test('keys that do not last are warned of', async () => {
      const keychain = { description: 'the memory of this process', durable: false };
      const window = await open(pretendMain({ ...FIRST_RUN, keychain }));
      await sees(window, 'Keys are lost when Causeway closes.');
    });
  });

  describe('signing in', () => {
    test('asks for the password, then for a code; refusals stand at their field and lockouts are counted down', async () => {
      const main = pretendMain(SIGN_IN, {
        'access.signIn': (input) => {
          const { password, code } = input as { password: string; code?: string };
          if (password !== PASSWORD) throw new Refusal('sign-in-required', 'E-mail address or password are not right.');
          if (code === undefined) return { step: 'second-factor' };
          if (code !== '123456') {
            const until = new Date(Date.now() + 90_000).toISOString();
            throw new Refusal('rate-limited', 'Too many wrong codes.', { until });
          }
          main.state = OPEN;
          return { step: 'done', state: OPEN };
        },
      });
      const window = await open(main);
      await heads(window, WORKSPACE.title);
      await focuses(window, 'E-mail address');
      await window.fill('E-mail address', PERSON.email);
      await window.fill('Password', 'not the password');
      await window.press('Enter');
      await sees(window, 'E-mail address or password are not right.');
      await focuses(window, 'Password');
      expect(main.inputs('access.state')).toHaveLength(2);
      await window.fill('Password', PASSWORD);
      await window.press('Enter');
      await focuses(window, 'Six-digit code of your authenticator');
      expect(await window.text()).toContain(PERSON.email);
      await window.fill('Six-digit code of your authenticator', '000000');
      await window.press('Enter');
      await sees(window, 'Too many wrong codes.');
      expect(await window.text()).toMatch(/Try again in 1:[0-3]\d/);
      expect(await window.axe()).toEqual([]);
      await window.click('button', 'Use a recovery code');
      await focuses(window, 'Recovery code');
      await window.click('button', 'Use the authenticator');
      await window.click('button', 'Start again');
      await focuses(window, 'Password');
      await window.fill('Password', PASSWORD);
      await window.press('Enter');
      await window.fill('Six-digit code of your authenticator', '123456');
      await window.press('Enter');
      await heads(window, 'Incidents');
    });

    test('with an invitation: code, name and password', async () => {
      const main = pretendMain(SIGN_IN, {
        'access.acceptInvitation': (input) => {
          if ((input as { code: string }).code !== 'demo-invitation')
            throw new Refusal('denied', 'This code is not that of an invitation.');
          main.state = OPEN;
          return OPEN;
        },
      });
      const window = await open(main);
      await window.click('radio', 'I have an invitation');
      await window.fill('Code of the invitation', 'another');
      await window.fill('Your name', PERSON.name);
      await window.fill('Password', PASSWORD);
      await window.fill('Password again', PASSWORD);
      await window.click('button', 'Join the workspace');
      await sees(window, 'This code is not that of an invitation.');
      expect(await window.count('[aria-invalid="true"]')).toBe(1);
      await focuses(window, 'Code of the invitation');
      expect(await window.axe()).toEqual([]);
      await window.fill('Code of the invitation', ' demo-invitation ');
      await window.press('Enter');
      await heads(window, 'Protect your account');
      expect(main.inputs('access.acceptInvitation').at(-1)).toEqual({
        code: 'demo-invitation',
        name: PERSON.name,
        password: PASSWORD,
      });
    });

    test('a workspace without people asks for its owner', async () => {
      const main = pretendMain({ ...SIGN_IN, needsOwner: true });
      const window = await open(main);
      await sees(window, 'This workspace was made before there were accounts.');
      expect(await window.count('button:has-text("Become the owner")')).toBe(1);
      expect(await window.text()).not.toContain('I have an invitation');
    });

    test('of several workspaces one is chosen; another can be made', async () => {
      const main = pretendMain(CHOOSE, {
        'access.chooseWorkspace': () => {
          main.state = SIGN_IN;
          return SIGN_IN;
        },
      });
      const window = await open(main);
      await heads(window, 'Choose a workspace');
      expect(await window.axe()).toEqual([]);
      await window.click('button', 'Create a workspace, or verify a file…');
      await heads(window, 'Another workspace');
      await window.click('button', 'Back');
      await window.click('button', `${WORKSPACE.title} demo`);
      await heads(window, WORKSPACE.title);
      expect(main.inputs('access.chooseWorkspace')).toEqual([{ tenant: 'demo' }]);
    });
  });
});
