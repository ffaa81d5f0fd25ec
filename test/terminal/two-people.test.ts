import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { DueReview } from '#shared/ipc/approval-views.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import {
  addSecond,
  makeWorkspace,
  OWNER,
  recordsOf,
  SECOND,
  signIn,
  startQuickTerminal,
  type Terminal,
} from '../support/terminal.ts';

const ALARM = path.join(PROJECT_ROOT, 'resources/alarms/eventbridge.json');
const WHY = 'Errors began with this revision.';

describe.skipIf(!canBringKeychain())('two people at one terminal', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
  }, 120_000);
  afterAll(() => terminal.stop());

  test('one investigates, the other approves; whoever asked is refused before and after a word', async () => {
    const { done, run } = terminal;
    await done(['incident', 'import', ALARM]);
    await done(['investigate', 'inc-0001']);

    // shown why, and asked nothing: no password is typed
    const refused = await run(['approve', 'rem-0001'], { lines: ['approve', WHY, OWNER.password] });
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('You may not approve this: You asked') });
    expect(refused.out).toContain('Proposed:');
    expect(refused.err).not.toContain('password');
    const attempt = await run(['approve', 'rem-0001', '--yes', '--justification', WHY], { lines: [OWNER.password] });
    expect(attempt).toMatchObject({ status: 1, err: expect.stringContaining('[denied]') });
    expect(attempt.err).not.toContain('password');

    await addSecond(terminal);
    expect((await done(['whoami'])).out).toContain(`${SECOND.name}, operator`);
    const wrong = await run(['approve', 'rem-0001', '--yes', '--justification', WHY], { lines: ['not my password'] });
    expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining('[reauthentication-required]') });
    const approved = await run(['approve', 'rem-0001'], { lines: ['approve', WHY, SECOND.password] });
    expect(approved, approved.out + approved.err).toMatchObject({ status: 0 });

    const records = await recordsOf(terminal);
    const of = (action: string) => records.filter((record) => record.action === action);
    const [person] = of('tenant.user_added').slice(1);
    const [approval, ...more] = of('remediation.approved');
    expect(more).toEqual([]);
    expect(approval?.actor.id).toBe(person?.data.user);
    expect(approval?.data.reauthentication).toBe('password');
    expect(of('auth.access_denied').map(({ data }) => data.reason)).toEqual(['approver-is-requester']);
    expect(of('remediation.verified')[0]?.data.verdict).toBe('recovered');
  });

  test('what protects the trail is changed by two: one asks, the other agrees', async () => {
    const { done, run } = terminal;
    await signIn(terminal, OWNER);
    const { out } = await done(['people', 'list']);
    const id = new RegExp(`(u-[0-9a-f]{12}) .*${SECOND.email}`).exec(out)?.[1] ?? '';
    await done(['people', 'role', id, 'admin'], { lines: [OWNER.password] });
    const asked = await done(['keys', 'rotate', '--reason', 'Yearly change of the key.'], { lines: [OWNER.password] });
    const request = /causeway changes decide (\S+)/.exec(asked.out)?.[1] ?? '';
    const own = await run(['changes', 'decide', request], { lines: ['approve', WHY, OWNER.password] });
    expect(own).toMatchObject({ status: 1, err: expect.stringContaining(`changes withdraw ${request}`) });

    // a role that changed ends the sessions under it
    await signIn(terminal, SECOND);
    expect((await done(['changes', 'list'])).out).toContain('Yearly change of the key.');
    const agreed = await run(['changes', 'decide', request], { lines: ['approve', WHY, SECOND.password] });
    expect(agreed, agreed.err).toMatchObject({ status: 0, out: expect.stringContaining('Done, and on record.') });
    const keys: unknown = JSON.parse((await done(['keys', '--json'])).out);
    expect(keys).toHaveLength(2);
  });

  test('in an emergency one person is enough, and the other reviews it', async () => {
    const { done, run } = terminal;
    await signIn(terminal, OWNER);
    await done(['incident', 'import', path.join(PROJECT_ROOT, 'resources/alarms/pagerduty.json')]);
    await done(['investigate', 'inc-0002']);
    const alone = ['approve', 'rem-0002', '--break-glass', '--reason', 'Nobody else can be reached at night.'];
    const opened = await run(alone, { lines: ['break glass', WHY, OWNER.password] });
    expect(opened, opened.out + opened.err).toMatchObject({ status: 0 });
    expect(opened.out).toContain('somebody else has to review it');

    const [due] = z.array(DueReview).parse(JSON.parse((await done(['review', 'list', '--json'])).out));
    const decide = ['review', 'decide', due?.record.slice(0, 12) ?? '', '--verdict', 'justified'];
    const own = await run(decide, { lines: [WHY, OWNER.password] });
    expect(own).toMatchObject({ status: 1, err: expect.stringContaining('Somebody else has to review it') });
    expect(own.err).not.toContain('password');
    await signIn(terminal, SECOND);
    await done(decide, { lines: ['It was: the shop was down.', SECOND.password] });
    expect((await done(['review', 'list'])).out).toContain('Nothing waits');
    const reviews = (await recordsOf(terminal)).filter(({ data }) => data.change === 'break-glass-review');
    expect(reviews).toMatchObject([{ outcome: 'success' }]);
  });
});
