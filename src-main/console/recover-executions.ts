import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import { completesProposal } from '../approvals/completes-proposal.ts';
import { callsUnder, openIntents } from './recover-leases.ts';
import {
  listRows,
  RECOVERY_ACTOR,
  type ReadRecord,
  type RecoveryTrail,
  readAt,
  unfinishedRows,
  withoutName,
} from './recover-trail.ts';

type Call = ReadRecord<'investigation.system_called'>;
type Ending = Pick<AuditData<'remediation.execution_failed'>, 'failedStep' | 'reason' | 'steps'>;

const ENDED = 'The program ended before the end of this was on record.';

/** Approvals nothing came of on record are failed executions, with what the trail knows of their steps. Never resumed. */
export async function endLostExecutions(trail: RecoveryTrail): Promise<void> {
  const ends = ['remediation.executed', 'remediation.execution_failed'] as const;
  const rows = unfinishedRows(trail, 'remediation.approved', ends);
  const approvals = rows.flatMap(({ seq }) => readAt(trail, seq, 'remediation.approved') ?? []);
  for (const approval of approvals) {
    const { record, hash, data } = approval;
    const required = readProposed(trail, approval)?.approvalsRequired;
    if (!completesProposal(approval, approvals, required)) continue; // nothing could begin with it alone
    await trail.append({
      action: 'remediation.execution_failed',
      outcome: 'failure',
      actor: RECOVERY_ACTOR,
      ...withoutName(record.actor),
      target: record.target,
      links: { ...record.links, approval: hash },
      data: { planDigest: data.planDigest, ...describeEnding(trail, approval), elapsedMs: 0 },
    });
  }
}

/**
 * How far it came. A step's intent is on record before anything of it is sent, and its answer before anything follows from
 * it: between the two, and only there, nobody knows whether the change was made. Earlier versions put no intents on
 * record; of theirs the policy's decision on a step is what came before it.
 */
function describeEnding(trail: RecoveryTrail, approval: ReadRecord<'remediation.approved'>): Ending {
  const lease = leaseUnder(trail, approval);
  if (lease === null) {
    return { failedStep: 0, reason: `${ENDED} No write lease is on record, so nothing was changed.`, steps: [] };
  }
  const all = callsUnder(trail, lease, lease.data.agent);
  const intents = all.filter(({ data }) => data.phase === 'intent');
  const calls = all.filter(({ data }) => data.attempts > 0);
  const steps = calls.slice(0, 16).map(toStep);
  const allowed = countAllowed(trail, lease);
  const planned = countPlanned(trail, approval);
  if (allowed === 0) {
    return { failedStep: 0, reason: `${ENDED} No step is on record as let through, so nothing was changed.`, steps };
  }
  const [open] = openIntents(all);
  if (open !== undefined || (allowed > calls.length && intents.length === 0)) {
    const step = open === undefined ? allowed : intents.indexOf(open) + 1;
    const reason = `${ENDED} Whether step ${step} reached the cloud is not known: it was let through, and no answer is on record.`;
    return { failedStep: step, reason, steps };
  }
  if (allowed > calls.length) {
    const what = calls.length === 0 ? ', so nothing was changed' : '';
    return { failedStep: calls.length + 1, reason: `${ENDED} Step ${calls.length + 1} was not sent${what}.`, steps };
  }
  const last = calls.at(-1);
  if (last !== undefined && last.record.outcome !== 'success') {
    const { httpStatus, code } = last.data;
    const refused = httpStatus !== null && httpStatus >= 400 && httpStatus < 500;
    const what = refused ? `The cloud refused step ${allowed}` : `Step ${allowed} may have been made`;
    return { failedStep: allowed, reason: `${ENDED} ${what} (${code}).`, steps };
  }
  if (allowed < planned) {
    const reason = `${ENDED} ${allowed} of ${planned} steps were carried out; step ${allowed + 1} was not begun.`;
    return { failedStep: allowed + 1, reason, steps };
  }
  const reason = `${ENDED} The cloud answered every step as done; the change was made, and its outcome was not checked.`;
  return { failedStep: allowed, reason, steps };
}

function leaseUnder(trail: RecoveryTrail, { hash, record }: ReadRecord<'remediation.approved'>) {
  const { incident } = record.links ?? {};
  const rows = listRows(trail, { action: 'credential.issued', ...(incident === undefined ? {} : { incident }) });
  const leases = rows.flatMap(({ seq }) => readAt(trail, seq, 'credential.issued') ?? []);
  return leases.find((lease) => lease.record.links?.approval === hash) ?? null;
}

function countAllowed(trail: RecoveryTrail, { record, data }: ReadRecord<'credential.issued'>): number {
  const query = { action: 'investigation.policy_decided', text: record.target.id, actor: data.agent } as const;
  const decided = listRows(trail, query).flatMap(({ seq }) => readAt(trail, seq, 'investigation.policy_decided') ?? []);
  return decided.filter(
    (one) =>
      one.record.links?.lease === record.target.id && one.data.decision === 'allow' && one.data.action.includes(':'),
  ).length;
}

function countPlanned(trail: RecoveryTrail, approval: ReadRecord<'remediation.approved'>): number {
  return readProposed(trail, approval)?.plan.steps.length ?? 0;
}

function readProposed(trail: RecoveryTrail, { record }: ReadRecord<'remediation.approved'>) {
  const proposal = trail.getByHash(record.links?.request ?? '')?.record;
  const proposed = AUDIT_DATA['remediation.proposed'].safeParse(proposal?.data);
  return proposed.success ? proposed.data : null;
}

function toStep({ data }: Call): Ending['steps'][number] {
  const { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs } = data;
  return { operation, payloadDigest, responseDigest, code, httpStatus, latencyMs };
}
