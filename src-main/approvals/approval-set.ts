import type { ApprovalRules } from './approval-rules.ts';
import { type Approval, EXECUTE_WITHIN_MS, type ProposalOnRecord } from './judge-approval.ts';

/**
 * How many approvals a proposal needs: what the policies in force say of it as it stands on record, and never fewer than
 * were asked for when it was made. One for proposals of versions that did not say what they were of.
 * @throws what the policy engine throws
 */
export function requiredFor({ data }: ProposalOnRecord, rules: Pick<ApprovalRules, 'required'>): number {
  const { severity, environmentKind, approvalsRequired, plan } = data;
  const asked = approvalsRequired ?? 1;
  if (severity === undefined || environmentKind === undefined) return asked;
  return Math.max(asked, rules.required({ severity, environmentKind, kind: plan.kind }));
}

/** One approval per human, the first of each, in the order they were given. Break-glass ones stand for themselves. */
export function onePerHuman(approvals: readonly Approval[]): readonly Approval[] {
  const seen = new Set<string>();
  return approvals
    .filter(({ breakGlass }) => !breakGlass)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .filter(({ human }) => {
      const first = !seen.has(human);
      seen.add(human);
      return first;
    });
}

/** The approval that made it enough, by one person alone or by as many as are needed; null: not enough yet. */
export function completing(approvals: readonly Approval[], required: number): Approval | null {
  const alone = approvals.find(({ breakGlass }) => breakGlass);
  return onePerHuman(approvals)[required - 1] ?? alone ?? null;
}

/** After this an approved plan is not carried out any more, epoch milliseconds. */
export function executeBy({ data }: ProposalOnRecord, approval: Pick<Approval, 'at'>): number {
  return Date.parse(approval.at) + Math.min(data.executeWithinMs ?? EXECUTE_WITHIN_MS, EXECUTE_WITHIN_MS);
}
