import { CausewayError } from '#shared/errors.ts';
import type { Reperformed } from '#shared/model/report.ts';
import type { Io } from './io.ts';
import { presentReperformed } from './present-evidence.ts';

/** What a program that calls this can go by: an error never looks like a verdict. 2 is wrong usage. */
const STATUS: Readonly<Record<Reperformed['verdict'], number>> = { agrees: 0, differs: 1, 'cannot-tell': 3 };

/** Prints what came of computing a report again; files that cannot be compared are told, and end in 3 as well. */
export async function answerReperformed(
  io: Io,
  command: string,
  json: boolean,
  compute: () => Promise<Reperformed>,
): Promise<number> {
  try {
    const result = await compute();
    io.stdout(json ? `${JSON.stringify(result)}\n` : presentReperformed(result));
    return STATUS[result.verdict];
  } catch (error) {
    if (!(error instanceof CausewayError)) throw error;
    io.stderr(`causeway ${command}: ${error.message} [${error.code}]\n`);
    return STATUS['cannot-tell'];
  }
}
