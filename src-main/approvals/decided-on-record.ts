import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Proposal } from './proposal-book.ts';

export type DecisionReader = Pick<AuditStore, 'getVerified' | 'decisionsAfter'>;

const DECISIONS = [
  ['remediation.rejected', 'rejected'],
  ['remediation.expired', 'expired'],
  ['remediation.approved', 'approved'],
] as const satisfies readonly (readonly [AuditAction, NonNullable<Remediation['decision']>['outcome']])[];

/**
 * How a proposal was decided as the chain has it, or null when it has no decision. The workspace may be behind: a
 * decision can be on record although keeping it failed afterwards, and it must not be possible to decide again then.
 * A no counts before a yes, should both ever be there.
 * @throws CausewayError `audit-broken` when a record that may be the decision does not verify, or is not there
 */
export async function decidedOnRecord(
  audit: DecisionReader,
  { incident, remediation }: Proposal,
): Promise<NonNullable<Remediation['decision']> | null> {
  const records = await audit.decisionsAfter(remediation.requestHash);
  for (const [action, outcome] of DECISIONS) {
    // the newest first: it is the one that is kept where one decision was recorded twice
    for (const { seq, hash, record } of records.toReversed()) {
      if (record.action !== action || record.links?.incident !== incident) continue;
      const { request, remediation: named } = record.links;
      // Ids begin anew in a new workspace over the same chain; the proposal's own record is what cannot be taken twice.
      const concerns = request === undefined ? named === remediation.id : request === remediation.requestHash;
      if (!concerns) continue;
      if (audit.getVerified(hash) === null) throw missing(seq);
      return { outcome, at: record.time, by: record.actor.id, record: hash };
    }
  }
  return null;
}

function missing(seq: number): CausewayError {
  const text = `Record ${seq} of the audit trail, a decision, is no longer found by its hash. Nothing may rest on it.`;
  return new CausewayError('audit-broken', text, { reason: 'record-broken' });
}
