import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import { moveIncident, type StatusBook } from '../investigation/incident-status.ts';
import type { WorkspaceDb } from '../platform/workspace-db.ts';
import { closeLostLeases } from './recover-leases.ts';

export interface RecoverOptions {
  readonly audit: Pick<AuditStore, 'append' | 'page' | 'get'>;
  readonly db: WorkspaceDb;
  readonly statusBook: StatusBook;
  readonly now: () => number;
}

const SYSTEM: Actor = { type: 'system', id: 'console' };
const INTERRUPTED = 'The program ended while this was running.';

/**
 * Brings what was under way when the program last ended to an end that is on record. The chain decides what happened:
 * the workspace may be one step behind it. Nothing is resumed, because nobody knows what the cloud has seen meanwhile.
 */
export async function recoverInterrupted(options: RecoverOptions): Promise<void> {
  for (const investigation of options.db.listUnfinished()) {
    await closeLostLeases(options.audit, investigation.incident, options.now());
    if (investigation.status === 'running') await endInvestigation(options, investigation);
    else if (investigation.remediation !== null)
      await endRemediation(options, investigation, investigation.remediation);
  }
}

async function endInvestigation(options: RecoverOptions, investigation: Investigation): Promise<void> {
  const { id, incident } = investigation;
  await options.audit.append({
    action: 'investigation.failed',
    outcome: 'failure',
    actor: SYSTEM,
    target: { type: 'investigation', id },
    links: { incident, investigation: id },
    data: { code: 'interrupted', reason: INTERRUPTED, elapsedMs: 0 },
  });
  const endedAt = new Date(options.now()).toISOString();
  const agents = investigation.agents.map((agent) =>
    agent.status === 'waiting' || agent.status === 'running'
      ? {
          ...agent,
          status: 'failed' as const,
          endedAt,
          lease: agent.lease && { ...agent.lease, state: 'expired' as const },
        }
      : agent,
  );
  options.db.putInvestigation({ ...investigation, status: 'failed', endedAt, agents, failure: INTERRUPTED });
  await needsAttention(options, investigation, `${id} was interrupted.`);
}

async function endRemediation(options: RecoverOptions, investigation: Investigation, kept: Remediation): Promise<void> {
  const recorded = recordsOf(options.audit, investigation.incident, kept.id);
  const has = (action: AuditAction) => recorded.find((record) => record.action === action);
  const decision = has('remediation.approved') ?? has('remediation.rejected') ?? has('remediation.expired');
  if (kept.status === 'proposed' && decision === undefined) return; // still waits, and expires in its time
  if (kept.failure !== null) return;
  const save = (change: Partial<Remediation>) =>
    options.db.putInvestigation({ ...investigation, remediation: { ...kept, ...change } });
  if (has('remediation.rejected') !== undefined || has('remediation.expired') !== undefined) {
    save({ status: has('remediation.rejected') === undefined ? 'expired' : 'rejected' });
  } else if (has('remediation.executed') !== undefined) {
    save({ status: 'executed', failure: `${INTERRUPTED} It was carried out; its outcome was not checked.` });
  } else if (has('remediation.execution_failed') !== undefined) {
    save({ status: 'failed', failure: INTERRUPTED });
  } else {
    await options.audit.append({
      action: 'remediation.execution_failed',
      outcome: 'failure',
      actor: SYSTEM,
      target: { type: 'remediation', id: kept.id },
      links: { incident: investigation.incident, investigation: investigation.id, remediation: kept.id },
      data: {
        planDigest: kept.planDigest,
        failedStep: 0,
        reason: `${INTERRUPTED} Whether a step reached the cloud is not known; the system calls on record tell.`,
        steps: [],
        elapsedMs: 0,
      },
    });
    save({ status: 'failed', failure: INTERRUPTED });
  }
  await needsAttention(options, investigation, `${kept.id} was interrupted.`);
}

function recordsOf(audit: RecoverOptions['audit'], incident: string, remediation: string) {
  const { rows } = audit.page({ category: 'remediation', incident, limit: 500 });
  return rows
    .flatMap(({ seq }) => audit.get(seq)?.record ?? [])
    .filter((record) => record.links?.remediation === remediation);
}

async function needsAttention(options: RecoverOptions, investigation: Investigation, reason: string): Promise<void> {
  await moveIncident(options.statusBook, investigation.incident, 'needs-attention', {
    actor: SYSTEM,
    reason,
    investigation: investigation.id,
  });
}
