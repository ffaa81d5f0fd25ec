import type { TrailQuery, TrailRow } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { Actor, AuditRecord } from '#shared/model/audit-record.ts';
import type { AuditStore } from '../audit/store.ts';
import { unlessRecordDamaged } from '../audit/stored-record.ts';

export type RecoveryTrail = Pick<AuditStore, 'append' | 'page' | 'get' | 'getByHash'>;

export const RECOVERY_ACTOR: Actor = { type: 'system', id: 'console' };

const PAGE = 500;

/** A record with its data checked by its schema. */
export interface ReadRecord<A extends AuditAction> {
  readonly seq: number;
  readonly hash: string;
  readonly record: AuditRecord;
  readonly data: AuditData<A>;
}

/** All rows a query finds, oldest first. */
export function listRows(trail: Pick<RecoveryTrail, 'page'>, query: Omit<TrailQuery, 'limit' | 'before'>): TrailRow[] {
  const found: TrailRow[] = [];
  for (let before: number | undefined; ; ) {
    const { rows, next } = trail.page({ ...query, limit: PAGE, ...(before === undefined ? {} : { before }) });
    found.push(...rows);
    // a search for a text pauses, with fewer rows than asked for; only `next` tells that there are no more
    if (next === null) return found.reverse();
    before = next;
  }
}

/** Null for a record that is not what its action says: that is for verification to report, not for recovery to guess at. */
export function readAt<A extends AuditAction>(
  trail: Pick<RecoveryTrail, 'get'>,
  seq: number,
  action: A,
): ReadRecord<A> | null {
  const stored = unlessRecordDamaged(() => trail.get(seq));
  if (stored === null || stored.record.action !== action) return null;
  const parsed = AUDIT_DATA[action].safeParse(stored.record.data);
  return parsed.success ? { seq, hash: stored.hash, record: stored.record, data: parsed.data as AuditData<A> } : null;
}

/** Rows of `begun` whose target has no later row of one of `ended`: what was under way when the program last ended. */
export function unfinishedRows(
  trail: Pick<RecoveryTrail, 'page'>,
  begun: AuditAction,
  ended: readonly AuditAction[],
): readonly TrailRow[] {
  const rows = listRows(trail, { action: begun });
  if (rows.length === 0) return [];
  const lastEnd = new Map<string, number>();
  for (const action of ended) {
    for (const { targetId, seq } of listRows(trail, { action })) {
      lastEnd.set(targetId, Math.max(lastEnd.get(targetId) ?? 0, seq));
    }
  }
  return rows.filter(({ targetId, seq }) => (lastEnd.get(targetId) ?? 0) < seq);
}

/** Who something was done for, by id only: the name is personal and stands, sealed, in the record of the decision. */
export function withoutName(actor: Actor | undefined): { readonly onBehalfOf?: Actor } {
  return actor === undefined ? {} : { onBehalfOf: { type: actor.type, id: actor.id } };
}
