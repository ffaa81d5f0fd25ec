import type { DueReview } from '#shared/ipc/approval-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { seal } from '../audit/seal.ts';
import type { AuditStore, StoredRecord } from '../audit/store.ts';
import { unlessRecordDamaged } from '../audit/stored-record.ts';
import { actorOf, type Principal } from '../identity/principal.ts';
import { appendOrRefuse } from '../policy/audit-port.ts';
import type { Approvers } from './approvers.ts';
import { conflict, demandSentence } from './decision.ts';
import { readProposal } from './judge-approval.ts';
import { recordRefused, type WhyNot, whyNotDecide } from './refuse-approval.ts';

/** What a review is called in the record it is. */
const REVIEW_CHANGE = 'break-glass-review';
const PAGE = 500;
/** In the order in which they have to be looked at: a review comes after what it reviews. */
const WATCHED = ['remediation.approved', 'tenant.protection_change_approved'] as const satisfies readonly AuditAction[];

export interface ReviewInput {
  /** Hash of the approval's record. */
  readonly record: string;
  readonly verdict: 'justified' | 'not-justified';
  readonly justification: string;
  readonly reauthentication: Reauthentication;
}

export interface ReviewNeeds {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly store: Pick<AuditStore, 'head' | 'page' | 'get' | 'getVerified' | 'disclosures'>;
  readonly people: Approvers;
}

/**
 * Approvals given alone that somebody else still has to look at, from the chain: what it held when first asked, and what
 * came since. A workspace that was lost or edited takes none of them away.
 */
export function createDueReviews({ audit, store, people }: ReviewNeeds) {
  const due = new Map<string, StoredRecord>();
  let seen = 0;

  function catchUp(): void {
    const { seq } = store.head();
    if (seq < seen) {
      // an acknowledged break cut the chain: what was read is no longer what it is
      due.clear();
      seen = 0;
    }
    if (seq === seen) return;
    for (const action of WATCHED) for (const row of rowsSince(action)) look(row);
    seen = seq;
  }

  /** Oldest first. */
  function rowsSince(action: AuditAction): readonly number[] {
    const found: number[] = [];
    let before: number | null = null;
    do {
      const page = store.page({ action, limit: PAGE, ...(before === null ? {} : { before }) });
      const news = page.rows.filter(({ seq }) => seq > seen);
      found.push(...news.map(({ seq }) => seq));
      before = news.length === page.rows.length ? page.next : null;
    } while (before !== null);
    return found.reverse();
  }

  function look(seq: number): void {
    const stored = unlessRecordDamaged(() => store.get(seq)); // for verification to report
    if (stored === null) return;
    const { record, hash } = stored;
    if (record.action === 'remediation.approved') {
      // One that does not verify stays due: it is not for a damaged record to get out of being looked at.
      if (record.data.breakGlass !== undefined) due.set(hash, stored);
      return;
    }
    const review = AUDIT_DATA['tenant.protection_change_approved'].safeParse(record.data);
    if (!review.success || review.data.change !== REVIEW_CHANGE || record.outcome === 'denied') return;
    const approval = due.get(review.data.changeDigest);
    const genuine = approval !== undefined && verifies(hash) && isAnother(record.actor.id, approval);
    if (genuine) due.delete(review.data.changeDigest);
  }

  function verifies(hash: string): boolean {
    return unlessRecordDamaged(() => store.getVerified(hash)) !== null;
  }

  function isAnother(id: string, { record }: StoredRecord): boolean {
    return people.humanBehind(id) !== people.humanBehind(record.actor.id);
  }

  function whyNot(by: Principal, approval: StoredRecord): WhyNot | null {
    const basic = whyNotDecide(by, people.may(by, 'approvals.review'));
    if (basic !== null) return basic;
    if (isAnother(by.id, approval) && isAnother(by.human, approval)) return null;
    const text = 'You gave this approval, yourself or under another account. Somebody else has to review it.';
    return { reason: 'review-own', text, code: 'denied' };
  }

  function toView(by: Principal, approval: StoredRecord): DueReview {
    const { seq, hash, record } = approval;
    const values = store.disclosures(seq);
    const reason = values.find(({ path }) => path === '/data/breakGlass')?.value;
    return {
      record: hash,
      remediation: record.target.id.slice(0, 64),
      incident: record.links?.incident ?? '',
      by: record.actor.id,
      byName: people.nameOf(record.actor.id).slice(0, 100),
      at: record.time,
      reason: typeof reason === 'string' ? reason.slice(0, 2000) : 'The reason was erased.',
      summary: summaryOf(record.links?.request),
      mayNotReview: whyNot(by, approval)?.text ?? null,
    };
  }

  function summaryOf(request: string | undefined): string {
    const proposal = request === undefined ? null : unlessRecordDamaged(() => store.getVerified(request));
    const data = proposal === null ? null : readProposal(proposal.hash, proposal.record)?.data;
    return data?.plan.summary.slice(0, 1000) ?? 'The plan is not on record.';
  }

  function list(by: Principal): readonly DueReview[] {
    catchUp();
    return [...due.values()].slice(0, 1000).map((approval) => toView(by, approval));
  }

  return {
    list,
    review: async (by: Principal, input: ReviewInput): Promise<readonly DueReview[]> => {
      const justification = demandSentence(input.justification, 'justification');
      catchUp();
      const approval = due.get(input.record);
      if (approval === undefined) {
        throw conflict(
          'not-due',
          'This approval is not waiting for a review; somebody may have reviewed it meanwhile.',
        );
      }
      const { record } = approval;
      const links = { ...record.links, approval: input.record };
      const why = whyNot(by, approval);
      if (why !== null) {
        const { role, device } = by;
        const remediation = record.target.id;
        const who = { actor: actorOf(by), device: { id: device.id }, role, permission: 'approvals.review' as const };
        throw await recordRefused(audit, { ...who, remediation, links }, why);
      }
      const reauthentication = await people.reauthenticate(by, input.reauthentication);
      await appendOrRefuse(
        audit,
        {
          action: 'tenant.protection_change_approved',
          outcome: input.verdict === 'justified' ? 'success' : 'failure',
          actor: { ...actorOf(by), name: seal(by.id, by.name) },
          target: record.target,
          links,
          device: { id: by.device.id, name: seal(by.id, by.device.name) },
          data: {
            change: REVIEW_CHANGE,
            changeDigest: input.record,
            justification: seal(by.id, justification),
            requestedBy: record.actor.id,
            request: input.record,
            reauthentication,
          },
        },
        'so the review does not count',
      );
      return list(by);
    },
  };
}
