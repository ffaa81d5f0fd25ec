import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { IpcError } from '#shared/ipc/envelope.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { formatPlural } from '../../format/numbers.ts';

export const SHORTEST = 10;
export const LONGEST = 2000;

/** Why a justification cannot be taken yet, or null when it can. */
export function judgeJustification(text: string): string | null {
  const length = text.trim().length;
  if (length >= SHORTEST && text.length <= LONGEST) return null;
  if (text.length > LONGEST) return `At most ${LONGEST} characters; it has ${text.length}.`;
  return length === 0
    ? `Say why, in at least ${SHORTEST} characters. Every answer needs it.`
    : `${SHORTEST - length} more ${SHORTEST - length === 1 ? 'character' : 'characters'} needed.`;
}

/** Whether a proposal still waits for a decision, and if not, why. */
export function whyClosed(
  remediation: Pick<Remediation, 'status' | 'expiresAt' | 'decision'>,
  now: number,
): string | null {
  if (remediation.status !== 'proposed') {
    const by = remediation.decision;
    return by === null ? `It is ${remediation.status} meanwhile.` : `It was ${by.outcome} by ${by.by} meanwhile.`;
  }
  return Date.parse(remediation.expiresAt) <= now ? 'The time is over, which means no. Nothing will be changed.' : null;
}

/**
 * What a failed answer means. A refusal says that nothing was recorded; an internal failure leaves it open, and saying
 * more than is known would be worse than asking to look.
 */
export function describeFailure(error: Pick<IpcError, 'code'>): { readonly title: string; readonly hint: string } {
  return error.code === 'internal'
    ? {
        title: 'It is not known whether the decision was recorded',
        hint: 'What you typed is kept. Look in the audit trail before you decide again.',
      }
    : {
        title: 'The decision was not recorded, so it does not count',
        hint: 'What you typed is kept. Nothing was changed.',
      };
}

/** "0 of 2 approvals", and whether there are people enough for it. */
export function countApprovals({ given, required }: Pick<PendingApproval, 'given' | 'required'>): string {
  return `${given.length} of ${formatPlural(required, 'approval')}`;
}

/**
 * Whether the people who may approve can ever be enough. The number is the policy's and is not lowered because people
 * are few: then it is said, before somebody waits in vain.
 */
export function lacksApprovers(approval: Pick<PendingApproval, 'given' | 'required' | 'eligible'>): string | null {
  const missing = approval.required - approval.given.length;
  if (missing <= 0 || approval.eligible >= missing) return null;
  const needed = formatPlural(missing, 'more approval is', 'more approvals are');
  const people = approval.eligible === 0 ? 'nobody' : formatPlural(approval.eligible, 'person', 'people');
  return `${needed} needed, and ${people} in this workspace may give one. Invite somebody, or ask somebody at another console by file.`;
}

/** Whether approving alone does more than approving: it is no second button for somebody whose approval suffices. */
export function mayNeedGlass(
  approval: Pick<PendingApproval, 'given' | 'required' | 'mayNotDecide' | 'mayBreakGlass'>,
): boolean {
  const suffices = approval.mayNotDecide === null && approval.required - approval.given.length <= 1;
  return approval.mayBreakGlass && !suffices;
}

export type ApprovalAnswer = 'reject' | 'approve';

/**
 * The answers this person may give. Rejecting is open to everybody who may decide, the one who asked included: what must
 * take two people is the change, not its refusal.
 */
export function answersFor(options: {
  readonly mayDecide: boolean;
  readonly mayNotDecide: string | null;
  readonly closed: boolean;
}): readonly ApprovalAnswer[] {
  if (options.closed || !options.mayDecide) return [];
  return options.mayNotDecide === null ? ['reject', 'approve'] : ['reject'];
}
