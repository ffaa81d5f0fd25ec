import type { AuditData } from '#shared/model/audit-data.ts';
import type { AppendInput } from './append-input.ts';
import type { ExportOptions } from './export/export-request.ts';
import { ToSeal } from './seal.ts';

/** What the chain says of an export. */
export type ExportAccount = AuditData<'tenant.audit_exported'>;

/**
 * The record of an export. One that stands in the file it tells of (`inFile`) counts its own personal values as well: they
 * are disclosed there with the others.
 */
export function exportRecord(
  { by = { actor: { type: 'system', id: 'causeway' } }, disclose }: ExportOptions,
  chain: string,
  account: ExportAccount,
  outcome: 'success' | 'failure',
  inFile = false,
): AppendInput<'tenant.audit_exported'> {
  const own = [by.actor.name, by.onBehalfOf?.name, by.device?.name].filter((name) => name instanceof ToSeal).length;
  const disclosures = account.disclosures + (inFile && disclose ? own : 0);
  return {
    ...by,
    action: 'tenant.audit_exported',
    outcome,
    target: { type: 'chain', id: chain },
    data: { ...account, disclosures },
  };
}
