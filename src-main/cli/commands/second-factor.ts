import { parseArgs } from 'node:util';
import { COMMAND_ACCESS } from '../access.ts';
import type { Io } from '../io.ts';
import { demandPerson } from '../reauthenticate.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

/** `causeway second-factor`: sets up an authenticator for whoever is signed in, and shows the recovery codes once. */
export async function runSecondFactor(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: WORKSPACE_OPTIONS });
  if (positionals.length > 0) {
    io.stderr('usage: causeway second-factor [--workspace NAME] [--data DIR]\n');
    return 2;
  }
  const access = COMMAND_ACCESS['second-factor'];
  return withSeat({ ...values, access }, async ({ workspace: { identity }, principal }) => {
    demandPerson(principal);
    const had = identity.self(principal).secondFactor;
    const password = await io.askSecret('Your password: ');
    if (password === null || password === '') return nothingChanged(io);
    const { secret, uri } = await identity.beginSecondFactor(principal, password);
    if (had) io.stdout('The authenticator you have works until the new one is confirmed.\n');
    io.stdout(`Enter this key in an authenticator app (time-based, 6 digits):\n  ${secret}\nor open\n  ${uri}\n`);
    const code = (await io.askSecret('The code it shows now: '))?.trim();
    if (code === undefined || code === '') return nothingChanged(io);
    const { codes } = await identity.confirmSecondFactor(principal, code);
    io.stdout(
      `Confirmed, on record. Signing in asks for a code from now on.\nRecovery codes, each for once, shown only now; keep them where the authenticator is not:\n${codes
        .map((one) => `  ${one}\n`)
        .join('')}`,
    );
    return 0;
  });
}

function nothingChanged(io: Io): number {
  io.stderr('Nothing was typed. Nothing was changed.\n');
  return 1;
}
