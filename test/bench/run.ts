import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberOption, textOption } from './measure.ts';

/**
 * `npm run bench [-- --records N] [--stores FOLDER]`: every figure of docs/performance.md, each against a yardstick
 * measured in the same run. On a machine that does nothing else; a million records take about half an hour.
 */
const records = String(numberOption('--records', 1_000_000));
const stores = textOption('--stores', join('test-results', 'bench-stores'));

const RUNS: readonly (readonly [string, ...string[]])[] = [
  ['append.ts'],
  ['opening.ts', '--records', records, '--stores', stores],
  ['trail.ts', '--records', records, '--store', join(stores, records)],
  ['verify.ts', '--records', records],
  ['report.ts', '--records', records, '--store', join(stores, records)],
];

let missed = 0;
for (const [file, ...options] of RUNS) {
  process.stdout.write(`\n— ${file}\n`);
  const program = fileURLToPath(new URL(file, import.meta.url));
  const { status } = spawnSync(process.execPath, [program, ...options], { stdio: 'inherit' });
  if (status !== 0) missed++;
}
process.stdout.write(
  missed === 0 ? '\nEvery figure was kept.\n' : `\n${missed} of ${RUNS.length} runs missed a figure.\n`,
);
process.exitCode = missed === 0 ? 0 : 1;
