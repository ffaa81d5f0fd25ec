import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import {
  addSecond,
  makeWorkspace,
  OWNER,
  SECOND,
  signIn,
  startQuickTerminal,
  type Terminal,
} from '../support/terminal.ts';

const ALARM = path.join(PROJECT_ROOT, 'resources/alarms/eventbridge.json');
const WHY = 'Errors began with this revision.';

describe.skipIf(!canBringKeychain())('a decision at another console', { timeout: 240_000 }, () => {
  let home: Terminal;
  let other: Terminal;
  beforeAll(async () => {
    [home, other] = await Promise.all([startQuickTerminal(), startQuickTerminal()]);
    await Promise.all([makeWorkspace(home), makeWorkspace(other)]);
  }, 120_000);
  afterAll(async () => {
    await home.stop();
    await other.stop();
  });

  test('goes there as a request and comes back as an answer, which counts once', async () => {
    const [device, request, answer] = [home.file('device'), home.file('request'), home.file('answer')];
    await home.done(['incident', 'import', ALARM]);
    await home.done(['investigate', 'inc-0001']);
    await addSecond(home);
    // at the other console it is the second person who sits
    const exported = await other.done(['device', 'export', '--out', device]);
    const [key = 'no key'] = /key [0-9a-f]{16}/.exec(exported.out) ?? [];
    const registered = await home.done(['device', 'register', device], { lines: [SECOND.password] });
    expect(registered.err).toContain(key); // shown before the password is asked for
    await signIn(home, OWNER);
    expect((await home.done(['device', 'list'])).out).toContain(SECOND.name);
    await home.done(['request', 'save', 'rem-0001', '--out', request]);

    const lines = ['approve', WHY, OWNER.password];
    const unknown = await other.run(['request', 'answer', request, '--out', answer], { lines });
    expect(unknown).toMatchObject({ status: 1, err: expect.stringContaining('has not seen that chain') });
    expect(unknown.out).toContain('Proposed:');
    const keyId = /--trust (\S+)/.exec(unknown.err)?.[1] ?? '';
    await other.done(['request', 'answer', request, '--out', answer, '--trust', keyId], { lines });

    const taken = await home.run(['request', 'take', answer]);
    expect(taken, taken.out + taken.err).toMatchObject({ status: 0 });
    expect(taken.out).toContain('remediation.verified');
    expect(await home.run(['request', 'take', answer])).toMatchObject({
      status: 1,
      err: expect.stringContaining('[conflict]'),
    });
  });
});
