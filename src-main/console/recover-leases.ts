import type { CloudOutcome } from '../credentials/cloud-revocation.ts';
import {
  listRows,
  RECOVERY_ACTOR,
  type ReadRecord,
  type RecoveryTrail,
  readAt,
  unfinishedRows,
  withoutName,
} from './recover-trail.ts';

/** Ends the session of a lost lease in the cloud, where a role for that is configured. Never rejects. */
export type RevokeLost = (lost: ReadRecord<'credential.issued'>) => Promise<CloudOutcome>;

/**
 * Leases without an end on record: live when the program was killed, or ended while the trail could not be written.
 * Their keys were in its memory only and are gone with it; the sessions behind them may live on for minutes. The trail has
 * to say how each one ended: expired where its time has passed, otherwise given up, and ended in the cloud as far as that
 * is configured. Changes nobody knows the outcome of are put on record as unknown first.
 * @param revokeLost without it, nothing is asked of the cloud
 */
export async function closeLostLeases(trail: RecoveryTrail, now: number, revokeLost?: RevokeLost): Promise<void> {
  const rows = unfinishedRows(trail, 'credential.issued', ['credential.revoked', 'credential.expired']);
  const lost = rows.flatMap(({ seq }) => readAt(trail, seq, 'credential.issued') ?? []);
  for (const issued of lost) await recordUnknownOutcomes(trail, issued);
  await settleOwnIntents(trail);
  // All at once: the start waits for them, and a cloud that does not answer costs each its whole time.
  const ended = await Promise.all(
    lost.map(async (issued) => ({ issued, cloud: await endInCloud(trail, issued, now, revokeLost) })),
  );
  for (const { issued, cloud } of ended) await closeLease(trail, issued, cloud);
}

/**
 * What is over by the wall clock may live on in the cloud when that clock is wrong: only after so long is it believed
 * without asking. Put forward by hours, a clock is a mistake or an attack; by more than a day, somebody looks.
 */
const SURELY_OVER_MS = 24 * 3_600_000;

/** Null for a lease whose time has passed, and with it its session's. */
async function endInCloud(
  trail: RecoveryTrail,
  issued: ReadRecord<'credential.issued'>,
  now: number,
  revokeLost: RevokeLost | undefined,
): Promise<CloudOutcome | null> {
  const expiresAt = Date.parse(issued.data.expiresAt);
  if (expiresAt + SURELY_OVER_MS <= now) return null;
  const confirmed = callsUnder(trail, issued, 'credential-broker').some(
    ({ record, data }) =>
      data.operation === 'iam:PutRolePolicy' && data.phase !== 'intent' && record.outcome === 'success',
  );
  if (confirmed) return 'revoked';
  const over = expiresAt <= now;
  if (revokeLost === undefined) return over ? null : 'failed';
  const cloud = await revokeLost(issued);
  return over && cloud === 'not-configured' ? null : cloud; // nothing better than the clock is known then
}

async function closeLease(
  trail: RecoveryTrail,
  issued: ReadRecord<'credential.issued'>,
  cloud: CloudOutcome | null,
): Promise<void> {
  const { target, links, onBehalfOf } = issued.record;
  const { task, agent, expiresAt } = issued.data;
  const calls = callsUnder(trail, issued, agent).filter(({ data }) => data.attempts > 0).length;
  const common = { actor: RECOVERY_ACTOR, ...withoutName(onBehalfOf), target, ...(links && { links }) };
  if (cloud === null) {
    const data = { task, expiredAt: expiresAt, calls };
    await trail.append({ action: 'credential.expired', outcome: 'success', ...common, data });
    return;
  }
  await trail.append({
    action: 'credential.revoked',
    outcome: cloud === 'failed' ? 'failure' : 'success',
    ...common,
    data: { task, reason: 'program-ended', cloud, calls },
  });
}

/** Changes that were announced under a lease and have no outcome on record: whether the cloud made them nobody knows. */
async function recordUnknownOutcomes(trail: RecoveryTrail, issued: ReadRecord<'credential.issued'>): Promise<void> {
  const actors = [issued.data.agent, 'credential-broker', RECOVERY_ACTOR.id];
  await recordUnknown(trail, openIntents(actors.flatMap((actor) => callsUnder(trail, issued, actor))));
}

/** Newest calls looked at of each of the console's own callers: what a kill left open stands at the end of the trail. */
const RECENT = 500;

/**
 * Changes the console itself announced outside a lease on record: a key the vault asked AWS KMS for, a denial for a
 * session whose lease could not be recorded.
 */
async function settleOwnIntents(trail: RecoveryTrail): Promise<void> {
  const calls = ['credential-broker', 'secret-vault', RECOVERY_ACTOR.id].flatMap((actor) =>
    trail
      .page({ action: 'investigation.system_called', actor, limit: RECENT })
      .rows.flatMap(({ seq }) => readAt(trail, seq, 'investigation.system_called') ?? []),
  );
  await recordUnknown(trail, openIntents(calls));
}

async function recordUnknown(
  trail: RecoveryTrail,
  intents: readonly ReadRecord<'investigation.system_called'>[],
): Promise<void> {
  for (const { record, hash, data } of intents) {
    await trail.append({
      action: 'investigation.system_called',
      outcome: 'failure',
      actor: RECOVERY_ACTOR,
      ...withoutName(record.onBehalfOf ?? record.actor),
      target: record.target,
      ...(record.links && { links: record.links }),
      data: { ...data, code: 'unknown', phase: 'unknown', intent: hash },
    });
  }
}

/** Of the calls under one lease, the announced changes nothing later speaks of. */
export function openIntents(
  calls: readonly ReadRecord<'investigation.system_called'>[],
): readonly ReadRecord<'investigation.system_called'>[] {
  const settled = new Set(calls.map(({ data }) => data.intent));
  return calls.filter(({ data, hash }) => data.phase === 'intent' && !settled.has(hash));
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
