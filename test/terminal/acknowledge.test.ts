import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { type PrivateKeychain, startKeychain } from '../support/keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';

const program = path.join(PROJECT_ROOT, 'src-main/cli/main.ts');
const data = mkdtempSync(path.join(tmpdir(), 'causeway-break-'));

describe.skipIf(!canBringKeychain())('causeway acknowledge', { timeout: 120_000 }, () => {
  let keychain: PrivateKeychain;
  beforeAll(async () => {
    keychain = await startKeychain();
  });
  afterAll(async () => {
    await keychain.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]) => {
    const env = { ...process.env, ...keychain.env };
    const given = [program, ...args, '--data', data];
    return spawnSync(process.execPath, given, { cwd: PROJECT_ROOT, env, encoding: 'utf8', input: '' });
  };

  test('a break is shown, is acknowledged only in whole words, and stays named', () => {
    expect(run('acknowledge').stdout).toContain('Nothing was changed');
    const db = new BetterSqlite3(path.join(data, 'tenants', 'local', 'audit.db'));
    db.exec('DROP TRIGGER record_delete');
    db.close();
    expect(run('status')).toMatchObject({ status: 1, stdout: expect.stringContaining('blocked') });
    // nobody answers
    expect(run('acknowledge')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('Nothing was acknowledged'),
    });
    expect(run('acknowledge', '--yes').status).toBe(2);
    const done = run('acknowledge', '--justification', 'Dropped by hand for this test', '--yes');
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toContain('record_delete');
    expect(run('status').stdout).toMatch(/Standing +acknowledged, 1 break/);
  });
});
