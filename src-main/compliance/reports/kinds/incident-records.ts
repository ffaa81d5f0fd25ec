import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { IncidentEntry } from '../collecting/incident.ts';

/** A record of one action whose data fit its schema. */
export interface Typed<A extends AuditAction> {
  readonly entry: IncidentEntry;
  readonly data: AuditData<A>;
}

/** Those of an action, in order; one whose data are of another shape is in the timeline, and not here. */
export function recordsOf<A extends AuditAction>(entries: readonly IncidentEntry[], action: A): readonly Typed<A>[] {
  return entries.flatMap((entry) => {
    if (entry.record.action !== action) return [];
    const parsed = AUDIT_DATA[action].safeParse(entry.record.data);
    return parsed.success ? [{ entry, data: parsed.data as AuditData<A> }] : [];
  });
}

export function idOf(entry: IncidentEntry): string {
  return `${entry.seq}`;
}
