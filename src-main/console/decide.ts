import { CausewayError } from '#shared/errors.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { Decided } from '../approvals/approvals.ts';
import type { ClosingGate } from './closing-gate.ts';
import { environmentOf, finishDenials, type Parts } from './parts.ts';

/**
 * A decision on a plan, and what follows from it. What cannot be gone on with is known before anything is decided.
 * `take` puts the decision on record.
 */
export async function decideOn(
  parts: Parts,
  gate: ClosingGate,
  asked: { readonly remediation: string; readonly decision: 'approve' | 'reject' },
  take: () => Promise<Decided>,
): Promise<Remediation> {
  const { rooms, environments, investigations, denials } = parts;
  await finishedProposing(parts, asked.remediation);
  gate.demandOpen();
  if (asked.decision === 'approve') {
    const { incident } = rooms.db.getByRemediation(asked.remediation);
    environmentOf(environments, rooms.db.getIncident(incident).environment);
  }
  const { proposal, record, complete } = await take().catch(async (error: unknown) => {
    // The answer came too late, or the chain knew of another: the incident is brought in line, too.
    const settled = error instanceof CausewayError && /^(expired|decided-on-record)$/.test(error.reason ?? '');
    if (settled) await noteSettled(parts, asked.remediation);
    throw error;
  });
  const { remediation, investigation } = proposal;
  const log = (cause: unknown) => rooms.log.error({ err: cause }, `after the decision on ${remediation.id}`);
  if (asked.decision === 'reject') {
    // The decision stands on record, whatever becomes of the incident's status; that is tried again.
    for (const failure of await denials.settle([proposal], `${remediation.id} was rejected.`)) log(failure);
    return remediation;
  }
  if (!complete) return remediation; // others have to approve, too
  const approver = { type: 'user', id: remediation.decision?.by ?? remediation.onBehalfOf } as const;
  try {
    investigations.followApproval(investigation, record, approver);
    return remediation;
  } catch (error) {
    log(error);
    await investigations.abandonApproval(investigation, record, approver, error);
    return investigations.get(investigation).remediation ?? remediation;
  }
}

/** Nobody can answer any more: what waits is denied, on record. */
export async function denyPending(parts: Parts, reason: 'window-lost' | 'shutdown'): Promise<void> {
  const { rooms, approvals } = parts;
  for (const { remediation } of rooms.db.listUnfinished()) {
    if (remediation !== null) await finishedProposing(parts, remediation.id);
  }
  const text = reason === 'shutdown' ? 'The console was closed.' : 'The window was lost.';
  await finishDenials(parts, await approvals.denyAll(reason), text);
}

/**
 * A proposal is shown a moment before the investigation that made it has given back everything and said its last word;
 * an answer given in that moment waits for it, so that the incident's status changes in one order.
 */
async function finishedProposing({ rooms, investigations }: Parts, remediation: string): Promise<void> {
  const { id } = rooms.db.getByRemediation(remediation);
  if (investigations.get(id).remediation?.status === 'proposed') await investigations.settled(id);
}

async function noteSettled(parts: Parts, remediation: string): Promise<void> {
  const { id, incident } = parts.rooms.db.getByRemediation(remediation);
  const current = parts.investigations.get(id).remediation;
  if (current === null) return;
  const reason = current.status === 'rejected' ? `${current.id} was rejected.` : 'The time to decide had passed.';
  const proposal = { remediation: current, incident, investigation: id };
  await finishDenials(parts, { settled: [proposal], failures: [] }, reason);
}
