import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ACCESS_SECTIONS } from '#renderer/navigation/route.ts';
import type { Channel } from '#shared/ipc/contract.ts';
import { OPEN, PERSON, pretendMain } from './support/sample-access.ts';
import { ANSWERS, APPROVAL, LEASE, OTHER, PLAN_DIGEST, REVIEW, ROTATION, VIEWER } from './support/sample-decisions.ts';
import {
  loadWindowSupport,
  Refusal,
  type WindowDriver,
  type WindowOptions,
  type WindowSupport,
} from './support/window-driver.ts';

const support: WindowSupport = await loadWindowSupport();
const WHY = 'Why (goes on record)';
const PROOF = 'Your password, to confirm that it is you';
const REASON = 'Revision 42 is broken, 41 was not.';
const PASSWORD = 'a password of some length';

type More = Partial<Record<Channel, (input: unknown) => unknown>>;
const pretend = (more: More = {}, permissions = OPEN.permissions) =>
  pretendMain({ ...OPEN, permissions: [...permissions] }, { ...ANSWERS, ...more });

async function open(main: ReturnType<typeof pretendMain>, options: WindowOptions): Promise<WindowDriver> {
  const window = await support.openWindow(main.answer, options);
  onTestFinished(async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
  });
  return window;
}
const sees = (window: WindowDriver, text: string) => expect.poll(window.text, { timeout: 15_000 }).toContain(text);
const focuses = (window: WindowDriver, name: string) => expect.poll(window.focused, { timeout: 15_000 }).toBe(name);
const hasButton = async (window: WindowDriver, name: string) =>
  (await window.count(`button:text-is("${name}"), button[aria-label="${name}"]`)) > 0;

const approved = (by: readonly string[]) => ({
  ...APPROVAL.remediation,
  approvals: by.map((id) => ({ by: id, at: '2026-11-20T10:01:00.000Z', record: '7'.repeat(64) })),
});

describe.skipIf(!support.isThereABrowser)('the window, where people decide', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const first = await support.openWindow(pretend().answer); // builds the page
    await first.close();
  }, 120_000);
  afterAll(() => support.closeBrowser());

  describe('a proposal', () => {
    const review = async (more: More = {}, permissions = OPEN.permissions) => {
      const main = pretend(more, permissions);
      const window = await open(main, { hash: '#/approvals' });
      return { main, window };
    };

    test('opens with the focus in the text; Enter and Escape decide nothing', async () => {
      const { main, window } = await review();
      await window.click('button', 'Review: Roll checkout back to 41');
      await focuses(window, WHY);
      await window.fill(WHY, REASON);
      await window.fill(PROOF, PASSWORD);
      await window.press('Enter');
      await window.press('Escape');
      await expect.poll(() => window.count('[role="dialog"]')).toBe(0);
      await focuses(window, 'Review: Roll checkout back to 41');
      expect(main.inputs('approvals.decide')).toEqual([]);
    });

    test('is approved only with a reason and a proof, each missed where it is missing', async () => {
      const { main, window } = await review({ 'approvals.decide': () => approved([PERSON.id]) });
      await window.click('button', 'Review: Roll checkout back to 41');
      await window.click('button', 'Approve');
      await focuses(window, WHY);
      await window.fill(WHY, REASON);
      await window.click('button', 'Approve');
      await focuses(window, PROOF);
      await sees(window, 'Your password is missing.');
      expect(await window.axe()).toEqual([]);
      expect(main.inputs('approvals.decide')).toEqual([]);
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Approve');
      await sees(window, 'Recorded: your approval, 1 of 2');
      await sees(window, 'nothing runs yet: 1 more person has to approve');
      expect(main.inputs('approvals.decide')).toEqual([
        {
          remediation: 'rem-0001',
          planDigest: PLAN_DIGEST,
          decision: 'approve',
          justification: REASON,
          reauthentication: { method: 'password', password: PASSWORD },
        },
      ]);
      await focuses(window, 'Close');
    });

    test('is said to be recorded only after the answer, and a wrong password keeps what was typed', async () => {
      let answer: (value: unknown) => void = () => undefined;
      let refuse = true;
      const { window } = await review({
        'approvals.decide': () => {
          if (refuse) throw new Refusal('reauthentication-required', 'The password is not right.');
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      });
      await window.click('button', 'Review: Roll checkout back to 41');
      await window.fill(WHY, REASON);
      await window.fill(PROOF, 'not this one');
      await window.click('button', 'Approve');
      await sees(window, 'The password is not right.');
      refuse = false;
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Approve');
      await sees(window, 'Recording…');
      await window.press('Escape'); // what is being recorded cannot be left
      expect(await window.count('[role="dialog"]')).toBe(1);
      expect(await window.text()).not.toContain('Recorded:');
      answer({ ...approved([OTHER, PERSON.id]), decision: decision('approved'), status: 'approved' });
      await sees(window, 'Recorded: approved');
    });

    test('is rejected without a proof, which is not sent either', async () => {
      const { main, window } = await review({
        'approvals.decide': () => ({ ...approved([]), status: 'rejected', decision: decision('rejected') }),
      });
      await window.click('button', 'Review: Roll checkout back to 41');
      await window.fill(WHY, REASON);
      await window.click('button', 'Reject');
      await sees(window, 'Recorded: rejected');
      expect(main.inputs('approvals.decide')).toEqual([
        { remediation: 'rem-0001', planDigest: PLAN_DIGEST, decision: 'reject', justification: REASON },
      ]);
    });

    test('cannot be approved by the one who asked: a sentence instead of a button, and still a rejection', async () => {
      const mayNotDecide = 'You asked for this investigation.';
      const { window } = await review({ 'approvals.pending': () => [{ ...APPROVAL, mayNotDecide }] });
      await window.click('button', 'Read or reject: Roll checkout back to 41');
      await sees(window, mayNotDecide);
      expect(await hasButton(window, 'Approve')).toBe(false);
      expect(await hasButton(window, 'Break glass…')).toBe(false);
      expect(await hasButton(window, 'Reject')).toBe(true);
      expect(await window.axe()).toEqual([]);
    });

    test('is only read by a viewer: nothing to decide with, nothing to fill in', async () => {
      const mayNotDecide = 'Your role decides nothing.';
      const { window } = await review({ 'approvals.pending': () => [{ ...APPROVAL, mayNotDecide }] }, VIEWER);
      await window.click('button', 'Read: Roll checkout back to 41');
      await sees(window, mayNotDecide);
      for (const name of ['Approve', 'Reject', 'Break glass…', 'Save request file…', 'Take answer file…']) {
        expect(await hasButton(window, name)).toBe(false);
      }
      expect(await window.count('[role="dialog"] textarea, [role="dialog"] input')).toBe(0);
    });

    test('is approved alone only with its own reason, and says that a review is due', async () => {
      const { main, window } = await review({
        'approvals.pending': () => [{ ...APPROVAL, mayNotDecide: 'You asked for it.', mayBreakGlass: true }],
        'approvals.breakGlass': () => ({ ...approved([PERSON.id]), breakGlass: true, decision: decision('approved') }),
      });
      await window.click('button', 'Read or reject: Roll checkout back to 41');
      await window.click('button', 'Break glass…');
      await focuses(window, 'Why it cannot wait for a second person (goes on record)');
      await sees(window, 'Another person must review it afterwards');
      await window.fill(WHY, REASON);
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Approve alone');
      expect(main.inputs('approvals.breakGlass')).toEqual([]);
      await focuses(window, 'Why it cannot wait for a second person (goes on record)');
      expect(await window.axe()).toEqual([]);
      await window.fill('Why it cannot wait for a second person (goes on record)', 'Orders fail and nobody is there.');
      await window.click('button', 'Approve alone');
      await sees(window, 'Recorded: approved by break-glass');
      expect(main.inputs('approvals.breakGlass')).toMatchObject([
        { planDigest: PLAN_DIGEST, reason: 'Orders fail and nobody is there.', justification: REASON },
      ]);
    });

    test('approved alone is judged by another, with a proof', async () => {
      const { main, window } = await review({ 'approvals.review': () => [] });
      await window.click('button', 'Review: Restart payments');
      await focuses(window, WHY);
      await window.fill(WHY, 'They waited as long as they could.');
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Not justified');
      await sees(window, 'Recorded: not justified');
      expect(main.inputs('approvals.review')).toMatchObject([{ record: REVIEW.record, verdict: 'not-justified' }]);
    });
  });

  describe('a change that takes two', () => {
    test('is approved by the digest that was shown', async () => {
      const main = pretend({ 'protections.decide': () => ({ state: 'done' }) });
      const window = await open(main, { hash: '#/access/changes', theme: 'dark' });
      await window.click('button', `Review: ${ROTATION.summary}`);
      await focuses(window, WHY);
      expect(await window.axe()).toEqual([]);
      await window.fill(WHY, 'The key is a year old.');
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Approve');
      await sees(window, 'Recorded: approved, and in effect');
      expect(main.inputs('protections.decide')).toMatchObject([
        { request: ROTATION.id, digest: ROTATION.digest, decision: 'approve' },
      ]);
    });

    test('is only withdrawn by the one who asked', async () => {
      const own = { ...ROTATION, requestedBy: PERSON.id, mayNotDecide: 'You asked for it.' };
      const main = pretend({ 'protections.pending': () => [own], 'protections.withdraw': () => ({}) });
      const window = await open(main, { hash: '#/access/changes' });
      await sees(window, 'You cannot decide on this.');
      expect(await hasButton(window, `Review: ${ROTATION.summary}`)).toBe(false);
      await window.click('button', 'Withdraw…');
      await window.click('button', 'Withdraw it');
      await expect.poll(() => main.inputs('protections.withdraw')).toEqual([{ request: ROTATION.id }]);
    });

    test('is said to wait where it was asked for, and that nothing has changed', async () => {
      const main = pretend({
        'protections.pending': () => [],
        'verification.rotateKey': () => ({ state: 'waiting', request: { ...ROTATION, requestedBy: PERSON.id } }),
      });
      const window = await open(main, { hash: '#/verification/keys' });
      await window.click('button', 'Rotate the signing key…');
      await window.fill(WHY, 'The key is a year old.');
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Rotate the key');
      await sees(window, 'Waiting for a second person. Nothing has changed yet.');
      expect(await window.text()).not.toContain('The key was rotated');
      await window.click('link', 'See what waits');
      await expect.poll(window.heading).toBe('Access');
      expect(main.inputs('verification.rotateKey')).toEqual([
        {
          justification: 'The key is a year old.',
          reauthentication: { method: 'password', password: PASSWORD },
        },
      ]);
    });
  });

  describe('access', () => {
    test.each(ACCESS_SECTIONS)('axe finds nothing in %s, in either theme, for owner and viewer', async (section) => {
      for (const theme of ['light', 'dark'] as const) {
        const window = await open(pretend({}, theme === 'light' ? OPEN.permissions : VIEWER), {
          hash: `#/access/${section}`,
          theme,
        });
        await expect.poll(() => window.count('.spinner, .loading')).toBe(0);
        expect(await window.axe()).toEqual([]);
        expect(await window.overflows()).toBe(false);
      }
    });

    test('a viewer reads, and finds no button for what they may not do', async () => {
      const main = pretend({}, VIEWER);
      const window = await open(main, { hash: '#/access/people' });
      await sees(window, 'Demo Operator');
      expect(await window.count('main button:not(.time-text):not(.hash)')).toBe(0);
      expect(main.inputs('people.invitations')).toEqual([]);
    });

    test('an invitation shows its code once, and the page forgets it', async () => {
      const code = 'DEMO-CODE-SHOWN-ONCE';
      const invitation = {
        id: 'i-1',
        role: 'operator',
        email: 'new@example.org',
        createdAt: ROTATION.requestedAt,
        expiresAt: ROTATION.expiresAt,
      };
      const main = pretend({ 'people.invite': () => ({ invitation, code }) });
      const window = await open(main, { hash: '#/access/people' });
      await window.click('button', 'Invite a person…');
      await focuses(window, 'E-mail address');
      await window.fill('E-mail address', 'new@example.org');
      await window.fill(PROOF, PASSWORD);
      await window.click('button', 'Make the invitation');
      await sees(window, code);
      expect(await window.axe()).toEqual([]);
      await window.click('button', 'I have it');
      await expect.poll(window.html).not.toContain(code);
      expect(main.inputs('people.invite')).toMatchObject([{ email: 'new@example.org', role: 'operator' }]);
    });

    test('a lease is ended after the words on what that reaches; events ask anew', async () => {
      const main = pretend({ 'leases.revoke': () => [] });
      const window = await open(main, { hash: '#/access/leases' });
      await window.click('button', 'End the lease of Log analyst…');
      await sees(window, 'The cloud is not told, because no revocation role is configured');
      await window.click('button', 'End the lease');
      await expect.poll(() => main.inputs('leases.revoke')).toEqual([{ lease: LEASE.id }]);
      const asked = main.inputs('leases.list').length;
      await window.emit({ type: 'leases' });
      await expect.poll(() => main.inputs('leases.list').length).toBeGreaterThan(asked);
    });
  });
});

function decision(outcome: 'approved' | 'rejected') {
  return { outcome, at: '2026-11-20T10:02:00.000Z', by: PERSON.id, record: '8'.repeat(64) };
}
