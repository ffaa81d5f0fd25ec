import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { addSecond, CODE_NOW, makeWorkspace, SECOND, startQuickTerminal, type Terminal } from '../support/terminal.ts';

const WHY = 'a reason that is long enough';

describe.skipIf(!canBringKeychain())('a viewer at the terminal', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
    await addSecond(terminal, 'viewer');
  }, 120_000);
  afterAll(() => terminal.stop());

  test('is told no before anything is asked', async () => {
    for (const args of [
      ['approve', 'rem-0001'],
      ['people', 'role', SECOND.email, 'owner'],
      ['api-key', 'create', '--label', 'Mine', '--scope', 'incidents.read', '--days', '1'],
      ['policy', 'propose', 'a.cedar', '--reason', WHY],
      ['secret', 'set', 'pagerduty', 'Routing key'],
    ]) {
      const ended = await terminal.run(args, { lines: [SECOND.password, SECOND.password] });
      expect(ended, args.join(' ')).toMatchObject({ status: 1, out: '', err: expect.stringContaining('[denied]') });
      expect(ended.err, args.join(' ')).not.toContain('password');
    }
  });

  test('what is read is shown', async () => {
    for (const args of [
      ['review', 'list'],
      ['leases', 'list'],
      ['people', 'list'],
      ['device', 'list'],
      ['policy', 'show'],
      ['changes', 'list'],
      ['secret', 'list'],
    ])
      expect(await terminal.run(args), args.join(' ')).toMatchObject({ status: 0, err: '' });
  });

  test('a second factor is set up, and asked for from then on', async () => {
    const wrong = await terminal.run(['second-factor'], { lines: [SECOND.password, '000000'] });
    expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining('[reauthentication-required]') });
    const { out } = await terminal.done(['second-factor'], { lines: [SECOND.password, CODE_NOW] });
    expect(out).toMatch(/otpauth:\/\/totp\//);
    const recovery = /only now; .*\n {2}(\S+)\n/.exec(out)?.[1] ?? '';
    await terminal.done(['sign-out']);
    const signIn = ['sign-in', '--email', SECOND.email];
    expect((await terminal.run(signIn, { lines: [SECOND.password] })).err).toContain('Nobody is signed in');
    await terminal.done(signIn, { lines: [SECOND.password, recovery] });
    const again = await terminal.run(signIn, { lines: [SECOND.password, recovery] });
    expect(again).toMatchObject({ status: 1, err: expect.stringContaining('[reauthentication-required]') });
  });
});
