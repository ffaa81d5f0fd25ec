import type { SelfTest } from '#shared/ipc/verification-views.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { AppendInput } from './append-input.ts';
import { canonicalBytes } from './canonical.ts';
import { hashRecord } from './hash.ts';
import type { StoredRecord } from './store.ts';

const FRAMEWORK = 'console';
const CONTROL = 'audit-store-append-only';
type Update = AppendInput<'tenant.control_updated'>;

/** The record of a self-attack: whether the control is in place, and the digest of what was found (JCS). */
export function selfAttackRecord(result: SelfTest, before: readonly (StoredRecord | null)[]): Update {
  const held = result.attacks.every((attack) => attack.held);
  return {
    action: 'tenant.control_updated',
    outcome: held ? 'success' : 'failure',
    actor: { type: 'system', id: 'causeway' },
    target: { type: 'control', id: CONTROL },
    data: {
      framework: FRAMEWORK,
      control: CONTROL,
      oldStatus: lastStatus(before),
      newStatus: held ? 'in-place' : 'gap',
      owner: null,
      evidence: [hashRecord(canonicalBytes(result))],
    },
  };
}

/** Of records of this action, newest first. */
function lastStatus(records: readonly (StoredRecord | null)[]): string | null {
  for (const stored of records) {
    const data = AUDIT_DATA['tenant.control_updated'].safeParse(stored?.record.data);
    if (data.success && data.data.framework === FRAMEWORK && data.data.control === CONTROL) return data.data.newStatus;
  }
  return null;
}
