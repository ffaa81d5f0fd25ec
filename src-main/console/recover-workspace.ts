import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Investigation, Remediation } from '#shared/model/investigation.ts';
import { formatAmount } from '../investigation/analysis/wording.ts';
import { INTERRUPTED } from './recover-investigations.ts';
import { listRows, type ReadRecord, type RecoveryTrail, readAt } from './recover-trail.ts';

const NOT_CHECKED = 'It was carried out; its outcome was not checked.';

/** An investigation as the chain has it; the same object when the workspace has it so already. `now` is epoch ms. */
export function alignInvestigation(trail: RecoveryTrail, kept: Investigation, now: number): Investigation {
  const ended = kept.status === 'running' ? { ...kept, ...endOf(trail, kept, now) } : kept;
  const { remediation } = ended;
  if (remediation === null) return ended;
  const change = alignRemediation(trail, ended.incident, remediation);
  if (change === null) return ended;
  return { ...ended, agents: endAgents(ended, now), remediation: { ...remediation, ...change } };
}

function endOf(trail: RecoveryTrail, kept: Investigation, now: number): Partial<Investigation> {
  const { id, incident } = kept;
  const last = <A extends AuditAction>(action: A): ReadRecord<A> | null => {
    const row = listRows(trail, { action, incident }).findLast(({ targetId }) => targetId === id);
    return row === undefined ? null : readAt(trail, row.seq, action);
  };
  const agents = endAgents(kept, now);
  const completed = last('investigation.completed');
  if (completed !== null) return { status: 'completed', endedAt: completed.record.time, agents };
  const cancelled = last('investigation.cancelled');
  if (cancelled !== null) return { status: 'cancelled', endedAt: cancelled.record.time, agents };
  const failed = last('investigation.failed');
  const endedAt = failed?.record.time ?? new Date(now).toISOString();
  return { status: 'failed', endedAt, agents, failure: failed?.data.reason ?? INTERRUPTED };
}

function endAgents({ agents }: Investigation, now: number): Investigation['agents'] {
  const endedAt = new Date(now).toISOString();
  return agents.map((agent) =>
    agent.status === 'waiting' || agent.status === 'running'
      ? {
          ...agent,
          status: 'failed' as const,
          endedAt,
          lease: agent.lease && { ...agent.lease, state: 'expired' as const },
        }
      : agent,
  );
}

/** What the records say of a remediation that the workspace does not; null when they agree. */
function alignRemediation(trail: RecoveryTrail, incident: string, kept: Remediation): Partial<Remediation> | null {
  const find = <A extends AuditAction>(action: A): ReadRecord<A> | null => {
    const found = listRows(trail, { action, incident })
      .filter(({ targetId }) => targetId === kept.id)
      .flatMap(({ seq }) => readAt(trail, seq, action) ?? [])
      // Ids begin anew in a new workspace over the same chain; the proposal's own record does not.
      .filter(({ record }) => record.links?.request === undefined || record.links.request === kept.requestHash);
    return found.at(-1) ?? null;
  };
  const decision = decisionOf(find) ?? kept.decision;
  const differing = (change: Partial<Remediation> & Pick<Remediation, 'status'>) =>
    change.status === kept.status && (kept.decision !== null || decision === null) ? null : { ...change, decision };

  const verified = find('remediation.verified');
  const result = verified === null ? kept.result : resultOf(verified);
  const news = kept.result === null && result !== null;
  const executed = find('remediation.executed') !== null;
  const failed = find('remediation.execution_failed');
  if (failed !== null && !executed) {
    // One that may have been carried out is checked too; it stays a failed one, with what was measured.
    const change = { status: 'failed', failure: kept.failure ?? failed.data.reason, result } as const;
    return news ? { ...change, decision } : differing(change);
  }
  if (verified !== null) {
    const change = { status: 'verified', failure: null, result } as const;
    return news ? { ...change, decision } : differing(change);
  }
  if (executed) {
    if (kept.status === 'executed') return kept.failure === null ? { failure: NOT_CHECKED, decision } : null;
    return { status: 'executed', failure: NOT_CHECKED, decision };
  }
  if (decision?.outcome === 'rejected' || decision?.outcome === 'expired') {
    return differing({ status: decision.outcome });
  }
  const withdrawn = find('remediation.withdrawn');
  return withdrawn === null ? null : differing({ status: 'failed', failure: withdrawn.data.reason });
}

function decisionOf(find: <A extends AuditAction>(action: A) => ReadRecord<A> | null): Remediation['decision'] {
  // A no counts before a yes, should both ever be there.
  for (const [action, outcome] of [
    ['remediation.rejected', 'rejected'],
    ['remediation.expired', 'expired'],
    ['remediation.approved', 'approved'],
  ] as const) {
    const found = find(action);
    if (found !== null) return { outcome, at: found.record.time, by: found.record.actor.id, record: found.hash };
  }
  return null;
}

function resultOf({ data }: { readonly data: AuditData<'remediation.verified'> }): NonNullable<Remediation['result']> {
  const show = (value: string | null) =>
    (value === null ? 'unknown' : formatAmount(Number(value), data.unit)).slice(0, 64);
  const [before, after, usualLow, usualHigh] = [data.before, data.after, data.usualLow, data.usualHigh].map(show);
  const text = `${data.metric} of ${data.service} was ${before} and is ${after}; usual is ${usualLow} to ${usualHigh}.`;
  return {
    verdict: data.verdict,
    text: text.slice(0, 1000),
    before: before ?? 'unknown',
    after: after ?? 'unknown',
    usualLow: usualLow ?? 'unknown',
    usualHigh: usualHigh ?? 'unknown',
    checkedAt: data.to,
  };
}
