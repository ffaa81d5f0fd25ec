import { CausewayError } from '#shared/errors.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Links } from '#shared/model/audit-record.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { seal } from '../audit/seal.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Clock } from '../platform/clock.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { Guard } from '../policy/guard.ts';
import { approvalRequest } from '../policy/request.ts';
import { checkProposal } from './check-proposal.ts';
import { decidedOnRecord } from './decided-on-record.ts';
import type { Proposal, ProposalBook } from './proposal-book.ts';

export const SHORTEST_JUSTIFICATION = 10;
export const LONGEST_JUSTIFICATION = 2000;

export interface Person {
  readonly id: string;
  readonly name: string;
}

export interface DecisionInput {
  readonly remediation: string;
  /** Digest of the plan the person looked at. */
  readonly planDigest: string;
  readonly decision: 'approve' | 'reject';
  readonly justification: string;
  readonly channel: 'dialog' | 'terminal' | 'terminal-flag';
}

/** A proposal after the decision; `record` is the hash of the decision's record. */
export interface Decided {
  readonly proposal: Proposal;
  readonly record: string;
}

export interface ApprovalsOptions {
  readonly audit: Pick<AuditStore, 'append' | 'getVerified' | 'decisionsAfter'>;
  readonly guard: Guard;
  readonly engine: Pick<PolicyEngine, 'version' | 'approvalRule'>;
  readonly clock: Clock;
  readonly user: Person;
  readonly device: Person;
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
   * Decides on a proposal. Resolves when the decision's record is durable; until then nothing has been decided.
   * @throws CausewayError `not-found`, `conflict` (decided already, expired, another plan), `bad-input`, `denied`,
   * `audit-broken`, `audit-unavailable`
   */
  decide(input: DecisionInput): Promise<Decided>;
  /** Records every proposal whose time has passed as expired. Rejects only when they cannot be listed. */
  expireDue(): Promise<Denials>;
  /** Nobody can answer any more: every waiting proposal is denied, on record. Rejects as `expireDue`. */
  denyAll(reason: 'window-lost' | 'shutdown'): Promise<Denials>;
}

export function createApprovals(options: ApprovalsOptions): Approvals {
  const { audit, clock, book } = options;
  const deciding = new Set<string>();

  /** Two answers at once to one question: the second is refused, not queued. */
  async function alone<T>(remediation: string, work: () => Promise<T>): Promise<T> {
    if (deciding.has(remediation)) {
      throw new CausewayError('conflict', `${remediation} is being decided right now.`, { reason: 'deciding' });
    }
    deciding.add(remediation);
    try {
      return await work();
    } finally {
      deciding.delete(remediation);
    }
  }

  /** The chain decides what was decided: the workspace is brought in line with it. Null when it holds no decision. */
  async function align(proposal: Proposal): Promise<Proposal | null> {
    const decision = await decidedOnRecord(audit, proposal);
    if (decision === null) return null;
    return keep(proposal, { ...proposal.remediation, status: decision.outcome, decision });
  }

  async function expire(proposal: Proposal, reason: AuditData<'remediation.expired'>['reason']): Promise<Proposal> {
    const decided = await align(proposal);
    if (decided !== null) return decided;
    const { remediation } = proposal;
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

  async function decide(input: DecisionInput): Promise<Decided> {
    const justification = input.justification.trim();
    const length = Array.from(justification).length;
    if (length < SHORTEST_JUSTIFICATION || length > LONGEST_JUSTIFICATION) {
      throw new CausewayError(
        'bad-input',
        `Say why, in ${SHORTEST_JUSTIFICATION} to ${LONGEST_JUSTIFICATION} characters. Nothing has been decided.`,
        { reason: 'justification' },
      );
    }
    const proposal = book.read(input.remediation);
    const { remediation } = proposal;
    if (remediation.status !== 'proposed') {
      throw new CausewayError(
        'conflict',
        `${remediation.id} is ${remediation.status}; it is not waiting for a decision.`,
        {
          reason: 'not-waiting',
        },
      );
    }
    const decided = await align(proposal);
    if (decided !== null) {
      throw new CausewayError(
        'conflict',
        `${remediation.id} is ${decided.remediation.status} on record; it is not waiting for a decision.`,
        { reason: 'decided-on-record' },
      );
    }
    if (isDue(remediation)) {
      await expire(proposal, 'timeout');
      throw new CausewayError('conflict', `The time to decide on ${remediation.id} has passed; that counts as no.`, {
        reason: 'expired',
      });
    }
    if (input.planDigest !== remediation.planDigest) {
      throw new CausewayError(
        'conflict',
        `The plan that was shown is not the plan of ${remediation.id}. Open it again; nothing has been decided.`,
        { reason: 'plan-digest' },
      );
    }
    checkProposal(audit, proposal);
    // A workspace that cannot be written would not know of the decision: that shows before anything is decided.
    book.probe(remediation.id);
    return record(proposal, input, justification);
  }

  async function record(proposal: Proposal, input: DecisionInput, justification: string): Promise<Decided> {
    const { remediation } = proposal;
    const { user, device } = options;
    const links = linksOf(proposal);
    await options.guard(
      approvalRequest({
        user: user.id,
        decision: input.decision,
        remediation: remediation.id,
        planDigest: remediation.planDigest,
        shownPlanDigest: input.planDigest,
        requester: { type: 'agent', id: remediation.requestedBy },
        expired: isDue(remediation),
      }),
      { actor: { type: 'user', id: user.id }, links, device: { id: device.id } },
    );
    const approved = input.decision === 'approve';
    const stored = await audit.append({
      action: approved ? 'remediation.approved' : 'remediation.rejected',
      outcome: 'success',
      actor: { type: 'user', id: user.id, name: seal(user.id, user.name) },
      target: { type: 'remediation', id: remediation.id },
      links,
      device: { id: device.id, name: seal(user.id, device.name) },
      data: {
        planDigest: remediation.planDigest,
        justification: seal(user.id, justification),
        channel: input.channel,
        rule: remediation.rule.id,
        policyVersion: options.engine.version,
        reauthentication: 'none',
      },
    });
    const outcome = approved ? 'approved' : 'rejected';
    const decided = keep(proposal, {
      ...remediation,
      status: outcome,
      decision: { outcome, at: stored.record.time, by: user.id, record: stored.hash },
    });
    return { proposal: decided, record: stored.hash };
  }

  function isDue(remediation: Remediation): boolean {
    return clock.now() >= Date.parse(remediation.expiresAt);
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

  return {
    decide: (input) => alone(input.remediation, () => decide(input)),
    expireDue: async () =>
      denyEach(
        book.listWaiting().filter(({ remediation }) => isDue(remediation)),
        'timeout',
      ),
    denyAll: async (reason) => denyEach(book.listWaiting(), reason),
  };
}

function linksOf({ incident, investigation, remediation }: Proposal): Links {
  return { incident, investigation, remediation: remediation.id, request: remediation.requestHash };
}
