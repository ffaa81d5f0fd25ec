import { CausewayError } from '#shared/errors.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AppendInput } from '../audit/append-input.ts';
import type { AuditStore } from '../audit/store.ts';

/** What of the audit store is needed to write. */
export type AuditWriter = Pick<AuditStore, 'append'>;

/** What is needed to rely on earlier records. */
export type AuditReader = Pick<AuditStore, 'getVerified' | 'decisionsAfter'>;

/**
 * Writes a record; resolves with its hash when it is durable.
 * @param consequence completes the sentence for the user, e.g. "so nothing was sent"
 * @throws CausewayError `audit-unavailable`: what cannot be recorded must not happen
 */
export async function appendOrRefuse<A extends AuditAction>(
  audit: AuditWriter,
  input: AppendInput<A>,
  consequence: string,
): Promise<string> {
  try {
    return (await audit.append(input)).hash;
  } catch (cause) {
    const why = cause instanceof CausewayError ? ` ${cause.message}` : '';
    throw new CausewayError('audit-unavailable', `The audit trail cannot be written, ${consequence}.${why}`, { cause });
  }
}
