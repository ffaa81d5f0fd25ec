import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canBringKeychain } from '#main/cli/private-keychain.ts';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { PROGRAM, startTerminal, type Terminal } from '../support/terminal.ts';

describe.skipIf(!canBringKeychain() || process.platform === 'win32')('an example that is cut short', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await startTerminal();
  }, 60_000);
  afterAll(() => terminal.stop());

  const tenants = () => join(terminal.data, 'tenants');
  const half = () => existsSync(tenants()) && readdirSync(tenants()).length > 0;

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing', { timeout: 120_000 }, async (signal) => {
    const child = spawn(process.execPath, [PROGRAM, 'example'], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...terminal.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk;
      });
    }
    while (!half() && child.exitCode === null) await wait(50);
    await wait(300); // into the writing
    child.kill(signal);
    const [status] = await ended;
    expect(status, said).not.toBe(0);
    expect(said).toContain('[cancelled]');
    expect(said).not.toContain('Sign in as');
    expect(readdirSync(tenants())).toEqual([]);
    const listed = await terminal.done(['workspace', 'list', '--json']);
    expect(listed.out).not.toContain('example-year');
  });
});
