import type { AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { CloudOutcome, RevokeInCloud } from './cloud-revocation.ts';
import type { CloudEnvironment } from './environment.ts';

/** A lease on record as issued, and not as ended, by a program that is gone. */
export interface LostLease {
  readonly record: Pick<AuditRecord, 'target' | 'links' | 'onBehalfOf'>;
  readonly data: AuditData<'credential.issued'>;
}

/** @param environments those configured now. Never rejects; `failed` when none of them has the lease's role. */
export type RevokeLost = (lost: LostLease, environments: Iterable<CloudEnvironment>) => Promise<CloudOutcome>;

/** The start of the program waits for this. */
const DEADLINE_MS = 5_000;

/**
 * The keys of a lost lease were in the memory of the program that is gone, and the session behind them lives on for what
 * is left of its 15 minutes. The session's name is on record, and no other session of the role has it.
 */
export function createLostLeaseRevoker(revokeInCloud: RevokeInCloud): RevokeLost {
  return async ({ record, data: { task, role, sessionName } }, environments) => {
    for (const environment of environments) {
      if (environment.roles[task] !== role) continue;
      const { target, onBehalfOf, links } = record;
      return revokeInCloud(
        {
          lease: target.id,
          environment,
          role,
          sessionName,
          userId: null,
          onBehalfOf: onBehalfOf && { type: onBehalfOf.type, id: onBehalfOf.id },
          links,
        },
        { deadlineMs: DEADLINE_MS },
      );
    }
    return 'failed';
  };
}
