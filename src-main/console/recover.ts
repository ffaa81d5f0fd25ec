import { CausewayError } from '#shared/errors.ts';
import type { Incident, IncidentStatus } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { moveIncident, type StatusBook } from '../investigation/incident-status.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';
import { endLostExecutions } from './recover-executions.ts';
import { endLostInvestigations, withdrawLostProposals } from './recover-investigations.ts';
import { closeLostLeases, type RevokeLost } from './recover-leases.ts';
import { RECOVERY_ACTOR, type RecoveryTrail } from './recover-trail.ts';
import { alignInvestigation } from './recover-workspace.ts';

export interface RecoverOptions {
  readonly audit: RecoveryTrail;
  readonly db: WorkspaceDb;
  readonly statusBook: StatusBook;
  readonly now: () => number;
  /** Ends in the cloud what a lost lease left there; without it nothing is asked of the cloud. */
  readonly revokeLost?: RevokeLost;
}

/**
 * Brings what was under way when the program last ended to an end that is on record, and the workspace to what is on
 * record. The chain decides what happened: the workspace may be a step behind it, or gone. Nothing is resumed, because
 * nobody knows what the cloud has seen meanwhile.
 */
export async function recoverInterrupted(options: RecoverOptions): Promise<void> {
  const { audit, db } = options;
  await closeLostLeases(audit, options.now(), options.revokeLost);
  await endLostExecutions(audit);
  const withdrawn = await withdrawLostProposals(audit, (id) => findInvestigation(db, id));
  await endLostInvestigations(audit);

  const incidents = db.listIncidents();
  const current = incidents.flatMap(({ investigation }) =>
    investigation === null ? [] : (findInvestigation(db, investigation) ?? []),
  );
  const corrected = new Set<string>();
  for (const kept of new Map([...db.listUnfinished(), ...current].map((one) => [one.id, one])).values()) {
    const aligned = alignInvestigation(audit, kept, options.now());
    if (aligned === kept) continue;
    db.putInvestigation(aligned);
    corrected.add(aligned.id);
  }
  for (const incident of incidents) await settleIncident(options, incident, corrected, withdrawn);
}

/** An incident that says something is under way although nothing is, or whose outcome has just come to light. */
async function settleIncident(
  { db, statusBook }: RecoverOptions,
  incident: Incident,
  corrected: ReadonlySet<string>,
  withdrawn: ReadonlyMap<string, string>,
): Promise<void> {
  const investigation = incident.investigation === null ? null : findInvestigation(db, incident.investigation);
  const waits = ['investigating', 'awaiting-approval', 'remediating'].includes(incident.status);
  if (!waits && (investigation === null || !corrected.has(investigation.id))) return;
  const { status, reason } = statusOf(incident, investigation, withdrawn);
  // What was already handed to a person stays with the person, whatever the signal does.
  if (status === 'resolved' && incident.status === 'needs-attention') return;
  await moveIncident(statusBook, incident.id, status, {
    actor: RECOVERY_ACTOR,
    reason,
    investigation: investigation?.id,
  });
}

function statusOf(
  { signal }: Incident,
  investigation: Investigation | null,
  withdrawn: ReadonlyMap<string, string>,
): { readonly status: IncidentStatus; readonly reason: string } {
  const attention = (reason: string) => ({ status: 'needs-attention', reason }) as const;
  if (investigation === null) return attention('What was under way is not in the workspace any more.');
  const { id, remediation } = investigation;
  if (remediation === null) {
    if (investigation.status === 'cancelled') return { status: 'open', reason: `${id} was cancelled.` };
    const lost = withdrawn.get(id);
    if (lost !== undefined) return attention(`${lost} was withdrawn: the program ended before it could be shown.`);
    return attention(investigation.status === 'completed' ? `${id} has proposed nothing.` : `${id} was interrupted.`);
  }
  const name = remediation.id;
  switch (remediation.status) {
    case 'proposed':
      return { status: 'awaiting-approval', reason: `${name} waits for a decision.` };
    case 'verified':
      if (remediation.result?.verdict === 'recovered') {
        return { status: 'resolved', reason: `${signal.metric} is back in its usual range.` };
      }
      return attention(`After ${name} the signal is ${remediation.result?.verdict ?? 'unknown'}.`);
    case 'executed':
      return attention(`${name} was carried out; its outcome was not checked.`);
    case 'rejected':
      return attention(`${name} was rejected.`);
    case 'expired':
      return attention(`${name} was not decided in time.`);
    case 'approved':
    case 'executing':
    case 'failed':
      return attention(`${name} failed. ${remediation.failure ?? ''}`.trim());
  }
}

/** Null when the workspace has none of this id. */
function findInvestigation(db: WorkspaceDb, id: string): Investigation | null {
  try {
    return db.getInvestigation(id);
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'not-found') return null;
    throw error;
  }
}
