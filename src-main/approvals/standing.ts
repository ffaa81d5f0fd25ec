import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import type { AuditStore } from '../audit/store.ts';
import type { ApprovalRules } from './approval-rules.ts';
import { completing, executeBy, onePerHuman, requiredFor } from './approval-set.ts';
import { type Approval, judgeApproval, type ProposalOnRecord, readProposal } from './judge-approval.ts';
import type { Proposal } from './proposal-book.ts';

export type DecisionReader = Pick<AuditStore, 'getVerified' | 'decisionsAfter'>;
type Decision = NonNullable<Remediation['decision']>;

/** Where a proposal stands by the chain. */
export interface Standing {
  /** Approvals that count now, one per human, and break-glass ones. */
  readonly approvals: readonly Approval[];
  /** How many are needed; null when the policies in force let no number of them be enough. */
  readonly required: number | null;
  /** How it was decided; null as long as it is not. */
  readonly decision: Decision | null;
  /** Of an approved one: by one person alone, and until when it may be carried out. */
  readonly approved: { readonly breakGlass: boolean; readonly executeBy: string } | null;
}

const AGAINST = [
  ['remediation.rejected', 'rejected'],
  ['remediation.expired', 'expired'],
] as const satisfies readonly (readonly [AuditAction, Decision['outcome']])[];

/**
 * Reads from the chain who approved a proposal and how it was decided. The workspace may be behind: a decision can be on
 * record although keeping it failed afterwards, and it must not be possible to decide again then. A no counts before a
 * yes, should both ever be there.
 * @param now epoch milliseconds
 * @throws CausewayError `audit-broken` when a record that may be a decision does not verify, or is not there
 */
export async function readStanding(
  audit: DecisionReader,
  { incident, remediation }: Proposal,
  rules: ApprovalRules,
  now: number,
): Promise<Standing> {
  const all = await audit.decisionsAfter(remediation.requestHash);
  const concerning = all.flatMap(({ seq, hash, record: { action, links } }) => {
    if (links?.incident !== incident || !DECISIONS.has(action)) return [];
    const { request, remediation: named } = links;
    // Ids begin anew in a new workspace over the same chain; the proposal's own record is what cannot be taken twice.
    const concerns = request === undefined ? named === remediation.id : request === remediation.requestHash;
    if (!concerns) return [];
    const verified = audit.getVerified(hash);
    if (verified === null) throw missing(seq);
    return [verified];
  });
  const proposal = findProposal(audit, remediation.requestHash);
  const approvals =
    proposal === null
      ? []
      : concerning.flatMap(({ hash, record }) => {
          const judged = judgeApproval(hash, record, proposal, rules, now);
          return judged.counts ? [judged.approval] : [];
        });
  const given = [...onePerHuman(approvals), ...approvals.filter(({ breakGlass }) => breakGlass)];
  const required = proposal === null ? remediation.required : orNone(() => requiredFor(proposal, rules));
  for (const [action, outcome] of AGAINST) {
    // the newest first: it is the one that is kept where one decision was recorded twice
    const no = concerning.findLast(({ record }) => record.action === action);
    if (no === undefined) continue;
    const decision = { outcome, at: no.record.time, by: no.record.actor.id, record: no.hash };
    return { approvals: given, required, decision, approved: null };
  }
  const last = completing(given, required ?? Number.POSITIVE_INFINITY);
  if (last === null || proposal === null) return { approvals: given, required, decision: null, approved: null };
  return {
    approvals: given,
    required,
    decision: { outcome: 'approved', at: last.at, by: last.by, record: last.hash },
    approved: { breakGlass: last.breakGlass, executeBy: new Date(executeBy(proposal, last)).toISOString() },
  };
}

const DECISIONS: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'remediation.approved',
  ...AGAINST.map(([action]) => action),
]);

/** What is kept of a proposal, as the chain has it. */
export function withStanding(remediation: Remediation, standing: Standing): Remediation {
  const { approvals, required, decision, approved } = standing;
  return {
    ...remediation,
    required: required ?? remediation.required,
    approvals: approvals.slice(0, MOST_KEPT).map(({ by, at, hash }) => ({ by, at, record: hash })),
    ...(decision === null ? {} : { status: decision.outcome, decision }),
    ...(approved ?? {}),
  };
}

const MOST_KEPT = 9;

function findProposal(audit: DecisionReader, hash: string): ProposalOnRecord | null {
  const stored = audit.getVerified(hash);
  return stored === null ? null : readProposal(hash, stored.record);
}

/** A policy that lets nothing be carried out makes no number of approvals enough; it keeps nobody from saying no. */
function orNone(ask: () => number): number | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'denied') return null;
    throw error;
  }
}

function missing(seq: number): CausewayError {
  const text = `Record ${seq} of the audit trail, a decision, is no longer found by its hash. Nothing may rest on it.`;
  return new CausewayError('audit-broken', text, { reason: 'record-broken' });
}
