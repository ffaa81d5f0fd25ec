import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright';
import { PROJECT_ROOT } from '../../support/project-root.ts';
import type { Application, LaunchOptions } from './application.ts';
import { collect } from './host-application.ts';

const executable = () => path.join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? '', electronName());
const isRoot = process.getuid?.() === 0; // for root Chromium's sandbox does not work at all

/** What runs before the console: Playwright is waited for, and an Electron older than the SQLite binding is helped. */
const PRELOADED = ['wait-for-playwright.cjs', 'older-node-api.cjs'];
const PRELOAD = [
  'env',
  `NODE_OPTIONS=${PRELOADED.map((file) => `--require "${path.join(import.meta.dirname, file)}"`).join(' ')}`,
];

/** The command that starts it. */
export function electronCommand(): readonly [string, ...string[]] {
  return [executable(), ...(isRoot ? ['--no-sandbox'] : []), PROJECT_ROOT];
}

/** Starts the built console in the real Electron that ELECTRON_OVERRIDE_DIST_PATH names. */
export async function launchElectron(options: LaunchOptions): Promise<Application> {
  const env = { ...process.env, ...options.env };
  const app = await _electron.launch({
    executablePath: wrap([...PRELOAD, ...(options.under ?? [])]), // Playwright takes NODE_OPTIONS out of the environment
    args: [PROJECT_ROOT],
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    chromiumSandbox: !isRoot,
  });
  const child = app.process();
  const stderr = collect(child);
  const exited = new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
  const evaluate: Application['evaluate'] = (run, argument) => app.evaluate(run as never, argument) as never;
  return {
    page: () => app.firstWindow({ timeout: 20_000 }),
    evaluate,
    inPage: (expression) =>
      evaluate(({ BrowserWindow }, code) => {
        return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code);
      }, expression),
    stderr,
    exited,
    quit: async () => {
      await evaluate(({ app }) => void setTimeout(() => app.quit(), 0), null);
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A script that runs Electron under another program: Playwright puts its own arguments first. */
function wrap(under: readonly string[]): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'causeway-under-')), 'electron');
  const words = [...under, executable()].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  writeFileSync(file, `#!/bin/sh\nrm -r "$(dirname "$0")"\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  return file;
}

function electronName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}
