import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Proposal } from './proposal-book.ts';

export type DecisionReader = Pick<AuditStore, 'getVerified' | 'page'>;

const DECISIONS = [
  ['remediation.rejected', 'rejected'],
  ['remediation.expired', 'expired'],
  ['remediation.approved', 'approved'],
] as const satisfies readonly (readonly [AuditAction, NonNullable<Remediation['decision']>['outcome']])[];

const PAGE = 500;

/**
 * How a proposal was decided as the chain has it, or null when it has no decision. The workspace may be behind: a
 * decision can be on record although keeping it failed afterwards, and it must not be possible to decide again then.
 * A no counts before a yes, should both ever be there.
 * @throws CausewayError `audit-broken` when a record that may be the decision does not verify
 */
export function decidedOnRecord(
  audit: DecisionReader,
  { incident, remediation }: Proposal,
): NonNullable<Remediation['decision']> | null {
  for (const [action, outcome] of DECISIONS) {
    let before: number | undefined;
    do {
      const { rows } = audit.page({ action, incident, limit: PAGE, ...(before === undefined ? {} : { before }) });
      for (const row of rows) {
        const record = audit.getVerified(row.hash)?.record;
        const { request, remediation: named } = record?.links ?? {};
        // Ids begin anew in a new workspace over the same chain; the proposal's own record is what cannot be taken twice.
        const concerns = request === undefined ? named === remediation.id : request === remediation.requestHash;
        if (record !== undefined && concerns) {
          return { outcome, at: record.time, by: record.actor.id, record: row.hash };
        }
      }
      before = rows.length < PAGE ? undefined : rows.at(-1)?.seq;
    } while (before !== undefined);
  }
  return null;
}
