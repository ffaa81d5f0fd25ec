import { parseArgs } from 'node:util';
import { EXAMPLE } from '#main/console/example-year/example.ts';
import type { Io } from '../io.ts';
import { percentLine } from '../percent-line.ts';
import { withStation } from '../workspace.ts';

const USAGE = 'usage: causeway example [--records N] [--data DIR] [--json]\n';
const FEWEST = 2_000;
const MOST = 1_000_000;

/** `causeway example`: a workspace with a year of plainly synthetic history, to look at. */
export async function runExample(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      records: { type: 'string', default: '100000' },
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const records = Number(values.records);
  if (positionals.length > 0 || !Number.isInteger(records) || records < FEWEST || records > MOST) {
    io.stderr(`--records is a number from ${FEWEST} to ${MOST}.\n${USAGE}`);
    return 2;
  }
  return withStation({ data: values.data }, async ({ station, interrupts }) => {
    const stop = new AbortController();
    interrupts.gently(() => stop.abort());
    const there = (await station.list()).some((one) => one.tenant === EXAMPLE.tenant);
    const { tenant, email, password } = await percentLine(io, 'records', (onProgress) =>
      station.loadExample({ records, onProgress, signal: stop.signal }),
    );
    interrupts.gently(null);
    io.stdout(
      values.json
        ? `${JSON.stringify({ tenant, email, password })}\n`
        : `${there ? `The workspace ${tenant} was there before, and is left as it is.\n` : `The workspace ${tenant} is there, with a year of made-up history.\n`}Sign in as ${email} with${there ? ', unless somebody changed it' : ''}: ${password}\n  causeway sign-in --workspace ${tenant} --email ${email}\n`,
    );
    return 0;
  });
}
