import type { TrailPage } from '#shared/ipc/views.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { ActorType, Outcome } from '#shared/model/audit-record.ts';
import type { ListedRow } from './trail-sql.ts';

const ACTIONS: ReadonlySet<string> = new Set(AUDIT_ACTIONS);
const OUTCOMES: ReadonlySet<string> = new Set(Outcome.options);
const ACTOR_TYPES: ReadonlySet<string> = new Set(ActorType.options);

/** A row beside no record, or of no known action, outcome, actor or time, is not shown: only a change to the file makes one. */
export function toListed(row: ListedRow): TrailPage['rows'] {
  const { action, outcome, actor_type: actorType, hash } = row;
  const time = new Date(row.time);
  if (!isAction(action) || !isOutcome(outcome) || !isActorType(actorType)) return [];
  if (hash === null || Number.isNaN(time.getTime())) return [];
  return [
    {
      seq: row.seq,
      time: time.toISOString(),
      action,
      outcome,
      actorType,
      actorId: row.actor_id,
      targetType: row.target_type,
      targetId: row.target_id,
      incident: row.incident,
      hash: hash.toString('hex'),
    },
  ];
}

function isAction(value: string): value is AuditAction {
  return ACTIONS.has(value);
}

function isOutcome(value: string): value is Outcome {
  return OUTCOMES.has(value);
}

function isActorType(value: string): value is ActorType {
  return ACTOR_TYPES.has(value);
}
