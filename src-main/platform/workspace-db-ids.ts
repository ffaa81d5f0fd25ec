import type { TrailPage, TrailQuery } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { CounterName, WorkspaceDb } from './workspace-db.ts';

/** The record with which each kind of id first gets onto the chain, as its target. */
const FIRST_RECORD = {
  inc: 'incident.created',
  inv: 'investigation.started',
  rem: 'remediation.proposed',
} as const satisfies Record<CounterName, AuditAction>;
const PAGE = 500;

/**
 * Takes the counters past every id the chain knows: a workspace file that was lost or put back from a copy would
 * otherwise give ids a second time, and the old records would be shown as the new incident's.
 */
export function reserveRecordedIds(
  db: Pick<WorkspaceDb, 'reserveIds'>,
  trail: { page(query: TrailQuery): TrailPage },
): void {
  for (const name of ['inc', 'inv', 'rem'] as const) {
    const highest = highestRecorded(name, trail);
    if (highest > 0) db.reserveIds(name, highest);
  }
}

function highestRecorded(name: CounterName, trail: { page(query: TrailQuery): TrailPage }): number {
  const form = new RegExp(`^${name}-(\\d{4,15})$`);
  let highest = 0;
  for (let before: number | undefined; ; ) {
    const { rows } = trail.page({
      action: FIRST_RECORD[name],
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    for (const { targetId } of rows) highest = Math.max(highest, Number(form.exec(targetId)?.[1] ?? 0));
    before = rows.at(-1)?.seq;
    if (rows.length === 0 || before === undefined || before === 1) return highest;
  }
}
