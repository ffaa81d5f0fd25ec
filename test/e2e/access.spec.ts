import { expect } from '@playwright/test';
import type { Page } from 'playwright';
import type { Application } from './support/application.ts';
import { test } from './support/fixtures.ts';
import { lookInBoth, watch } from './support/look.ts';
import {
  Authenticator,
  chooseOfAccount,
  enterInvitation,
  enterPassword,
  field,
  handOver,
  invite,
  join,
  signOut,
} from './support/people.ts';
import {
  APPROVER,
  answerSaveDialog,
  GUARDIAN,
  goTo,
  JUSTIFICATION,
  justify,
  OWNER,
  openConsole,
  raiseAlarm,
  readTrail,
  signIn,
  signInApprover,
  signInGuardian,
  WHY,
} from './support/steps.ts';

const VIEWER = { name: 'Test viewer', email: 'viewer@test.example', password: 'a fourth test password' };
const READ_OR_REJECT = 'Read or reject…';

/** What somebody who may only read may not find anywhere. The own account and device are everybody's own. */
const NOT_FOR_VIEWERS =
  /Import|Raise|Investigate|Export…|Rotate|Acknowledge|Invite|Manage|Create|Revoke|Remove|Add a|Request a cosig|Cosign|Change the policy|Propose|Review|Approve|Reject|Break glass|Withdraw|^End/;

/**
 * @securityTest A password that is too short or too common is refused before an account is made with it
 * @securityTest With a second factor the password alone signs nobody in, and a wrong password says nothing else
 * @securityTest Whoever had a plan made cannot approve it; another person can, at the same window, with their password
 * @securityTest A locked window has nothing of the console in its page, and its bridge answers nothing
 * @securityTest A viewer is shown no action they may not take, on any screen
 */
test('people come, sign in, and decide with four eyes', async ({ application, way }) => {
  test.setTimeout(300_000);
  const page = await application.page();
  const seen = await watch(page);
  const both = (screen: string) => lookInBoth(application, page, way, screen);
  const alert = page.getByRole('alert');

  // the first run
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome to Causeway');
  await page.getByRole('button', { name: 'Create workspace' }).click();
  await expect(field(page, 'Name of the workspace')).toBeFocused();
  await expect(alert.filter({ hasText: 'The workspace needs a name.' })).toBeVisible();
  await field(page, 'Name of the workspace').fill('Operations of the test company');
  await field(page, 'Your name').fill(OWNER.name);
  await field(page, 'Your e-mail address').fill(OWNER.email);
  const choosePassword = async (password: string) => {
    await field(page, 'Password').fill(password);
    await field(page, 'Password again').fill(password);
    await page.getByRole('button', { name: 'Create workspace' }).click();
  };
  await choosePassword('too short');
  await expect(alert.filter({ hasText: '3 more characters needed: at least 12.' })).toBeVisible();
  await both('first-run');
  await choosePassword('password1234');
  await expect(page.getByText('is one of those that are tried first')).toBeVisible();
  await choosePassword(OWNER.password);

  // the second factor
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Protect your account');
  await page.getByRole('button', { name: 'Set up an authenticator' }).click();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const authenticator = new Authenticator((await page.locator('code.secret').textContent()) ?? '');
  const code = field(page, 'The six-digit code it shows now');
  const right = authenticator.code();
  await code.fill(right === '123456' ? '654321' : '123456');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(alert).toBeVisible();
  await expect(code).toBeFocused();
  await both('second-factor');
  await code.fill(right);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(10);
  const [spare = ''] = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeDisabled();
  await both('recovery-codes');
  await page.getByRole('checkbox', { name: 'I have kept these codes' }).check();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();

  // signing out and in
  await signOut(page);
  await enterPassword(page, { ...OWNER, password: 'not the password' });
  await expect(alert).toBeVisible();
  await expect(field(page, 'Password')).toBeFocused();
  await both('sign-in');
  await enterPassword(page, OWNER);
  const second = field(page, 'Six-digit code of your authenticator');
  await expect(second).toBeFocused();
  await second.fill(right); // taken once already
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(alert).toBeVisible();
  await both('sign-in-code');
  await second.fill(authenticator.code());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();

  // two more people are invited, and the one who asks for something cannot grant it
  const forApprover = await invite(page, APPROVER.email, 'Operator', OWNER, () => both('invitation-code'));
  const forViewer = await invite(page, VIEWER.email, 'Viewer', OWNER);
  await both('access-people');
  await goTo(page, 'Incidents');
  await raiseAlarm(page);
  await page.getByRole('button', { name: 'Investigate' }).click();
  await page.getByRole('button', { name: READ_OR_REJECT }).click({ timeout: 45_000 });
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('You cannot approve this.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Reject' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await both('approval-own');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  // who may only read
  await signOut(page);
  await page.getByRole('radio', { name: 'I have an invitation' }).check();
  await both('join');
  await join(page, forViewer, VIEWER);
  await walkAsViewer(page);
  await both('viewer-approvals');

  // the second person, at the same window
  await signOut(page);
  await enterInvitation(page, forViewer, APPROVER); // taken up already
  await expect(alert).toBeVisible();
  await expect(field(page, 'Code of the invitation')).toHaveAttribute('aria-invalid', 'true');
  await join(page, forApprover, APPROVER);
  await page.getByRole('gridcell', { name: /Checkout is slow/ }).click();
  await page.getByRole('button', { name: 'Review…' }).click();
  await justify(dialog, JUSTIFICATION, { ...APPROVER, password: 'not the password' });
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByText('Recorded:')).toHaveCount(0);
  await justify(dialog, JUSTIFICATION, APPROVER);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Recorded: approved')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByText('Recovered', { exact: true }).first()).toBeVisible({ timeout: 45_000 });

  // the lock
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Locked');
  await expect(page.getByRole('navigation', { name: 'Console' })).toHaveCount(0);
  expect(await page.evaluate('document.documentElement.textContent')).not.toContain('Checkout');
  const refused = await page.evaluate(`window.causeway.invoke('incidents.list', {})`);
  expect(refused).toMatchObject({ ok: false, error: { code: 'sign-in-required' } });
  await field(page, 'Password').fill('not the password');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(alert).toBeVisible();
  await both('locked');
  await field(page, 'Password').fill(APPROVER.password);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Checkout is slow');

  // a recovery code signs in in place of the authenticator; all of it is on record, and the record holds
  await signOut(page);
  await enterPassword(page, OWNER);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await field(page, 'Recovery code').fill(spare);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await expect(page.getByText('Second factor on, 9 recovery codes left')).toBeVisible();
  await both('account-menu');
  await page.keyboard.press('Escape');
  await goTo(page, 'Verification');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByRole('region', { name: 'Verdict on the store' })).toContainText('no problem');
  const actions = (await readTrail(page)).map(({ action, outcome }) => `${action} ${outcome}`);
  for (const expected of [
    'tenant.user_added success',
    'auth.mfa_enrolled success',
    'auth.sign_in_failed denied',
    'remediation.approved success',
    'remediation.executed success',
  ])
    expect(actions).toContain(expected);
  await chooseOfAccount(page, 'Sign out everywhere…');
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByRole('radio', { name: 'I have an invitation' })).toBeVisible();
  await seen.expectNothing();
});

interface Named {
  getAttribute(name: string): string | null;
  readonly textContent: string | null;
}

/** Everywhere a viewer can go, with something waiting for a decision: what can be pressed there, and in the palette. */
async function walkAsViewer(page: Page): Promise<void> {
  const offered = async (where: string) => {
    await expect(page.getByText(/^(Reading|Asking|Loading)/)).toHaveCount(0);
    const names = await page
      .locator('main')
      .getByRole('button')
      .evaluateAll((buttons) =>
        (buttons as unknown as Named[]).map((button) => button.getAttribute('aria-label') ?? button.textContent ?? ''),
      );
    expect(
      names.filter((name) => NOT_FOR_VIEWERS.test(name)),
      where,
    ).toEqual([]);
  };
  await expect(page.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
  await offered('Incidents');
  await page.getByRole('gridcell', { name: /Checkout is slow/ }).click();
  await expect(page.getByRole('button', { name: 'Read…' })).toBeVisible();
  await offered('the incident');
  await goTo(page, 'Audit trail');
  await expect(page.getByRole('grid').getByRole('row').nth(2)).toBeVisible();
  await offered('Audit trail');
  for (const [screen, parts] of [
    ['Verification', 'Parts of verification'],
    ['Access', 'Parts of access'],
  ] as const) {
    await goTo(page, screen);
    const links = page.getByRole('navigation', { name: parts }).getByRole('link');
    const count = await links.count();
    expect(count).toBeGreaterThan(3);
    for (let index = 0; index < count; index++) {
      await links.nth(index).click();
      await offered(`${screen}, ${await links.nth(index).textContent()}`);
    }
  }
  await page.keyboard.press('Control+k');
  const commands = await page.getByRole('dialog').getByRole('option').allTextContents();
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((name) => NOT_FOR_VIEWERS.test(name))).toEqual([]);
  await page.keyboard.press('Escape');
  await goTo(page, 'Approvals');
  await page.getByRole('button', { name: /^Read: / }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeVisible();
  await expect(dialog.getByRole('textbox')).toHaveCount(0);
  await expect(dialog.getByRole('button', { name: /Approve|Reject|glass/ })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
}

/** The sandbox cloud answers nothing about logs until it is let go on: an agent that asked keeps its lease meanwhile. */
async function holdLogs(application: Application): Promise<void> {
  await application.evaluate(() => {
    type Emit = (this: unknown, name: string, ...rest: unknown[]) => boolean;
    const { prototype } = process.getBuiltinModule('node:http').Server as unknown as { prototype: { emit: Emit } };
    const emit = prototype.emit;
    const held: (() => void)[] = [];
    prototype.emit = function (name, ...rest) {
      const [request] = rest as { headers?: Record<string, string> }[];
      if (name !== 'request' || !request?.headers?.['x-amz-target']?.startsWith('Logs')) {
        return emit.call(this, name, ...rest);
      }
      held.push(() => emit.call(this, name, ...rest));
      return true;
    };
    Reflect.set(globalThis, 'letLogsGoOn', () => {
      prototype.emit = emit;
      for (const go of held) go();
    });
  }, null);
}

async function releaseLogs(application: Application): Promise<void> {
  await application.evaluate(() => (Reflect.get(globalThis, 'letLogsGoOn') as () => void)(), null);
}

const NO_EXPORT = `
@id("no-export")
@reason("The trail does not leave this console for now.")
forbid (principal, action == Action::"exportTrail", resource);
`;

/**
 * @securityTest Breaking the glass takes a reason and a password, and stays due until another person judged it
 * @securityTest A changed guardrail policy is in force only after a second person agreed to exactly that text
 */
test('the glass is broken and reviewed; a policy is changed by two people', async ({ application, folder, way }) => {
  test.setTimeout(300_000);
  const page = await openConsole(application);
  await signInApprover(page);
  await signIn(page, OWNER);
  await signInGuardian(page);
  await signIn(page, OWNER);
  const seen = await watch(page);
  const both = (screen: string) => lookInBoth(application, page, way, screen);
  const dialog = page.getByRole('dialog');
  const part = (name: string) =>
    page.getByRole('navigation', { name: 'Parts of access' }).getByRole('link', { name }).click();

  // a lease is ended while its agent waits for the cloud
  await raiseAlarm(page);
  await holdLogs(application);
  await page.getByRole('button', { name: 'Investigate' }).click();
  await goTo(page, 'Access');
  await part('Live leases');
  const lease = page.getByRole('row').filter({ hasText: 'Log analyst' });
  await expect(lease).toContainText(/1[45]:\d\d/, { timeout: 45_000 });
  await lease.getByRole('button', { name: /^End the lease of/ }).click();
  await expect(dialog).toContainText('The cloud is told too');
  await both('lease-end');
  await dialog.getByRole('button', { name: 'End the lease' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(lease).toHaveCount(0);
  await releaseLogs(application);
  await expect(page.getByText('No agent holds credentials')).toBeVisible({ timeout: 45_000 });
  await both('access-leases');
  const ended = (await readTrail(page)).filter(({ action }) => action === 'credential.revoked');
  expect(ended.length).toBeGreaterThan(0);

  // alone, in an emergency
  await goTo(page, 'Approvals');
  await page.getByRole('button', { name: /^Read or reject: / }).click({ timeout: 45_000 });
  await dialog.getByRole('button', { name: 'Break glass…' }).click();
  const reason = dialog.getByLabel('Why it cannot wait for a second person (goes on record)');
  await expect(reason).toBeFocused();
  await dialog.getByRole('button', { name: 'Approve alone' }).click();
  await expect(dialog.getByText('Recorded:')).toHaveCount(0);
  await reason.fill('Customers cannot pay and nobody else answers the telephone.');
  await justify(dialog, JUSTIFICATION, OWNER);
  await both('break-glass');
  await dialog.getByRole('button', { name: 'Approve alone' }).click();
  await expect(dialog.getByText('Recorded: approved by break-glass')).toBeVisible();
  await both('break-glass-recorded');
  await dialog.getByRole('button', { name: 'Close' }).click();
  const due = page.getByRole('region', { name: 'Reviews due after break-glass' });
  await expect(due).toContainText('Customers cannot pay');
  await expect(due.getByRole('button', { name: /^Review/ })).toHaveCount(0);
  await both('approvals-review-own');
  await handOver(page, APPROVER);
  await goTo(page, 'Approvals');
  await due.getByRole('button', { name: /^Review/ }).click();
  await justify(dialog, 'The telephone list confirms it; the change was the planned way back.', APPROVER);
  await both('break-glass-review');
  await dialog.getByRole('button', { name: 'Justified', exact: true }).click();
  await expect(dialog.getByText('Recorded: justified')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(due).toHaveCount(0);

  // a decision the changed policy would have made otherwise
  await handOver(page, OWNER);
  await answerSaveDialog(application, folder);
  const exportTrail = async () => {
    await goTo(page, 'Audit trail');
    await page.getByRole('button', { name: 'Export…' }).click();
    await dialog.getByRole('button', { name: 'Choose a file…' }).click();
  };
  await exportTrail();
  await expect(dialog.getByText('Exported, and on record.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();

  await goTo(page, 'Access');
  for (const [name, screen] of [
    ['Roles', 'access-roles'],
    ['API keys', 'access-api-keys'],
    ['Devices', 'access-devices'],
    ['Waiting changes', 'access-changes-none'],
    ['Guardrail policies', 'access-policies'],
  ] as const) {
    await part(name);
    await both(screen);
  }
  await page.getByRole('button', { name: 'Change the policy…' }).click();
  const text = page.getByRole('textbox', { name: 'Policy text (Cedar)' });
  const inForce = await text.inputValue();
  await text.fill(`${inForce}\npermit (principal, action == Action::"callModel", resource`);
  await page.getByRole('button', { name: 'Try it out' }).click();
  await expect(page.getByRole('region', { name: 'Problems of the policy' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Propose…' })).toHaveCount(0);
  await both('policy-problem');
  await text.fill(`${inForce}${NO_EXPORT}`);
  await page.getByRole('button', { name: 'Try it out' }).click();
  await expect(page.getByRole('region', { name: 'Difference to the policy in force' })).toContainText('no-export');
  const dryRun = page.getByRole('region', { name: 'Dry run', exact: true });
  await expect(dryRun).toContainText(/^What it would have decided since .*1 of \d+ decisions would have come out/);
  await expect(dryRun.getByRole('row').nth(1)).toContainText('exportTrail');
  await both('policy-preview');
  await page.getByRole('button', { name: 'Propose…' }).click();
  await expect(dialog.getByLabel(WHY)).toBeFocused();
  await justify(dialog, 'The auditors asked for it until the review is over.', OWNER);
  await both('policy-propose');
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog.getByText('Waiting for a second person. Nothing has changed yet.')).toBeVisible();
  await both('policy-waiting');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await part('Waiting changes');
  await expect(page.getByText('You cannot decide on this.')).toBeVisible();
  await both('access-changes');

  await handOver(page, GUARDIAN);
  await goTo(page, 'Access');
  await part('Waiting changes');
  await page.getByRole('button', { name: /^Review: / }).click();
  await expect(dialog).toContainText('no-export');
  await justify(dialog, 'The letter of the auditors says the same.', GUARDIAN);
  await both('policy-agree');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(dialog.getByText('Recorded: approved, and in effect')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await part('Guardrail policies');
  const newest = page.getByRole('region', { name: 'Versions' }).getByRole('row').nth(1);
  await expect(newest).toContainText('In force');
  await expect(newest).toContainText(`${OWNER.name}, ${GUARDIAN.name}`);
  await newest.getByRole('button', { name: /^What changed/ }).click();
  await expect(dialog).toContainText('no-export');
  await both('policy-versions');
  await page.keyboard.press('Escape');
  await exportTrail();
  await expect(dialog.getByRole('alert')).toContainText('The trail does not leave this console for now.');
  await seen.expectNothing();
});
