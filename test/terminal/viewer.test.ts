import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_ACCESS } from '#main/cli/access.ts';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { addSecond, CODE_NOW, makeWorkspace, SECOND, startQuickTerminal, type Terminal } from '../support/terminal.ts';

const READ = /\.read$|^trail\.verify$/;
const WHY = 'a reason that is long enough';
/** How each command that needs more than reading is called, as far as it comes without a workspace. */
const CALLS: Partial<Record<keyof typeof COMMAND_ACCESS, readonly string[]>> = {
  'incident import': ['incident', 'import', path.join(PROJECT_ROOT, 'resources/alarms/eventbridge.json')],
  investigate: ['investigate', 'inc-0001'],
  approve: ['approve', 'rem-0001'],
  'approve --break-glass': ['approve', 'rem-0001', '--break-glass', '--reason', WHY],
  'review decide': ['review', 'decide', 'a'.repeat(64), '--verdict', 'justified'],
  'request save': ['request', 'save', 'rem-0001', '--out', 'a.causeway-request'],
  'request take': ['request', 'take', 'a.causeway-answer'],
  'device register': ['device', 'register', 'a.causeway-device', '--person', SECOND.email],
  'device remove': ['device', 'remove', 'dev-1'],
  export: ['export', '--out', 'a.chain.jsonl'],
  acknowledge: ['acknowledge'],
  'keys rotate': ['keys', 'rotate', '--reason', WHY],
  'witness change': ['witness', 'remove', 'somebody'],
  'witness-folder change': ['witness-folder', 'remove', 'somewhere'],
  'people invite': ['people', 'invite', '--email', 'third@test.example', '--role', 'viewer'],
  'people role': ['people', 'role', SECOND.email, 'owner'],
  'people remove': ['people', 'remove', SECOND.email],
  'api-key create': ['api-key', 'create', '--label', 'Mine', '--scope', 'incidents.read', '--days', '1'],
  'api-key revoke': ['api-key', 'revoke', 'key-1'],
  'leases revoke': ['leases', 'revoke', 'lease-1'],
  'policy propose': ['policy', 'propose', 'a.cedar', '--reason', WHY],
  'changes decide': ['changes', 'decide', 'p-1'],
  'secret set': ['secret', 'set', 'pagerduty', 'Routing key'],
  'secret delete': ['secret', 'delete', 'sec-1'],
  'secret rotate': ['secret', 'rotate'],
};

describe.skipIf(!canBringKeychain())('a viewer at the terminal', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
    await addSecond(terminal, 'viewer');
  }, 120_000);
  afterAll(() => terminal.stop());

  const beyond = Object.entries(COMMAND_ACCESS).flatMap(([name, access]) =>
    access === 'public' || access === 'signed-in' || READ.test(access) ? [] : [name],
  );

  test('every command beyond reading is called here', () => {
    expect(Object.keys(CALLS).sort()).toEqual([...beyond].sort());
  });

  test('each of them says no before it asks anything', async () => {
    for (const [name, args] of Object.entries(CALLS)) {
      const ended = await terminal.run(args, { lines: [SECOND.password, SECOND.password] });
      expect(ended, name).toMatchObject({ status: 1, out: '', err: expect.stringContaining('[denied]') });
      expect(ended.err, name).not.toContain('password');
    }
  });

  test('what is read is shown', async () => {
    for (const args of [
      ['incident', 'list'],
      ['review', 'list'],
      ['leases', 'list'],
      ['people', 'list'],
      ['api-key', 'list'],
      ['device', 'list'],
      ['policy', 'show'],
      ['changes', 'list'],
      ['secret', 'list'],
      ['keys'],
      ['witness', 'list'],
      ['witness-folder', 'list'],
      ['whoami'],
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
