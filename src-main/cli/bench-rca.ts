/**
 * `npm run bench:rca -- FOLDER… [--observe MINUTES] [--json]`: root-cause accuracy on recorded systems (docs/accuracy.md).
 * A folder is a scenario or holds scenarios. Neither network nor language model; exit code 2 for unusable input.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { METHOD, rankCauses } from '#main/investigation/analysis/rank.ts';
import { loadScenario, type Scenario } from '#main/sandbox/scenario/load-scenario.ts';
import { CausewayError } from '#shared/errors.ts';
import { toAnalysisInput } from './bench-rca/analysis-input.ts';
import { type CaseResult, formatReport, positionOf, readReliability, tabulate } from './bench-rca/scorecard.ts';

const USAGE = 'usage: npm run bench:rca -- FOLDER… [--observe MINUTES] [--json]';
/** Minutes of telemetry after the start of the incident that the analysis may see. */
const OBSERVE = '15';

async function isScenario(folder: string): Promise<boolean> {
  return stat(join(folder, 'scenario.json')).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

async function findScenarios(folder: string): Promise<readonly string[]> {
  if (await isScenario(folder)) return [folder];
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new CausewayError('bad-input', `The folder ${folder} cannot be read.`, { cause });
  });
  const found: string[] = [];
  for (const entry of entries.filter((candidate) => candidate.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (await isScenario(join(folder, entry.name))) found.push(join(folder, entry.name));
  if (found.length === 0) throw new CausewayError('bad-input', `There is no scenario in ${folder}.`);
  return found;
}

function judge(scenario: Scenario, observeMs: number): CaseResult {
  const input = toAnalysisInput(scenario, observeMs);
  const began = performance.now();
  const ranking = rankCauses(input);
  const seconds = (performance.now() - began) / 1000;
  const { rootCause } = scenario.truth;
  return {
    id: scenario.id,
    folder: scenario.folder,
    system: scenario.map.system,
    faultFamily: scenario.faultFamily,
    healthy: rootCause.length === 0,
    position: rootCause.length === 0 ? undefined : positionOf(ranking, rootCause),
    abstained: ranking.abstained,
    alarm: ranking.ranked.some(({ confidence }) => confidence >= ranking.threshold),
    seconds,
    rootCause,
    ranking: ranking.ranked.map(({ service, score, confidence }) => ({ service, score, confidence })),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, observe: { type: 'string', default: OBSERVE } },
  });
  const minutes = Number(values.observe);
  if (positionals.length === 0 || !(minutes > 0)) throw new CausewayError('bad-input', USAGE);
  const results: CaseResult[] = [];
  for (const folder of positionals)
    for (const path of await findScenarios(folder)) results.push(judge(await loadScenario(path), minutes * 60_000));
  const [rows, bins] = [tabulate(results), readReliability(results)];
  console.log(
    values.json
      ? JSON.stringify({ method: METHOD, observeMinutes: minutes, rows, reliability: bins, cases: results }, null, 1)
      : `${METHOD.name} ${METHOD.version}, ${minutes} minutes observed\n\n${formatReport(rows, bins)}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
