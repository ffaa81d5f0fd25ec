import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { makeWorkspace, OWNER, startQuickTerminal, type Terminal } from '../support/terminal.ts';

const KEY = 'arn:aws:kms:eu-central-1:000000000001:key/22222222-3333-4444-8555-666666666666';

describe.skipIf(!canBringKeychain())('the key of the vault', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
  }, 120_000);
  afterAll(() => terminal.stop());

  test('moves to AWS KMS and back from the terminal', async () => {
    const { done } = terminal;
    const lines = [OWNER.password];
    await done(['sign-in', '--email', OWNER.email], { lines });
    await done(['secret', 'set', 'pagerduty', 'Routing key'], { lines: ['a made-up value'] });
    const moved = await done(['secret', 'rotate', '--sandbox-kms']);
    expect(moved.out).toMatch(/Wrapped by kms key arn:aws:kms:/);
    const back = await done(['secret', 'rotate', '--keychain']);
    expect(back.out).toMatch(/Wrapped by keychain key wk-/);
    expect((await done(['secret', 'list'])).out).toContain('Routing key, version 1');
  });

  test.each([
    [['--kms', KEY, '--keychain'], 'one at a time'],
    [['--region', 'eu-central-1'], '--kms KEY_ARN is missing'],
    [['--kms', 'alias/secrets', '--region', 'eu-central-1'], 'named by its ARN'],
  ])('named wrongly is refused: %j', async (options, why) => {
    const refused = await terminal.run(['secret', 'rotate', ...options]);
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining(why) });
  });
});
