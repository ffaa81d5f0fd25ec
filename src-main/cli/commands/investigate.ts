import { parseArgs } from 'node:util';
import { COMMAND_ACCESS } from '../access.ts';
import { followIncident } from '../follow.ts';
import type { Io } from '../io.ts';
import { presentHypotheses, presentPlan } from '../present.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

/** `causeway investigate INCIDENT`: prints each step, then the hypotheses and the plan. Exit 1 when it failed. */
export async function runInvestigate(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...WORKSPACE_OPTIONS, json: { type: 'boolean', default: false } },
  });
  const [incident, ...rest] = positionals;
  if (incident === undefined || rest.length > 0) {
    io.stderr('usage: causeway investigate INCIDENT [--data DIR] [--json]\n');
    return 2;
  }
  return withSeat({ ...values, access: COMMAND_ACCESS.investigate }, async ({ console, interrupts }) => {
    const known = console.getIncident(incident).timeline.at(-1)?.seq ?? 0;
    const stop = values.json ? undefined : followIncident(console, incident, io, known);
    const started = await console.startInvestigation(incident);
    // the first Ctrl-C cancels, on record; it may just have ended
    interrupts.gently(() => void console.cancelInvestigation(started.id).catch(() => undefined));
    const ended = await console.settled(started.id).finally(() => {
      interrupts.gently(null);
      stop?.();
    });
    if (values.json) {
      io.stdout(`${JSON.stringify(ended)}\n`);
    } else if (ended.status !== 'completed') {
      io.stderr(`The investigation ${ended.status}. ${ended.failure ?? ''}\n`);
    } else {
      io.stdout(`\nRoot-cause hypotheses (${ended.considered} services considered)\n${presentHypotheses(ended)}\n`);
      if (ended.remediation !== null)
        io.stdout(`${presentPlan(ended.remediation)}\nNext: causeway approve ${ended.remediation.id}\n`);
    }
    return ended.status === 'completed' ? 0 : 1;
  });
}
