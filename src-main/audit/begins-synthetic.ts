import type { AuditRecord } from '#shared/model/audit-record.ts';
import { isSyntheticChain } from '#shared/model/synthetic.ts';

/** Whether a record begins a chain and says that everything in it is made up. `checked`: by the schemas, or what does not fit. */
export function beginsSynthetic(checked: AuditRecord | string): boolean {
  return typeof checked !== 'string' && checked.action === 'tenant.created' && isSyntheticChain(checked.data);
}
