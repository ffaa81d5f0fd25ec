import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printable } from '#main/audit/problems.ts';
import type { Console } from '#main/console.ts';
import type { Coverage, Standing } from '#shared/ipc/verification-views.ts';
import type { ChainStatus } from '#shared/ipc/views.ts';
import { COMMAND_ACCESS } from '../access.ts';
import type { Io } from '../io.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = 'usage: causeway status [--data DIR] [--json]\n';
/** How long what was checked before is waited for, milliseconds, in steps. */
const WAIT = 3_000;
const STEP = 50;

export interface Status {
  readonly chain: ChainStatus;
  readonly standing: Standing;
  readonly coverage: Coverage;
}

/** `causeway status`: how the own audit trail stands, and how much of it was checked. 1 when something does not hold. */
export async function runStatus(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false } },
  });
  if (positionals.length > 0) {
    io.stderr(USAGE);
    return 2;
  }
  return withSeat({ ...values, access: COMMAND_ACCESS.status }, async ({ console }) => {
    const coverage = await knownCoverage(console);
    const status = { chain: console.chainStatus(), standing: console.history.standing(), coverage };
    io.stdout(values.json ? `${JSON.stringify(status)}\n` : presentStatus(status));
    return status.standing.state === 'blocked' || coverage.problems.some(({ code }) => code !== 'time') ? 1 : 0;
  });
}

/** What was checked when the workspace was last open is read a moment after it is opened. */
async function knownCoverage(console: Pick<Console, 'coverage'>): Promise<Coverage> {
  for (let waited = 0; waited < WAIT && !console.coverage().running; waited += STEP) await wait(STEP);
  return console.coverage();
}

/** In a few lines. Never more than was checked. */
export function presentStatus({ chain, standing, coverage }: Status): string {
  const { records, valid, invalid, oldest, problems, problemCount, running } = coverage;
  const unchecked = records - valid - invalid;
  const { checkpoint } = chain;
  const lines = [
    `Records     ${records}, head ${chain.head}`,
    `Checkpoint  ${checkpoint === null ? 'none yet' : `of ${checkpoint.size} records, ${checkpoint.at}`}`,
    `Standing    ${standing.state}${standing.breaks.length > 0 ? `, ${count(standing.breaks.length, 'break')}` : ''}`,
    ...standing.breaks.map(({ text }) => `            ${printable(text)}`),
    `Checked     ${valid} good, ${invalid} in damaged parts, ${unchecked} not yet${oldest === null ? '' : `; the longest ago ${oldest}`}`,
    ...(running ? [] : ['            checking is not running']),
    `Problems    ${problemCount}`,
    ...problems
      .slice(0, 20)
      .map(
        ({ seq, code, message }) =>
          `            ${seq === undefined ? '' : `record ${seq}: `}${code}: ${printable(message)}`,
      ),
  ];
  return `${lines.join('\n')}\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
