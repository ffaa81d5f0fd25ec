import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { AuditStore } from '../audit/store.ts';
import { canonicalDigest } from '../platform/digest.ts';
import type { Proposal } from './proposal-book.ts';

/**
 * Whether the proposal kept for the screens is the one on record. The workspace database is derived state that somebody
 * could have edited; the plan a person approves must be the one in the chain, digest and all.
 * @throws CausewayError `audit-broken` when it is not
 */
export function checkProposal(audit: Pick<AuditStore, 'getVerified'>, proposal: Proposal): void {
  const { remediation } = proposal;
  const record = audit.getVerified(remediation.requestHash)?.record;
  const proposed = record === undefined ? undefined : AUDIT_DATA['remediation.proposed'].safeParse(record.data);
  const kept = canonicalDigest(remediation.plan).digest;
  const holds =
    record?.action === 'remediation.proposed' &&
    proposed?.success === true &&
    record.links?.remediation === remediation.id &&
    proposed.data.planDigest === kept &&
    remediation.planDigest === kept &&
    canonicalDigest(proposed.data.plan).digest === kept &&
    proposed.data.expiresAt === remediation.expiresAt;
  if (holds) return;
  throw new CausewayError(
    'audit-broken',
    `The plan kept for ${remediation.id} is not the one on record. It cannot be decided; start a new investigation.`,
    { reason: 'proposal-differs' },
  );
}
