import type { Investigation } from '#shared/model/investigation.ts';
import { RECOVERY_ACTOR, type RecoveryTrail, readAt, unfinishedRows, withoutName } from './recover-trail.ts';

export const INTERRUPTED = 'The program ended while this was running.';

const INVESTIGATION_ENDS = ['investigation.completed', 'investigation.failed', 'investigation.cancelled'] as const;
const DECISIONS = [
  'remediation.approved',
  'remediation.rejected',
  'remediation.expired',
  'remediation.withdrawn',
] as const;

/** Investigations that began and have no end on record are failed, whatever the workspace has of them. */
export async function endLostInvestigations(trail: RecoveryTrail): Promise<void> {
  for (const { seq } of unfinishedRows(trail, 'investigation.started', INVESTIGATION_ENDS)) {
    const started = readAt(trail, seq, 'investigation.started');
    if (started === null) continue;
    const { target, links, onBehalfOf } = started.record;
    await trail.append({
      action: 'investigation.failed',
      outcome: 'failure',
      actor: RECOVERY_ACTOR,
      ...withoutName(onBehalfOf),
      target,
      ...(links && { links }),
      data: { code: 'interrupted', reason: INTERRUPTED, elapsedMs: 0 },
    });
  }
}

/**
 * A proposal nobody has decided on waits as long as the workspace shows it. One that was put on record and never reached
 * the workspace can be seen, and answered, by nobody: it is withdrawn. Returns the withdrawn by investigation.
 */
export async function withdrawLostProposals(
  trail: RecoveryTrail,
  find: (investigation: string) => Investigation | null,
): Promise<ReadonlyMap<string, string>> {
  const withdrawn = new Map<string, string>();
  for (const { seq } of unfinishedRows(trail, 'remediation.proposed', DECISIONS)) {
    const proposal = readAt(trail, seq, 'remediation.proposed');
    if (proposal === null) continue;
    const { record, hash, data } = proposal;
    const investigation = record.links?.investigation ?? '';
    const kept = find(investigation)?.remediation;
    if (kept?.requestHash === hash && kept.status === 'proposed') continue;
    await trail.append({
      action: 'remediation.withdrawn',
      outcome: 'success',
      actor: RECOVERY_ACTOR,
      ...withoutName(record.onBehalfOf),
      target: record.target,
      links: { ...record.links, request: hash },
      data: {
        planDigest: data.planDigest,
        reason: 'The program ended before the proposal could be kept. Nothing was changed. Investigate again.',
      },
    });
    withdrawn.set(investigation, record.target.id);
  }
  return withdrawn;
}
