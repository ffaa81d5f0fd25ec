import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { makeWorkspace, OWNER, startQuickTerminal, type Terminal } from '../support/terminal.ts';

describe.skipIf(!canBringKeychain())('causeway acknowledge', { timeout: 240_000 }, () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startQuickTerminal();
    await makeWorkspace(terminal);
  }, 120_000);
  afterAll(() => terminal.stop());

  test('a break is shown, is acknowledged only in whole words, and stays named', async () => {
    const { run } = terminal;
    expect((await run(['acknowledge'])).out).toContain('Nothing was changed');
    const db = new BetterSqlite3(path.join(terminal.data, 'tenants', 'local', 'audit.db'));
    db.exec('DROP TRIGGER record_delete');
    db.close();
    expect(await run(['status'])).toMatchObject({ status: 1, out: expect.stringContaining('blocked') });
    // nobody answers
    expect(await run(['acknowledge'])).toMatchObject({
      status: 1,
      out: expect.stringContaining('Nothing was acknowledged'),
    });
    expect((await run(['acknowledge', '--yes'])).status).toBe(2);
    const given = ['acknowledge', '--justification', 'Dropped by hand for this test', '--yes'];
    expect(await run(given, { lines: ['not my password'] })).toMatchObject({
      status: 1,
      err: expect.stringContaining('[reauthentication-required]'),
    });
    const done = await run(given, { lines: [OWNER.password] });
    expect(done, done.err).toMatchObject({ status: 0 });
    expect(done.out).toContain('record_delete');
    expect((await run(['status'])).out).toMatch(/Standing +acknowledged, 1 break/);
  });
});
