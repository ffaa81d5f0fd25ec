import { parseArgs } from 'node:util';
import { printable } from '#main/audit/problems.ts';
import type { HistoryBreak } from '#shared/ipc/verification-views.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { lengthOf, MIN_JUSTIFICATION } from '../decide.ts';
import type { Io } from '../io.ts';
import { presentProtection } from '../present-protection.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = `usage: causeway acknowledge [--justification TEXT --yes] [--data DIR]
`;

/**
 * `causeway acknowledge`: shows what contradicts the own history, and lets a person take note of it on record, after which
 * writing goes on. Without the whole word nothing is acknowledged.
 */
export async function runAcknowledge(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...WORKSPACE_OPTIONS,
      justification: { type: 'string' },
      yes: { type: 'boolean', default: false },
    },
  });
  const given = values.justification?.trim();
  if (positionals.length > 0 || (values.yes && given === undefined)) {
    io.stderr(USAGE);
    return 2;
  }
  const access = COMMAND_ACCESS.acknowledge;
  return withSeat({ ...values, access }, async ({ console: { history }, workspace, principal }) => {
    const open = history.standing().breaks.filter(({ acknowledged }) => acknowledged === null);
    if (open.length === 0) {
      io.stdout('Nothing contradicts this history that was not acknowledged. Nothing was changed.\n');
      return 0;
    }
    io.stdout(present(open));
    const agreed = values.yes || (await io.ask('Type "acknowledge" to go on writing upon it as it is: '))?.trim();
    const why = given ?? (await io.ask(`Why (goes on record, at least ${MIN_JUSTIFICATION} characters): `))?.trim();
    if ((agreed !== true && agreed !== 'acknowledge') || why === undefined || lengthOf(why) < MIN_JUSTIFICATION) {
      io.stdout('Nothing was acknowledged. Nothing is written.\n');
      return 1;
    }
    const ids = open.map(({ id }) => id);
    const proof = await askReauthentication(workspace, principal, io);
    const outcome = await history.acknowledge(why, proof, ids);
    if (outcome.state !== 'done') {
      io.stdout(presentProtection(outcome));
      return 1;
    }
    const { state } = history.standing();
    io.stdout(`Acknowledged on record. Writing goes on, and the break stays named for good (${state}).\n`);
    return state === 'blocked' ? 1 : 0;
  });
}

function present(breaks: readonly HistoryBreak[]): string {
  return breaks
    .map(({ text, foundAt, source, bundle }) => {
      const lines = [printable(text), `  found ${foundAt}${source === null ? '' : `, shown by ${printable(source)}`}`];
      if (bundle !== null) lines.push(`  evidence ${printable(bundle.file)}`, `  SHA-256 ${bundle.digest}`);
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}
