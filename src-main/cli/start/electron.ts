import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Either the executable, or a sentence that says why there is none. */
export type FoundElectron = { readonly executable: string } | { readonly missing: string };

const DOWNLOAD_LIMIT_MS = 120_000;
const PROBE_LIMIT_MS = 15_000;

/**
 * The real Electron: the one ELECTRON_OVERRIDE_DIST_PATH names, the one the npm package has, or the one it downloads now,
 * for at most two minutes. Only one that
 * runs as plain Node counts: without its system libraries it would not start. (`--version` would start its bundled app.)
 */
export function findElectron(project: string, say: (line: string) => void, env = process.env): FoundElectron {
  const named = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return probe(path.join(named, executableName(process.platform)));
  const home = path.join(project, 'node_modules/electron');
  if (!existsSync(path.join(home, 'install.js'))) return { missing: 'the npm package electron is not installed' };
  const present = installed(home);
  if (present !== null) return probe(present);
  say('Electron is downloaded on its first run; trying that now (at most two minutes) …');
  const { status, error, stderr } = spawnSync(process.execPath, [path.join(home, 'install.js')], {
    cwd: home,
    timeout: DOWNLOAD_LIMIT_MS,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const executable = installed(home);
  if (status === 0 && executable !== null) return probe(executable);
  const timedOut = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
  return { missing: timedOut ? 'its download took too long' : `its download failed (${reasonIn(stderr)})` };
}

function installed(home: string): string | null {
  const pathFile = path.join(home, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = path.join(home, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : null;
}

function executableName(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

function probe(executable: string): FoundElectron {
  if (!existsSync(executable)) return { missing: `${executable} does not exist` };
  const { status, stderr } = spawnSync(executable, ['-p', '0'], {
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return status === 0 ? { executable } : { missing: `${executable} does not run here (${reasonIn(stderr)})` };
}

/** Chromium's sandbox refuses to work for root on Linux, and Electron then refuses to start. */
export function sandboxSwitches(): readonly string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** The line of an error output that names the error, without the stack around it. */
function reasonIn(stderr: string | null): string {
  const lines = (stderr ?? '').split('\n').map((line) => line.trim());
  return (lines.find((line) => /error/i.test(line)) ?? lines.find((line) => line !== '') ?? 'no reason given').slice(
    0,
    200,
  );
}
