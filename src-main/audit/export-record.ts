import type { AuditData } from '#shared/model/audit-data.ts';
import type { AppendInput } from './append-input.ts';
import { type ExportOptions, isDisclosed } from './export/export-request.ts';
import { ToSeal } from './seal.ts';

/** What the chain says of an export. */
export type ExportAccount = AuditData<'tenant.audit_exported'>;

/**
 * The record of an export. One that stands in the file it tells of (`inFile`) counts its own personal values as well: they
 * are disclosed there with the others.
 */
export function exportRecord(
  { by = { actor: { type: 'system', id: 'causeway' } }, disclose }: Pick<ExportOptions, 'by' | 'disclose'>,
  chain: string,
  account: ExportAccount,
  outcome: 'success' | 'failure',
  inFile = false,
): AppendInput<'tenant.audit_exported'> {
  const names = {
    '/actor/name': by.actor.name,
    '/onBehalfOf/name': by.onBehalfOf?.name,
    '/device/name': by.device?.name,
  };
  const own = Object.entries(names).filter(
    ([path, name]) => name instanceof ToSeal && isDisclosed({ disclose }, account.range.last, path),
  ).length;
  const disclosures = account.disclosures + (inFile ? own : 0);
  return {
    ...by,
    action: 'tenant.audit_exported',
    outcome,
    target: { type: 'chain', id: chain },
    data: { ...account, disclosures },
  };
}
