import type { TrailPage } from '#shared/ipc/views.ts';
import { AuditAction } from '#shared/model/audit-actions.ts';
import { ActorType, Outcome } from '#shared/model/audit-record.ts';
import type { ListedRow } from './trail-sql.ts';

/** A row beside no record, or of no known action or time, is not shown: only a change to the file makes one. */
export function toListed(row: ListedRow): TrailPage['rows'] {
  const action = AuditAction.safeParse(row.action);
  const outcome = Outcome.safeParse(row.outcome);
  const actorType = ActorType.safeParse(row.actor_type);
  const time = new Date(row.time);
  if (!action.success || !outcome.success || !actorType.success) return [];
  if (row.hash === null || Number.isNaN(time.getTime())) return [];
  return [
    {
      seq: row.seq,
      time: time.toISOString(),
      action: action.data,
      outcome: outcome.data,
      actorType: actorType.data,
      actorId: row.actor_id,
      targetType: row.target_type,
      targetId: row.target_id,
      incident: row.incident,
      hash: row.hash.toString('hex'),
    },
  ];
}
