import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Set in a process that already runs beside a keychain of its own. */
const INSIDE = 'CAUSEWAY_PRIVATE_KEYCHAIN';

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

/** Whether a private keychain can be brought up here: a session bus and GNOME Keyring, both as programs. */
export function canBringKeychain(): boolean {
  return process.platform === 'linux' && isThere('dbus-run-session') && isThere('gnome-keyring-daemon');
}

export function isInsidePrivateKeychain(): boolean {
  return process.env[INSIDE] === '1';
}

/**
 * Runs a command beside a real Secret Service keychain of its own: a session bus and a GNOME Keyring daemon with fresh
 * folders, unlocked with a password nobody knows, and gone with the command. The user's own keychain is not touched.
 * Resolves to the command's exit status.
 */
export async function runWithPrivateKeychain(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const home = mkdtempSync(path.join(tmpdir(), 'causeway-keychain-'));
  const script = [
    'exec 2>&3 3>&-', // the bus daemon keeps its remarks to itself; the command has the standard error back
    'printf %s "$CAUSEWAY_KEYCHAIN_PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 97',
    'unset CAUSEWAY_KEYCHAIN_PASSWORD',
    '"$@"',
  ].join('\n');
  const temporary = path.join(home, 'tmp'); // the command's own temporary files go the same way
  mkdirSync(temporary);
  const child = spawn('dbus-run-session', ['--', 'sh', '-c', script, 'sh', ...command], {
    stdio: ['inherit', 'inherit', 'ignore', 2],
    detached: true, // a process group of its own, so that a signal here ends all of it
    env: {
      ...env,
      TMPDIR: temporary,
      XDG_DATA_HOME: path.join(home, 'data'),
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_RUNTIME_DIR: home,
      CAUSEWAY_KEYCHAIN_PASSWORD: randomBytes(24).toString('base64url'),
      [INSIDE]: '1',
    },
  });
  const pass = () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
    });
  } finally {
    process.off('SIGINT', pass);
    process.off('SIGTERM', pass);
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
