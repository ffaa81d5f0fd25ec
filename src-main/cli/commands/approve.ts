import { parseArgs } from 'node:util';
import { CausewayError } from '#shared/errors.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { askDecision, lengthOf, MIN_JUSTIFICATION } from '../decide.ts';
import { followIncident } from '../follow.ts';
import type { Io } from '../io.ts';
import { presentOutcome, presentPlan } from '../present.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = 'usage: causeway approve REMEDIATION [--reject] [--justification TEXT [--yes]] [--data DIR] [--json]\n';

/**
 * `causeway approve REMEDIATION`: shows the plan and asks; with `--yes` and a justification it decides without asking.
 * Exit 0 when the decision is on record and, after an approval, the signal recovered; 1 otherwise.
 */
export async function runApprove(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...WORKSPACE_OPTIONS,
      json: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      reject: { type: 'boolean', default: false },
      justification: { type: 'string' },
    },
  });
  const [remediation, ...rest] = positionals;
  const given = values.justification?.trim() ?? '';
  if (
    remediation === undefined ||
    rest.length > 0 ||
    values.yes !== (values.justification !== undefined) ||
    (values.yes && lengthOf(given) < MIN_JUSTIFICATION)
  ) {
    if (values.yes) io.stderr(`--yes needs a --justification of at least ${MIN_JUSTIFICATION} characters.\n`);
    else if (values.justification !== undefined)
      io.stderr('--justification goes with --yes; without it you are asked.\n');
    io.stderr(USAGE);
    return 2;
  }
  const access = COMMAND_ACCESS.approve;
  return withSeat({ ...values, access }, async ({ console, workspace, principal }) => {
    const pending = console.pendingApprovals().find((one) => one.remediation.id === remediation);
    if (pending === undefined)
      throw new CausewayError(
        'not-found',
        `No plan called ${remediation} is waiting for a decision. It may be decided or expired.`,
      );
    if (values.yes && !values.json) io.stdout(presentPlan(pending.remediation));
    const asked = values.yes
      ? ({ decision: values.reject ? 'reject' : 'approve', justification: given } as const)
      : await askDecision(pending.remediation, io);
    if (asked === null) {
      io.stdout('No decision was made; the plan waits until it expires.\n');
      return 1;
    }
    // in the terminal as in the dialog: whoever approves shows at this moment that it is they
    const reauthentication =
      asked.decision === 'approve' ? await askReauthentication(workspace, principal, io) : undefined;
    const known = console.getIncident(pending.incident.id).timeline.at(-1)?.seq ?? 0;
    const stop = values.json ? undefined : followIncident(console, pending.incident.id, io, known);
    const ended = await console
      .decide({
        ...asked,
        remediation,
        planDigest: pending.remediation.planDigest,
        channel: values.yes ? 'terminal-flag' : 'terminal',
        reauthentication,
      })
      .then(async (decided) => (await console.settled(decided.plan.investigation)).remediation ?? decided)
      .finally(() => stop?.());
    io.stdout(values.json ? `${JSON.stringify(ended)}\n` : `\n${presentOutcome(ended)}`);
    return asked.decision === 'reject' || ended.result?.verdict === 'recovered' ? 0 : 1;
  });
}
