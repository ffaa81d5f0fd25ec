import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { canonicalDigest } from '../platform/digest.ts';
import type { ApprovalRules } from './approval-rules.ts';

/** The rule a break-glass approval stands under, in its record. */
export const BREAK_GLASS_RULE = 'break-glass';
/** Longest after the last approval that a plan is carried out, whatever its proposal says. */
export const EXECUTE_WITHIN_MS = 15 * 60_000;
/** The chain's own tolerance for a clock that went back. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;
/** A proposal nobody decides on within half an hour is denied. */
export const DECIDE_WITHIN_MS = 30 * 60_000;

/** A proposal as the chain has it. */
export interface ProposalOnRecord {
  readonly hash: string;
  readonly record: AuditRecord;
  readonly data: AuditData<'remediation.proposed'>;
}

/** Why a record does not count as an approval of a proposal. */
export type ApprovalFault =
  | 'approval-not-genuine'
  | 'wrong-plan'
  | 'approver-not-person'
  | 'approver-is-requester'
  | 'approver-gone'
  | 'device-not-own'
  | 'approval-expired'
  | 'not-reauthenticated'
  | 'policy-changed';

/** An approval that counts, and whose it is. */
export interface Approval {
  readonly hash: string;
  /** The account that gave it. */
  readonly by: string;
  readonly human: string;
  /** When, RFC 3339. */
  readonly at: string;
  readonly breakGlass: boolean;
}

export type Judged =
  | { readonly counts: true; readonly approval: Approval }
  | { readonly counts: false; readonly fault: ApprovalFault; readonly detail: string };

const Approved = AUDIT_DATA['remediation.approved'];
const Proposed = AUDIT_DATA['remediation.proposed'];

/** The proposal a verified record is; null when it is none. */
export function readProposal(hash: string, record: AuditRecord): ProposalOnRecord | null {
  if (record.action !== 'remediation.proposed') return null;
  const data = Proposed.safeParse(record.data);
  return data.success ? { hash, record, data: data.data } : null;
}

/**
 * Whether a verified record is an approval of exactly this proposal that counts now: given in time, by a person who did
 * not ask for it, who proved at that moment to be that person and still may approve, under the policies still in force. What the record's own
 * genuineness rests on (hash, signature, place in the chain) was established by whoever read it.
 * @param now epoch milliseconds
 */
export function judgeApproval(
  hash: string,
  record: AuditRecord,
  proposal: ProposalOnRecord,
  rules: ApprovalRules,
  now: number,
): Judged {
  const no = (fault: ApprovalFault, detail: string): Judged => ({ counts: false, fault, detail });
  const parsed = Approved.safeParse(record.data);
  if (record.action !== 'remediation.approved' || record.outcome !== 'success' || !parsed.success) {
    return no('approval-not-genuine', `The record is ${record.action} (${record.outcome}), not an approval.`);
  }
  const { data } = parsed;
  if (record.links?.request !== proposal.hash) {
    return no('approval-not-genuine', 'The approval is of another proposal.');
  }
  const { plan, planDigest } = proposal.data;
  if (canonicalDigest(plan).digest !== planDigest || data.planDigest !== planDigest) {
    return no('wrong-plan', 'The approved digest is not the digest of the proposed plan.');
  }
  if (record.actor.type !== 'user') return no('approver-not-person', 'The approval was not given by a person.');
  const breakGlass = data.breakGlass !== undefined;
  if (breakGlass !== (data.rule === BREAK_GLASS_RULE)) {
    return no('approval-not-genuine', 'The approval is half a break-glass one: it needs both its rule and its reason.');
  }
  if ((data.channel === 'file') !== (data.file !== undefined && data.deviceKey !== undefined)) {
    return no(
      'approval-not-genuine',
      'An approval by file names the file and the key that signed it, and no other does.',
    );
  }
  if (record.device === undefined) return no('approval-not-genuine', 'The approval does not say from which device.');
  const { id } = record.actor;
  if (!breakGlass && isRequester(id, proposal.record, rules)) {
    return no('approver-is-requester', 'The person who requested the remediation approved it.');
  }
  if (!rules.mayNow(id, breakGlass ? 'approvals.break-glass' : 'approvals.decide')) {
    return no('approver-gone', 'The person who approved has left the workspace, or may not approve any more.');
  }
  if (data.deviceKey !== undefined && !isOwnDevice(data.deviceKey, id, rules)) {
    return no('device-not-own', 'The key that signed the approval was not registered by the person it is of.');
  }
  const at = Date.parse(record.time);
  if (at < Date.parse(proposal.record.time) - CLOCK_TOLERANCE_MS) {
    return no('approval-not-genuine', 'The approval is older than what it approves: a clock was put back.');
  }
  if (at >= Date.parse(proposal.data.expiresAt)) {
    return no('approval-expired', 'The proposal had expired when it was approved.');
  }
  if (at > now + CLOCK_TOLERANCE_MS) return no('approval-not-genuine', 'The approval lies in the future.');
  if (data.reauthentication === 'none') {
    return no('not-reauthenticated', 'Whoever approved did not give a password or a code at that moment.');
  }
  if (data.policyVersion !== rules.version()) {
    return no('policy-changed', 'The guardrail policies were changed after the approval. It has to be given again.');
  }
  return { counts: true, approval: { hash, by: id, human: rules.humanBehind(id), at: record.time, breakGlass } };
}

/** Whoever registers a key for somebody else could be a second person all alone. */
export function isOwnDevice(keyId: string, person: string, rules: Pick<ApprovalRules, 'deviceBinding'>): boolean {
  const bound = rules.deviceBinding(keyId);
  return bound !== null && bound.person === person && bound.registeredBy === person;
}

/**
 * Whether this account is one of those that asked: the agent, the human it acts for, and every account, alias and API key
 * of that human.
 */
export function isRequester(
  id: string,
  proposal: Pick<AuditRecord, 'actor' | 'onBehalfOf'>,
  rules: Pick<ApprovalRules, 'humanBehind'>,
): boolean {
  return requestingHumans(proposal, rules).has(rules.humanBehind(id));
}

/** The humans behind a proposal. */
export function requestingHumans(
  { actor, onBehalfOf }: Pick<AuditRecord, 'actor' | 'onBehalfOf'>,
  rules: Pick<ApprovalRules, 'humanBehind'>,
): ReadonlySet<string> {
  const asking = [actor, ...(onBehalfOf === undefined ? [] : [onBehalfOf])];
  return new Set(asking.filter(({ type }) => type !== 'agent').map(({ id }) => rules.humanBehind(id)));
}
