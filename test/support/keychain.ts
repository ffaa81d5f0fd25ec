import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface PrivateKeychain {
  /** What a program needs in its environment to reach it, and to write nothing into the tester's own folders. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * A session bus of its own with a real, unlocked Secret Service (GNOME Keyring) on it, in folders of its own.
 * With `withService` false there is a bus and nobody on it who keeps secrets, as on a bare server.
 */
export async function startKeychain(options: { readonly withService?: boolean } = {}): Promise<PrivateKeychain> {
  const home = mkdtempSync(path.join(tmpdir(), 'causeway-kc-'));
  const folders = { XDG_DATA_HOME: 'data', XDG_CONFIG_HOME: 'config', XDG_CACHE_HOME: 'cache', XDG_RUNTIME_DIR: 'run' };
  const env: Record<string, string> = { HOME: home };
  for (const [name, folder] of Object.entries(folders)) {
    env[name] = path.join(home, folder);
    mkdirSync(env[name], { mode: 0o700 });
  }
  const started: ChildProcess[] = [];
  const address = path.join(home, 'run', 'bus');
  // no service folders: nothing is started on demand, in particular no keychain that was not asked for
  started.push(
    spawn('dbus-daemon', ['--nofork', '--nopidfile', '--config-file', writeBusConfig(home, address)], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    }),
  );
  env.DBUS_SESSION_BUS_ADDRESS = `unix:path=${address}`;
  await until(() => existsSync(address));
  if (options.withService !== false) {
    const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    daemon.stdin.end('a password of this test only\n');
    started.push(daemon);
    await until(() => ownsSecrets(env));
  }
  return {
    env,
    stop: async () => {
      for (const child of started.reverse()) await end(child);
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function writeBusConfig(home: string, address: string): string {
  const file = path.join(home, 'bus.conf');
  writeFileSync(
    file,
    `<busconfig><type>session</type><listen>unix:path=${address}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`,
  );
  return file;
}

/** Whether somebody on the bus keeps secrets. */
function ownsSecrets(env: Readonly<Record<string, string>>): boolean {
  const asked = spawnSync(
    'dbus-send',
    [
      '--session',
      '--print-reply=literal',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.freedesktop.secrets',
    ],
    { env: { ...process.env, ...env }, encoding: 'utf8' },
  );
  return asked.stdout.includes('true');
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (condition()) return;
    await wait(25);
  }
  throw new Error('The private keychain did not come up');
}
