import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Collector } from './collector.ts';
import { dataOf, isWithin, spanOf, timeText } from './collector.ts';

export interface PoliciesCollected {
  /** Versions of the guardrail policies that decided something in the window, or were the newest known when it began. */
  readonly versions: readonly {
    readonly version: string;
    readonly first: string;
    readonly last: string;
    readonly decisions: number;
    readonly firstSeq: number;
  }[];
  /** Changes of what is judged by, in the window: of the policies, of retention, of the cadence of a control. */
  readonly changes: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly what: string;
    readonly from: string | null;
    readonly to: string;
  }[];
  readonly more: number;
}

/** What a change of the guardrail policies is called. */
export const POLICY_CHANGE = 'Guardrail policies, approved by a second person';
const MOST = 2000;
const ACTIONS = [
  'investigation.policy_decided',
  'remediation.proposed',
  'remediation.approved',
  'remediation.rejected',
  'tenant.protection_change_approved',
  'tenant.retention_policy_changed',
  'tenant.control_updated',
] as const satisfies readonly AuditAction[];
type Version = { first: number; last: number; firstSeq: number; decisions: number };

/** Which versions were in force in the window: those of then count, not today's. */
export function policies(parameters: unknown): Collector {
  const span = spanOf(parameters);
  const versions = new Map<string, Version>();
  let atStart: string | null = null;
  const changes: PoliciesCollected['changes'][number][] = [];
  let more = 0;
  return {
    actions: ACTIONS,
    take: (entry) => {
      const { seq, time, record } = entry;
      const { data, actor, outcome } = record;
      if (time >= span.to) return;
      const version = data.policyVersion;
      if (typeof version === 'string' && version.length <= 64) {
        const known = versions.get(version);
        const decisions = isWithin(span, time) ? 1 : 0;
        if (known === undefined) versions.set(version, { first: time, last: time, firstSeq: seq, decisions });
        else {
          known.last = Math.max(known.last, time);
          known.decisions += decisions;
        }
        if (time < span.from) atStart = version;
        return;
      }
      if (!isWithin(span, time) || outcome !== 'success') return;
      const change = changeOf(entry);
      if (change === null) return;
      if (changes.length < MOST) changes.push({ seq, time: record.time, by: actor.id, ...change });
      else more++;
    },
    end: (): PoliciesCollected => ({
      versions: [...versions]
        .filter(([version, { decisions }]) => decisions > 0 || version === atStart)
        .sort(([, one], [, other]) => one.firstSeq - other.firstSeq)
        .slice(0, MOST)
        .map(([version, { first, last, decisions, firstSeq }]) => ({
          version,
          first: timeText(first),
          last: timeText(last),
          decisions,
          firstSeq,
        })),
      changes,
      more,
    }),
  };
}

function changeOf(entry: Parameters<Collector['take']>[0]): { what: string; from: string | null; to: string } | null {
  const { action } = entry.record;
  if (action === 'tenant.protection_change_approved') {
    const data = dataOf(entry, action);
    if (data?.change !== 'policy-change') return null;
    return { what: POLICY_CHANGE, from: null, to: data.changeDigest };
  }
  if (action === 'tenant.retention_policy_changed') {
    const data = dataOf(entry, action);
    if (data === null) return null;
    const from = data.oldDays === null ? null : `${data.oldDays} days`;
    return { what: `Retention of ${data.dataClass}`, from, to: `${data.newDays} days` };
  }
  if (action === 'tenant.control_updated') {
    const { control, change } = entry.record.data;
    if (typeof change !== 'object' || change === null || !('kind' in change) || change.kind !== 'cadence') return null;
    const data = dataOf(entry, action);
    if (data?.change?.next === undefined) return null;
    return { what: `Cadence of ${String(control)}`, from: data.change.previous ?? null, to: data.change.next };
  }
  return null;
}
