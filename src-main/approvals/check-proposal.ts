import { CausewayError } from '#shared/errors.ts';
import type { AuditStore } from '../audit/store.ts';
import { canonicalDigest } from '../platform/digest.ts';
import { type ProposalOnRecord, readProposal } from './judge-approval.ts';
import type { Proposal } from './proposal-book.ts';

/**
 * The proposal as it is on record, if the one kept for the screens is that. The workspace database is derived state that
 * somebody could have edited; the plan a person approves must be the one in the chain, digest, time and all.
 * @throws CausewayError `audit-broken` when it is not
 */
export function checkProposal(audit: Pick<AuditStore, 'getVerified'>, { remediation }: Proposal): ProposalOnRecord {
  const { requestHash } = remediation;
  const record = audit.getVerified(requestHash)?.record;
  const proposed = record === undefined ? null : readProposal(requestHash, record);
  const kept = canonicalDigest(remediation.plan).digest;
  const holds =
    proposed !== null &&
    proposed.record.links?.remediation === remediation.id &&
    proposed.data.planDigest === kept &&
    remediation.planDigest === kept &&
    canonicalDigest(proposed.data.plan).digest === kept &&
    proposed.data.expiresAt === remediation.expiresAt;
  if (holds) return proposed;
  throw new CausewayError(
    'audit-broken',
    `The plan kept for ${remediation.id} is not the one on record. It cannot be decided; start a new investigation.`,
    { reason: 'proposal-differs' },
  );
}
