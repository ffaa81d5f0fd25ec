import type { DueReview, PendingApproval } from '#shared/ipc/approval-views.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Principal } from '../identity/principal.ts';
import type { Clock } from '../platform/clock.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import { approvalRules } from './approval-rules.ts';
import type { Approvers } from './approvers.ts';
import { createDecisions, linksOf } from './decide.ts';
import { type BreakGlassInput, conflict, type Decided, type DecisionInput, type VerifiedAnswer } from './decision.ts';
import { createDueReviews, type ReviewInput } from './due-reviews.ts';
import { pendingFor } from './pending.ts';
import type { Proposal, ProposalBook } from './proposal-book.ts';
import { readStanding, withStanding } from './standing.ts';

export type { BreakGlassInput, Decided, DecisionInput, ReviewInput, VerifiedAnswer };

export interface ApprovalsOptions {
  readonly audit: Pick<AuditStore, 'append' | 'getVerified' | 'decisionsAfter'>;
  /** The trail as it is read for reviews that are due. */
  readonly store: Pick<AuditStore, 'head' | 'page' | 'get' | 'getVerified' | 'disclosures'>;
  readonly guard: Guard;
  /** That of the policies in force, whichever they are when it is asked. */
  readonly engine: Pick<PolicyEngine, 'version' | 'decide' | 'approvalRule'>;
  readonly clock: Clock;
  /** Milliseconds that only go forward. Default: the process's own. */
  readonly monotonic?: () => number;
  readonly people: Approvers;
  readonly book: ProposalBook;
}

/** What became of proposals that were to be denied: each was tried, whatever became of the others. */
export interface Denials {
  /** As they are now: expired, or as the chain already had them decided. */
  readonly settled: readonly Proposal[];
  readonly failures: readonly unknown[];
}

export interface Approvals {
  /**
   * Decides on a proposal, as one of as many as the policy asks for. Resolves when the decision's record is durable; until
   * then nothing has been decided.
   * @throws CausewayError `not-found`, `conflict` (`not-waiting`, `decided-on-record`, `expired`, `plan-digest`,
   * `deciding`, `already-approved`), `bad-input`, `denied` (`permission`, `approver-not-person`, `approver-is-requester`,
   * `quorum`, `policy-denied`), `reauthentication-required`, `audit-broken`, `audit-unavailable`
   */
  decide(by: Principal, input: DecisionInput): Promise<Decided>;
  /** Approves alone. @throws as `decide` */
  breakGlass(by: Principal, input: BreakGlassInput): Promise<Decided>;
  /**
   * A decision that came by file; whoever took it in has verified its signature.
   * @throws as `decide`, and CausewayError `conflict` (`other-request`, `policy-changed`, `answer-stale`), `denied`
   * (`approver-not-eligible`, `device-not-own`)
   */
  decideByFile(answer: VerifiedAnswer): Promise<Decided>;
  /** What the dialog says of a waiting proposal to this person. For showing: a decision asks the chain again. */
  pending(
    by: Principal,
    remediation: Remediation,
  ): Omit<PendingApproval, 'incident' | 'remediation' | 'requestedByName'>;
  /** Approvals given alone that nobody has reviewed yet, oldest first. */
  reviews(by: Principal): readonly DueReview[];
  /** Puts a review on record; resolves with those still due. @throws CausewayError `conflict` (`not-due`), and as `decide` */
  review(by: Principal, input: ReviewInput): Promise<readonly DueReview[]>;
  /** Records every proposal whose time has passed as expired. Rejects only when they cannot be listed. */
  expireDue(): Promise<Denials>;
  /** Nobody can answer any more: every waiting proposal is denied, on record. Rejects as `expireDue`. */
  denyAll(reason: 'window-lost' | 'shutdown'): Promise<Denials>;
}

/** Approvals of one workspace. Silence, and whatever goes wrong, means no. */
export function createApprovals(options: ApprovalsOptions): Approvals {
  const { audit, clock, book, people, engine, store, monotonic = () => performance.now() } = options;
  const rules = approvalRules(engine, people);
  const deciding = new Set<string>();

  /** Two answers at once to one question: the second is refused, not queued. */
  async function alone<T>(subject: string, work: () => Promise<T>): Promise<T> {
    if (deciding.has(subject)) throw conflict('deciding', `${subject} is being decided right now.`);
    deciding.add(subject);
    try {
      return await work();
    } finally {
      deciding.delete(subject);
    }
  }

  async function expire(proposal: Proposal, reason: AuditData<'remediation.expired'>['reason']): Promise<Proposal> {
    const standing = await readStanding(audit, proposal, rules, clock.now());
    const remediation = withStanding(proposal.remediation, standing);
    if (standing.decision !== null) return keep(proposal, remediation);
    const at = new Date(clock.now()).toISOString();
    const record = await audit.append({
      action: 'remediation.expired',
      outcome: 'denied',
      actor: { type: 'system', id: 'approvals' },
      target: { type: 'remediation', id: remediation.id },
      links: linksOf(proposal),
      data: {
        planDigest: remediation.planDigest,
        expiredAt: reason === 'timeout' ? remediation.expiresAt : at,
        reason,
      },
    });
    return keep(proposal, {
      ...remediation,
      status: 'expired',
      decision: { outcome: 'expired', at, by: 'approvals', record: record.hash },
    });
  }

  function keep(proposal: Proposal, remediation: Remediation): Proposal {
    book.save(remediation);
    return { ...proposal, remediation };
  }

  /** When the time to decide is over by a clock nobody can put back, for each proposal seen in this run. */
  const deadlines = new Map<string, number>();

  /** Also when the wall clock was put back meanwhile: by the time that really passed. */
  function isDue({ id, expiresAt }: Remediation): boolean {
    const left = Date.parse(expiresAt) - clock.now();
    const steady = monotonic();
    const deadline = Math.min(deadlines.get(id) ?? Number.POSITIVE_INFINITY, steady + left);
    deadlines.set(id, deadline);
    return left <= 0 || steady >= deadline;
  }

  async function denyEach(
    proposals: readonly Proposal[],
    reason: AuditData<'remediation.expired'>['reason'],
  ): Promise<Denials> {
    const settled: Proposal[] = [];
    const failures: unknown[] = [];
    for (const { remediation } of proposals) {
      if (deciding.has(remediation.id)) continue; // a decision is on its way; it stands if it gets on record
      try {
        await alone(remediation.id, async () => {
          const current = book.read(remediation.id); // decided, perhaps, while another was being denied
          if (current.remediation.status === 'proposed') settled.push(await expire(current, reason));
        });
      } catch (error) {
        failures.push(error);
      }
    }
    return { settled, failures };
  }

  const decisions = createDecisions({ ...options, rules, isDue, keep, expire });
  const dueReviews = createDueReviews({ audit, store, people });
  return {
    decide: (by, input) => alone(input.remediation, () => decisions.decide(by, input)),
    breakGlass: (by, input) => alone(input.remediation, () => decisions.breakGlass(by, input)),
    decideByFile: (answer) => alone(answer.remediation, () => decisions.decideByFile(answer)),
    pending: (by, remediation) => pendingFor({ audit, people, rules, clock }, by, remediation),
    reviews: (by) => dueReviews.list(by),
    review: (by, input) => alone(input.record, () => dueReviews.review(by, input)),
    expireDue: async () =>
      denyEach(
        book.listWaiting().filter(({ remediation }) => isDue(remediation)),
        'timeout',
      ),
    denyAll: async (reason) => denyEach(book.listWaiting(), reason),
  };
}
