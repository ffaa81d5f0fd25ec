import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor, AuditRecord, Device, Links, Outcome, Target } from '#shared/model/audit-record.ts';

/** A record as it is asked for; the store adds the rest and signs. */
export interface RecordDraft<A extends AuditAction> {
  readonly action: A;
  readonly outcome: Outcome;
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  readonly target: Target;
  readonly links?: Links;
  readonly device?: Device;
  readonly data: AuditData<A>;
}

/** What of the audit store is needed to write. Resolves when the record is durable. */
export interface AuditWriter {
  append<A extends AuditAction>(draft: RecordDraft<A>): Promise<{ readonly hash: string }>;
}

/** What is needed to rely on an earlier record. */
export interface AuditReader {
  /** The record with this hash, its bytes, link and signature checked; null when there is none or a check fails. */
  getVerified(hash: string): Promise<{ readonly hash: string; readonly record: AuditRecord } | null>;
}

/**
 * Writes a record or fails with `audit-unavailable`: what cannot be recorded must not happen.
 * `consequence` completes the sentence for the user, e.g. "so nothing was sent".
 */
export async function appendOrRefuse<A extends AuditAction>(
  audit: AuditWriter,
  draft: RecordDraft<A>,
  consequence: string,
): Promise<string> {
  try {
    return (await audit.append(draft)).hash;
  } catch (cause) {
    throw new CausewayError('audit-unavailable', `The audit trail cannot be written, ${consequence}.`, { cause });
  }
}
