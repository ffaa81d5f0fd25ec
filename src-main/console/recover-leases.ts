import {
  listRows,
  RECOVERY_ACTOR,
  type ReadRecord,
  type RecoveryTrail,
  readAt,
  unfinishedRows,
  withoutName,
} from './recover-trail.ts';

/**
 * Leases without an end on record: live when the program was killed, or ended while the trail could not be written.
 * Their keys were in its memory only and are gone with it; the trail still has to say how each one ended: expired where
 * its time has passed, otherwise given up, with what the trail knows of the cloud.
 */
export async function closeLostLeases(trail: RecoveryTrail, now: number): Promise<void> {
  for (const { seq } of unfinishedRows(trail, 'credential.issued', ['credential.revoked', 'credential.expired'])) {
    const issued = readAt(trail, seq, 'credential.issued');
    if (issued !== null) await closeLease(trail, issued, now);
  }
}

async function closeLease(trail: RecoveryTrail, issued: ReadRecord<'credential.issued'>, now: number): Promise<void> {
  const { target, links, onBehalfOf } = issued.record;
  const { task, agent, expiresAt } = issued.data;
  const calls = callsUnder(trail, issued, agent).filter(({ data }) => data.attempts > 0).length;
  const common = { actor: RECOVERY_ACTOR, ...withoutName(onBehalfOf), target, ...(links && { links }) };
  if (Date.parse(expiresAt) <= now) {
    const data = { task, expiredAt: expiresAt, calls };
    await trail.append({ action: 'credential.expired', outcome: 'success', ...common, data });
    return;
  }
  const revoked = callsUnder(trail, issued, 'credential-broker').some(
    ({ record, data }) => data.operation === 'iam:PutRolePolicy' && record.outcome === 'success',
  );
  await trail.append({
    action: 'credential.revoked',
    outcome: revoked ? 'success' : 'failure',
    ...common,
    data: { task, reason: 'shutdown', cloud: revoked ? 'revoked' : 'failed', calls },
  });
}

/** Calls on record under one lease, made by one actor, oldest first. */
export function callsUnder(
  trail: Pick<RecoveryTrail, 'page' | 'get'>,
  { record: { target, links } }: ReadRecord<'credential.issued'>,
  actor: string,
): readonly ReadRecord<'investigation.system_called'>[] {
  const query = { action: 'investigation.system_called', text: target.id, actor } as const;
  return listRows(trail, links?.incident === undefined ? query : { ...query, incident: links.incident })
    .flatMap(({ seq }) => readAt(trail, seq, 'investigation.system_called') ?? [])
    .filter(({ record }) => record.links?.lease === target.id);
}
