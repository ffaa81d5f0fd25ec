import { parseArgs } from 'node:util';
import { CausewayError } from '#shared/errors.ts';
import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { askChoice, askJustification, askWord, readSentence } from '../decide.ts';
import { followIncident } from '../follow.ts';
import type { Io } from '../io.ts';
import { presentOutcome, presentPlan } from '../present.ts';
import { askReauthentication } from '../reauthenticate.ts';
import { type Seat, WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = `usage: causeway approve REMEDIATION [--reject] [--justification TEXT --yes]
       causeway approve REMEDIATION --break-glass --reason TEXT [--justification TEXT --yes]
       each with [--workspace NAME] [--data DIR] [--json]; a TEXT says something in 10 characters or more
`;

interface Asked {
  readonly remediation: string;
  readonly reject: boolean;
  /** Why one person alone has to be enough; null: it is to be decided as always. */
  readonly breakGlass: string | null;
  /** Given beforehand; null: it is asked for. */
  readonly justification: string | null;
  readonly json: boolean;
}

/**
 * `causeway approve REMEDIATION`: shows the plan and asks; with `--yes` and a justification it decides without asking.
 * Exit 0 when the decision is on record and, after the last approval it takes, the signal recovered; 1 otherwise.
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
      'break-glass': { type: 'boolean', default: false },
      reason: { type: 'string' },
      justification: { type: 'string' },
    },
  });
  const [remediation, ...rest] = positionals;
  const justification = readSentence(values.justification);
  const reason = readSentence(values.reason);
  const alone = values['break-glass'];
  if (
    remediation === undefined ||
    rest.length > 0 ||
    values.yes !== (justification !== null) ||
    (values.justification !== undefined && justification === null) ||
    alone !== (reason !== null) ||
    (values.reason !== undefined && reason === null) ||
    (alone && values.reject)
  ) {
    io.stderr(USAGE);
    return 2;
  }
  const { json, reject } = values;
  const access = COMMAND_ACCESS[alone ? 'approve --break-glass' : 'approve'];
  const asked: Asked = { remediation, reject, breakGlass: alone ? reason : null, justification, json };
  return withSeat({ ...values, access }, (seat) => approve(seat, asked, io));
}

async function approve(seat: Seat, asked: Asked, io: Io): Promise<number> {
  const { console } = seat;
  const pending = console.pendingApprovals().find((one) => one.remediation.id === asked.remediation);
  if (pending === undefined) {
    const text = `No plan called ${asked.remediation} is waiting for a decision. It may be decided or expired.`;
    throw new CausewayError('not-found', text);
  }
  if (!asked.json) io.stdout(presentPending(pending));
  const refused = asked.reject ? null : whyNot(pending, asked);
  // Whoever asked to approve without being asked anything said what they wanted: that attempt is refused on record.
  if (refused !== null && (asked.justification === null || asked.breakGlass !== null)) {
    io.stderr(`${refused}\n`);
    return 1;
  }
  const known = console.getIncident(pending.incident.id).timeline.at(-1)?.seq ?? 0;
  const decision =
    asked.breakGlass === null
      ? await decideAsAlways(seat, pending, asked, refused !== null, io)
      : await decideAlone(seat, pending, asked, io);
  if (decision === null) {
    io.stderr('No decision was made; the plan waits until it expires.\n');
    return 1;
  }
  const stop = asked.json ? undefined : followIncident(console, pending.incident.id, io, known);
  const ended = await decision()
    .then(async (decided) => (await console.settled(decided.plan.investigation)).remediation ?? decided)
    .finally(() => stop?.());
  io.stdout(asked.json ? `${JSON.stringify(ended)}\n` : `\n${presentOutcome(ended)}`);
  if (ended.breakGlass && !asked.json) {
    io.stdout('Approved by one person alone: somebody else has to review it (causeway review list).\n');
  }
  return ended.status === 'rejected' || ended.status === 'proposed' || ended.result?.verdict === 'recovered' ? 0 : 1;
}

/** Why this person may not approve, before they are asked anything. */
function whyNot({ mayNotDecide, mayBreakGlass }: PendingApproval, { remediation, breakGlass }: Asked): string | null {
  if (breakGlass !== null) {
    return mayBreakGlass ? null : (mayNotDecide ?? 'You may not approve this alone.');
  }
  if (mayNotDecide === null) return null;
  const alone = mayBreakGlass ? `, or in an emergency causeway approve ${remediation} --break-glass --reason TEXT` : '';
  return `You may not approve this: ${mayNotDecide} To reject it: causeway approve ${remediation} --reject${alone}`;
}

/** The plan, and how far its approval has come. */
export function presentPending({
  remediation,
  requestedByName,
  required,
  eligible,
  given,
}: Pick<PendingApproval, 'remediation' | 'requestedByName' | 'required' | 'eligible' | 'given'>): string {
  const plan = `\n${presentPlan(remediation, requestedByName)}`;
  if (required === 1 && given.length === 0) return `${plan}\n`;
  const names = given.map(({ name }) => name).join(', ');
  const so = given.length === 0 ? '' : `: ${names}`;
  return `${plan}  Approvals:    ${given.length} of ${required}${so}; ${eligible} may give one\n\n`;
}

type Decision = () => Promise<Remediation>;

async function decideAsAlways(
  { console, workspace, principal }: Seat,
  { remediation: { id: remediation, planDigest } }: PendingApproval,
  { reject, justification }: Asked,
  refused: boolean,
  io: Io,
): Promise<Decision | null> {
  const asked =
    justification === null
      ? await askChoice(io, reject ? ['reject'] : ['approve', 'reject'])
      : ({ decision: reject ? 'reject' : 'approve', justification } as const);
  if (asked === null) return null;
  // in the terminal as in the dialog: whoever approves shows at this moment that it is they
  const reauthentication =
    asked.decision === 'approve' && !refused ? await askReauthentication(workspace, principal, io) : undefined;
  const channel = justification === null ? 'terminal' : 'terminal-flag';
  return () => console.decide({ ...asked, remediation, planDigest, channel, reauthentication });
}

async function decideAlone(
  { console, workspace, principal }: Seat,
  { remediation: { id: remediation, planDigest } }: PendingApproval,
  { breakGlass, justification: given }: Asked,
  io: Io,
): Promise<Decision | null> {
  const reason = breakGlass ?? '';
  if (given === null && (await askWord(io, ['break glass'])) === null) return null;
  const justification = given ?? (await askJustification(io));
  if (justification === null) return null;
  const reauthentication = await askReauthentication(workspace, principal, io);
  const channel = given === null ? 'terminal' : 'terminal-flag';
  return () => console.breakGlass({ remediation, planDigest, reason, justification, reauthentication, channel });
}
