import { createHash } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { AgentName, TaskKind } from '#shared/model/task.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { type AuditReader, type AuditWriter, appendOrRefuse } from '../policy/audit-port.ts';
import type { Guard } from '../policy/guard.ts';
import { type ApprovalFacts, checkApproval } from './approval-check.ts';
import { type AssumedSession, assumeRole, LEASE_SECONDS, sourceIdentityOf } from './assume-role.ts';
import { withBaseIdentity } from './base-identity.ts';
import type { CallOrigin } from './call-recorder.ts';
import { createLease, type Lease, type LeaseHandle, type LeaseRequest, type RevocationReason } from './lease.ts';
import { type Refusal, refuseApproval, refuseFailure } from './refusal.ts';
import { createRoleRevoker } from './role-revocation.ts';
import { sessionPolicyFor, TASK_ACTIONS } from './session-policy.ts';

export interface LiveLease {
  readonly id: string;
  readonly task: TaskKind;
  readonly agent: AgentName;
  readonly investigation: string;
  readonly expiresAt: number;
}

/** The only source of cloud credentials. */
export interface CredentialBroker {
  /**
   * One lease for one task. A refusal is on record as `credential.issue_refused` with its reason before this rejects.
   * @throws CausewayError `approval-required`, `denied`, `bad-input`, `cloud-refused`, `cloud-unreachable`,
   * `audit-unavailable`; its `reason` is the recorded one
   */
  issue(request: LeaseRequest): Promise<Lease>;
  /** Resolves when the lease is unusable here, the cloud was told, and that is on record. */
  revoke(lease: Lease, reason: RevocationReason): Promise<void>;
  /** All live leases, or those of one investigation, also those just being issued. Tries every one before it rejects. */
  revokeAll(filter: { readonly investigation?: string }, reason: RevocationReason): Promise<void>;
  live(): readonly LiveLease[];
  /** Revokes everything and issues nothing more. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly audit: AuditWriter & AuditReader;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly random: Random;
  /** Of this product, for the user agent. */
  readonly version: string;
  /** Told when the cloud did not confirm a revocation; the trail has it too. */
  readonly onRevocationFailure?: (lease: string, error: unknown) => void;
}

const BROKER: Actor = { type: 'system', id: 'credential-broker' };

export function createBroker(options: BrokerOptions): CredentialBroker {
  const { audit, guard, clock, random, version } = options;
  const revoker = createRoleRevoker(clock);
  const handles = new Map<string, LeaseHandle>();
  const issuing = new Map<Promise<unknown>, string>();
  const spending = new Set<string>();
  let closed = false;

  async function refuse(
    request: LeaseRequest,
    links: Links,
    lease: string,
    refusal: Refusal,
    planDigest: string | null,
  ) {
    await appendOrRefuse(
      audit,
      {
        action: 'credential.issue_refused',
        outcome: 'denied',
        actor: BROKER,
        onBehalfOf: bare(request.onBehalfOf),
        target: { type: 'lease', id: lease },
        links,
        data: {
          task: request.task,
          reason: refusal.reason.slice(0, 64),
          detail: refusal.detail.slice(0, 1000) || refusal.reason,
          planDigest,
        },
      },
      'so no credentials were issued',
    );
    return new CausewayError(refusal.code, `No credentials for ${request.task}: ${refusal.detail}`, {
      reason: refusal.reason,
      cause: refusal.cause,
    });
  }

  async function issueLease(request: LeaseRequest): Promise<Lease> {
    const id = `lease-${Buffer.from(random.bytes(4)).toString('hex')}`;
    const links = linksOf(request, id);
    const approval = request.task === 'remediation' ? checkApproval(audit, request, clock.now()) : null;
    const planDigest = approval?.approvedPlanDigest ?? null;
    const denial = await decide(request, links, approval);
    if (approval?.verified === false) throw await refuse(request, links, id, refuseApproval(approval), planDigest);
    if (denial !== null) throw await refuse(request, links, id, denial, planDigest);

    const origin: CallOrigin = {
      environment: request.environment,
      actor: BROKER,
      onBehalfOf: bare(request.onBehalfOf),
      links,
    };
    const sessionName = `${id}.${request.agent}`;
    const issuedAt = clock.now();
    let policy: string;
    let session: AssumedSession;
    try {
      policy = sessionPolicyFor(request.task, request.resources, actionsOf(request, approval));
      session = await openSession(origin, request, sessionName, policy);
    } catch (error) {
      if (error instanceof CausewayError && error.code === 'audit-unavailable') throw error;
      throw await refuse(request, links, id, refuseFailure(error), planDigest);
    }
    const expiresAt = issuedAt + LEASE_SECONDS * 1000;
    await appendOrRefuse(
      audit,
      {
        action: 'credential.issued',
        outcome: 'success',
        actor: BROKER,
        onBehalfOf: bare(request.onBehalfOf),
        target: { type: 'lease', id },
        links,
        data: {
          task: request.task,
          agent: request.agent,
          role: request.environment.roles[request.task],
          sessionName,
          sourceIdentity: sourceIdentityOf(request.onBehalfOf.id),
          accessKeyId: session.accessKeyId,
          sessionPolicyDigest: createHash('sha256').update(policy).digest('hex'),
          actions: [...actionsOf(request, approval)],
          resources: [...request.resources],
          issuedAt: new Date(issuedAt).toISOString(),
          expiresAt: new Date(expiresAt).toISOString(),
          planDigest,
        },
      },
      'so no credentials were issued',
    );
    const handle = createLease(
      {
        id,
        sessionName,
        request: { ...request, onBehalfOf: bare(request.onBehalfOf) },
        links,
        issuedAt,
        expiresAt,
        approved: digestsOf(approval),
      },
      session.keys,
      { audit, guard, clock, version, revokeInCloud: () => revokeInCloud(origin, request, id, session.userId) },
    );
    handles.set(id, handle);
    return handle.lease;
  }

  /** The guard's verdict, on record either way; null when it allows. */
  async function decide(request: LeaseRequest, links: Links, approval: ApprovalFacts | null): Promise<Refusal | null> {
    const { planDigest, approvedPlanDigest } = approval ?? {};
    try {
      await guard(
        {
          principal: { type: 'Agent', id: request.agent },
          action: 'issueLease',
          resource: { type: 'Task', id: request.task },
          context: {
            approved: approval?.verified === true,
            ...(planDigest ? { planDigest } : {}),
            ...(approvedPlanDigest ? { approvedPlanDigest } : {}),
          },
        },
        { actor: { type: 'agent', id: request.agent }, onBehalfOf: bare(request.onBehalfOf), links },
      );
      return null;
    } catch (error) {
      if (error instanceof CausewayError && error.code === 'denied') return refuseFailure(error);
      throw error;
    }
  }

  function openSession(origin: CallOrigin, request: LeaseRequest, sessionName: string, policy: string) {
    const role = request.environment.roles[request.task];
    return withBaseIdentity(audit, version, origin, role, ({ sts }) =>
      assumeRole(sts, { role, sessionName, sourceIdentity: sourceIdentityOf(request.onBehalfOf.id), policy }),
    );
  }

  async function revokeInCloud(origin: CallOrigin, request: LeaseRequest, id: string, userId: string) {
    const role = request.environment.roles[request.task];
    try {
      await withBaseIdentity(audit, version, origin, role, ({ iam }) => revoker.revoke(iam, role, userId));
      return 'revoked' as const;
    } catch (error) {
      options.onRevocationFailure?.(id, error); // the failed call and the outcome of the revocation are on record
      return 'failed' as const;
    }
  }

  async function issue(request: LeaseRequest): Promise<Lease> {
    if (closed) throw new CausewayError('conflict', 'The console is closing; no credentials are issued any more.');
    const approval = request.approval?.hash;
    if (approval !== undefined && spending.has(approval)) {
      const id = 'lease-none';
      const detail = 'A write lease is being issued under this approval.';
      throw await refuse(request, linksOf(request, id), id, refuseApproval({ reason: 'approval-used', detail }), null);
    }
    if (approval !== undefined) spending.add(approval);
    const running = issueLease(request);
    issuing.set(running, request.investigation);
    try {
      return await running;
    } finally {
      issuing.delete(running);
      if (approval !== undefined) spending.delete(approval); // from here on the chain knows
    }
  }

  async function end(handle: LeaseHandle, reason: RevocationReason): Promise<void> {
    await handle.end(reason);
    handles.delete(handle.lease.id);
  }

  async function revokeAll(filter: { readonly investigation?: string }, reason: RevocationReason): Promise<void> {
    const concerns = (investigation: string) => (filter.investigation ?? investigation) === investigation;
    await Promise.allSettled([...issuing].filter(([, of]) => concerns(of)).map(([running]) => running));
    const ended = await Promise.allSettled(
      [...handles.values()].filter((handle) => concerns(handle.investigation)).map((handle) => end(handle, reason)),
    );
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  return {
    issue,
    revoke: async (lease, reason) => {
      const handle = handles.get(lease.id);
      if (handle !== undefined) await end(handle, reason);
    },
    revokeAll,
    live: () =>
      [...handles.values()]
        .filter(({ lease }) => lease.state() === 'active')
        .map(({ lease: { id, task, agent, expiresAt }, investigation }) => ({
          id,
          task,
          agent,
          investigation,
          expiresAt,
        })),
    close: async () => {
      closed = true;
      await revokeAll({}, 'shutdown');
    },
  };
}

/** Without the name: it is personal, and the id says who. */
function bare({ type, id }: Actor): Actor {
  return { type, id };
}

/** The actions asked for: the task's own, or those of the approved plan. */
function actionsOf(request: LeaseRequest, approval: ApprovalFacts | null): readonly string[] {
  return approval?.verified ? approval.plan.credentials.actions : TASK_ACTIONS[request.task];
}

function digestsOf(approval: ApprovalFacts | null) {
  if (!approval?.verified || approval.planDigest === null || approval.approvedPlanDigest === null) return null;
  return { planDigest: approval.planDigest, approvedPlanDigest: approval.approvedPlanDigest };
}

function linksOf({ incident, investigation, approval }: LeaseRequest, lease: string): Links {
  const genuine = approval !== undefined && /^[0-9a-f]{64}$/.test(approval.hash);
  return {
    incident,
    investigation,
    lease,
    ...(approval === undefined ? {} : { remediation: approval.remediation }),
    ...(genuine ? { approval: approval.hash } : {}),
  };
}
