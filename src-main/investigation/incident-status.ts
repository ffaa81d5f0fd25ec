import type { Actor } from '#shared/model/audit-record.ts';
import type { Incident, IncidentStatus } from '#shared/model/incident.ts';
import type { AuditStore } from '../audit/store.ts';

export interface StatusBook {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly read: (id: string) => Incident;
  readonly save: (incident: Incident) => void;
  readonly publish: (incident: Incident) => void;
}

/** Moves an incident to another status: on record first, then kept and shown. Does nothing when it is there already. */
export async function moveIncident(
  book: StatusBook,
  id: string,
  to: IncidentStatus,
  why: { readonly actor: Actor; readonly reason: string; readonly investigation?: string | undefined },
): Promise<Incident> {
  const before = book.read(id);
  if (before.status !== to) {
    await book.audit.append({
      action: 'incident.status_changed',
      outcome: 'success',
      actor: why.actor,
      target: { type: 'incident', id },
      links: { incident: id, ...(why.investigation === undefined ? {} : { investigation: why.investigation }) },
      data: { old: before.status, new: to, reason: why.reason.slice(0, 1000) },
    });
  }
  const after = { ...book.read(id), status: to };
  book.save(after);
  book.publish(after);
  return after;
}
