import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isStale } from './start/build.ts';
import { hasDisplay } from './start/display.ts';
import { findElectron, sandboxSwitches } from './start/electron.ts';

/** `npm start`: builds when needed and opens the console in the best way there is, saying which. */
const project = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);
const NO_CHROMIUM = 69; // as the Chromium host exits where there is no browser

const NO_DISPLAY = `There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened.
The same job runs in the terminal:

    npm run -s demo -- --out demo-out

With a virtual display, such as xvfb-run, "npm start" works here too.`;

/** Resolves to the exit status. No display is 1: a window was asked for and there is none. */
async function start(): Promise<number> {
  if (!hasDisplay(process.platform, process.env)) {
    say(NO_DISPLAY);
    return 1;
  }
  if (isStale(project)) {
    say('Building the console …');
    const failure = build(project);
    if (failure !== null) {
      process.stderr.write(`${failure}\nThe console could not be built.\n`);
      return 1;
    }
  }
  const electron = findElectron(project, say);
  if ('executable' in electron) {
    say(`Opening Causeway in Electron (${electron.executable}).`);
    const switches = sandboxSwitches();
    if (switches.length > 0) say('You are root, for whom Chromium’s own sandbox does not work: it is off in this run.');
    return run(electron.executable, [...switches, project]);
  }
  const host = path.join(project, 'test/host/run.ts');
  say(`There is no Electron to run: ${electron.missing}.`);
  if (!existsSync(host)) return 1;
  say(
    'Opening Causeway in the Chromium host instead: the same console, its window in an installed Chromium or Chrome.',
  );
  const status = await run(process.execPath, [host, project]);
  if (status === NO_CHROMIUM)
    say('Install Chromium or Chrome (or name one in CAUSEWAY_CHROMIUM), or run: npm run -s demo -- --out demo-out');
  return status;
}

function run(program: string, args: readonly string[]): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = process.env;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: project, stdio: 'inherit', env });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    child.on('error', (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await start();
