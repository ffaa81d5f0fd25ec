import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { prepareMachine } from './support/prepare-machine.ts';
import { PROJECT_ROOT } from './support/project-root.ts';

/**
 * `npm test`: everything, in the order in which it fails fastest. Each runner prints its own summary; the last line
 * adds them up. What the machine cannot run is named and counted as skipped, and fails when CI=true.
 */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const reports = path.join(PROJECT_ROOT, 'test-results');
mkdirSync(reports, { recursive: true });
// hundreds of programs are started below: what one has compiled the next one need not
process.env.NODE_COMPILE_CACHE ??= path.join(reports, 'compile-cache');

function run(title: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n— ${title}\n`);
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...env },
  });
  if (error) process.stdout.write(`${command}: ${error.message}\n`);
  return status === 0;
}

/** A step that is one check by itself. */
function check(title: string, command: string, args: readonly string[]): void {
  if (run(title, command, args)) total.passed += 1;
  else total.failed += 1;
}

/** A step whose runner writes a JSON report of its tests; a report that is missing or says too little is a failure. */
function suite(
  title: string,
  command: string,
  args: readonly string[],
  report: string,
  env: NodeJS.ProcessEnv = {},
): void {
  const ok = run(title, command, args, env);
  const counted = readReport(path.join(reports, report));
  total.passed += counted.passed;
  total.skipped += counted.skipped;
  total.failed += counted.failed === 0 && (!ok || counted.passed === 0) ? 1 : counted.failed;
}

function readReport(file: string): Tally {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly numPassedTests?: number;
    readonly numFailedTests?: number;
    readonly numPendingTests?: number;
    readonly stats?: {
      readonly expected: number;
      readonly unexpected: number;
      readonly skipped: number;
      readonly flaky: number;
    };
  };
  if (report.stats) {
    const { expected, unexpected, skipped, flaky } = report.stats;
    return { passed: expected + flaky, failed: unexpected, skipped };
  }
  return {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: report.numPendingTests ?? 0,
  };
}

function playwright(title: string, project: string, report: string): void {
  suite(title, 'playwright', ['test', `--project=${project}`, '--reporter=list,json'], report, {
    PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(reports, report),
  });
}

const machine = prepareMachine();

check('format and lint (Biome)', 'biome', ['check', '--error-on-warnings', '.']);
for (const folder of ['.', 'src-shared', 'src-renderer'])
  check(`types of ${folder} (TypeScript)`, 'tsc', ['-p', folder]);
suite(
  'unit, architecture, security (Vitest)',
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${path.join(reports, 'vitest.json')}`],
  'vitest.json',
);
check('build (electron-vite)', 'electron-vite', ['build', '--logLevel', 'warn']);

if (machine.chromium && machine.keychain)
  playwright('end to end in the Chromium host (Playwright)', 'chromium-host', 'e2e-chromium.json');
else skip('end to end in the Chromium host', machine.missing);

if (process.env.ELECTRON_OVERRIDE_DIST_PATH && machine.keychain && machine.display) {
  playwright('end to end in Electron (Playwright)', 'electron', 'e2e-electron.json');
} else {
  skip(
    'end to end in Electron',
    process.env.ELECTRON_OVERRIDE_DIST_PATH
      ? machine.missing
      : ['ELECTRON_OVERRIDE_DIST_PATH, which names an Electron'],
  );
}

function skip(title: string, missing: readonly string[]): void {
  process.stdout.write(`\n— ${title}: not run, this needs ${missing.join(', ')}\n`);
  const required = process.env.CI === 'true' && !title.endsWith('in Electron');
  if (required) total.failed += 1;
  else total.skipped += 1;
}

process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
