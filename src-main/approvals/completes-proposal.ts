import type { AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';

/** An approval as the chain has it. */
export interface RecordedApproval {
  readonly record: AuditRecord;
  readonly data: AuditData<'remediation.approved'>;
}

/**
 * Whether a plan could be carried out with this approval: one given alone, or the last of as many as its proposal asked
 * for. An approval before that begins nothing, so that nothing of it can have been interrupted. For what was recorded:
 * each of these was judged when it was given, and only those under the same policies were counted together.
 * @param others every approval of the same proposal, this one among them or not
 * @param required as the record of the proposal has it; undefined in those of earlier versions, which needed one
 */
export function completesProposal(
  { record, data }: RecordedApproval,
  others: readonly RecordedApproval[],
  required: number | undefined,
): boolean {
  if (data.breakGlass !== undefined) return true;
  const people = new Set([record.actor.id]);
  for (const other of others) {
    const counted =
      other.record.seq < record.seq &&
      other.record.links?.request === record.links?.request &&
      other.data.policyVersion === data.policyVersion &&
      other.data.breakGlass === undefined;
    if (counted) people.add(other.record.actor.id);
  }
  return people.size >= (required ?? 1);
}
