import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { AuditStore } from '../audit/store.ts';

type Trail = Pick<AuditStore, 'append' | 'page' | 'get'>;

const SYSTEM: Actor = { type: 'system', id: 'console' };
const PAGE = 500;

/**
 * Leases that were live when the program was killed. Their keys were in its memory only and are gone with it; the trail
 * still has to say how each one ended: expired where its time has passed, otherwise given up without the cloud knowing.
 */
export async function closeLostLeases(audit: Trail, incident: string, now: number): Promise<void> {
  const records = listCredentialRecords(audit, incident);
  const ended = new Set(
    records
      .filter(({ action }) => action === 'credential.revoked' || action === 'credential.expired')
      .map(({ target }) => target.id),
  );
  for (const { action, target, links, onBehalfOf, data } of records) {
    if (action !== 'credential.issued' || ended.has(target.id)) continue;
    const { task, expiresAt } = AUDIT_DATA['credential.issued'].parse(data);
    const calls = audit.page({ incident, action: 'investigation.system_called', text: target.id, limit: 1 }).total;
    const common = { actor: SYSTEM, onBehalfOf, target, links };
    if (Date.parse(expiresAt) <= now) {
      await audit.append({
        action: 'credential.expired',
        outcome: 'success',
        ...common,
        data: { task, expiredAt: expiresAt, calls },
      });
    } else {
      await audit.append({
        action: 'credential.revoked',
        outcome: 'failure',
        ...common,
        data: { task, reason: 'shutdown', cloud: 'failed', calls },
      });
    }
  }
}

function listCredentialRecords(audit: Trail, incident: string) {
  const seqs: number[] = [];
  for (let before: number | undefined; ; ) {
    const query = { incident, category: 'credential', limit: PAGE } as const;
    const { rows } = audit.page(before === undefined ? query : { ...query, before });
    seqs.push(...rows.map(({ seq }) => seq));
    before = rows.at(-1)?.seq;
    if (rows.length < PAGE || before === undefined || before === 1) break;
  }
  return seqs.flatMap((seq) => audit.get(seq)?.record ?? []);
}
