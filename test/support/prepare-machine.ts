import { spawnSync } from 'node:child_process';

/** What the tests need besides npm packages, and the Debian packages that bring it. */
const NEEDS = [
  { program: 'chromium', packages: ['chromium'] },
  { program: 'dbus-run-session', packages: ['dbus'] },
  { program: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  { program: 'Xvfb', packages: ['xvfb'] },
] as const;

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export interface Machine {
  readonly chromium: boolean;
  readonly keychain: boolean;
  readonly display: boolean;
  readonly missing: readonly string[];
}

const isThere = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;

function isMet(program: string): boolean {
  if (program === 'chromium') return process.env.CAUSEWAY_CHROMIUM !== undefined || CHROMIUM_NAMES.some(isThere);
  if (program === 'Xvfb') return process.env.DISPLAY !== undefined || isThere('Xvfb');
  return isThere(program);
}

/**
 * Sees what is there and, as root on Debian or Ubuntu (a fresh container), installs what is missing, saying so.
 * Anywhere else it only tells; set CAUSEWAY_NO_INSTALL=1 to keep it from installing at all.
 */
export function prepareMachine(): Machine {
  const wanted = NEEDS.filter((need) => !isMet(need.program)).flatMap((need) => need.packages);
  if (wanted.length > 0) {
    const mayInstall =
      process.platform === 'linux' &&
      process.getuid?.() === 0 &&
      isThere('apt-get') &&
      process.env.CAUSEWAY_NO_INSTALL !== '1';
    if (mayInstall) install(wanted);
    else
      process.stdout.write(
        `Some tests need programs that are not here. On Debian: sudo apt-get install ${wanted.join(' ')}\n`,
      );
  }
  const missing = NEEDS.filter((need) => !isMet(need.program)).map((need) => need.program);
  return {
    chromium: isMet('chromium'),
    keychain: isMet('dbus-run-session') && isMet('gnome-keyring-daemon'),
    display: isMet('Xvfb'),
    missing,
  };
}

function install(packages: readonly string[]): void {
  process.stdout.write(`Installing Debian packages the tests need: ${packages.join(' ')}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  if (!(apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages)))
    process.stdout.write('They could not all be installed; what needs them is reported as not run.\n');
}
