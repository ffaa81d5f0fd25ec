import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { acquireWorkspaceLock } from '#main/platform/workspace-lock.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

const HOLDER = `
  import { acquireWorkspaceLock } from '#main/platform/workspace-lock.ts';
  acquireWorkspaceLock(process.argv[1]);
  process.stdout.write('held');
  setInterval(() => undefined, 1000);
`;

/** @securityTest A second instance is refused before a database is opened */
describe('acquireWorkspaceLock', () => {
  it('refuses a second call at once, and gives the workspace free again', () => {
    const lock = acquireWorkspaceLock(join(folder, 'one'));
    const started = performance.now();
    expect(() => acquireWorkspaceLock(join(folder, 'one'))).toThrow(
      expect.objectContaining({ code: 'already-running' }),
    );
    expect(performance.now() - started).toBeLessThan(500);
    acquireWorkspaceLock(join(folder, 'other')).release();
    lock.release();
    acquireWorkspaceLock(join(folder, 'one')).release();
  });

  it('holds against another process, and ends with it even when it is killed', async () => {
    const place = join(folder, 'two');
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, place], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(() => acquireWorkspaceLock(place)).toThrow(expect.objectContaining({ reason: 'workspace-locked' }));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    acquireWorkspaceLock(place).release();
  });

  it('says when the folder cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => acquireWorkspaceLock(file)).toThrow(expect.objectContaining({ code: 'read-only' }));
  });
});
