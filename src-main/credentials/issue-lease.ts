import { createHash } from 'node:crypto';
import { CausewayError } from '#shared/errors.ts';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { ApprovalRules } from '../approvals/approval-rules.ts';
import type { Clock } from '../platform/clock.ts';
import { type AuditReader, type AuditWriter, appendOrRefuse } from '../policy/audit-port.ts';
import type { Guard } from '../policy/guard.ts';
import { executionRequest } from '../policy/request.ts';
import { type ApprovalFacts, checkApproval } from './approval-check.ts';
import { ANSWER_UNREADABLE, assumeRole, LEASE_SECONDS, sourceIdentityOf } from './assume-role.ts';
import { type BaseOrigin, type IdentityOptions, withBaseIdentity } from './base-identity.ts';
import type { CallRecorder } from './call-recorder.ts';
import type { RevokeInCloud } from './cloud-revocation.ts';
import { createLease } from './create-lease.ts';
import type { KnownDefinitions } from './known-definitions.ts';
import type { LeaseHandle, LeaseRequest, LeaseTerms } from './lease.ts';
import { type Refusal, refuseApproval, refuseFailure } from './refusal.ts';
import { sessionPolicyFor, TASK_ACTIONS } from './session-policy.ts';

export interface IssuingNeeds {
  readonly audit: AuditWriter & AuditReader;
  readonly guard: Guard;
  /** By what approvals are judged. */
  readonly approvalRules: ApprovalRules;
  readonly clock: Clock;
  readonly recorder: CallRecorder;
  readonly revokeInCloud: RevokeInCloud;
  readonly definitions: KnownDefinitions;
  /** Of this product, for the user agent. */
  readonly version: string;
  /** Milliseconds for each of the broker's own dealings with the cloud: assuming a role, revoking a session. */
  readonly deadlineMs?: number | undefined;
  /** Told when the cloud did not confirm a revocation; the trail has it too. */
  readonly onRevocationFailure?: ((lease: string, error: unknown) => void) | undefined;
}

const BROKER: Actor = { type: 'system', id: 'credential-broker' };

/**
 * From the question to the lease: approval, policy, session, record; the first no ends it and is itself on record.
 * @throws CausewayError as CredentialBroker.issue
 */
export async function issueLease(needs: IssuingNeeds, id: string, asked: LeaseRequest): Promise<LeaseHandle> {
  const { audit, recorder, guard, approvalRules, clock, version } = needs;
  const request = { ...asked, onBehalfOf: withoutName(asked.onBehalfOf) };
  const links = linksOf(request, id);
  // A write lease rests on the chain alone. The facts are found first, so that the policy decides on them.
  const approval =
    request.task === 'remediation' ? await checkApproval(audit, request, clock.now(), approvalRules) : null;
  const planDigest = approval?.approvedPlanDigest ?? null;
  const denial =
    (await askGuard(guard, request, links, approval)) ?? (await askExecution(guard, request, links, approval));
  const refusal = approval?.verified === false ? refuseApproval(approval) : denial;
  if (refusal !== null) throw await recordRefusal(needs, id, request, refusal, planDigest);

  const origin: BaseOrigin = { environment: request.environment, actor: BROKER, onBehalfOf: request.onBehalfOf, links };
  const role = request.environment.roles[request.task];
  const actions = approval?.verified ? approval.plan.credentials.actions : TASK_ACTIONS[request.task];
  const sessionName = `${id}.${request.agent}`;
  const sourceIdentity = sourceIdentityOf(request.onBehalfOf.id);
  const issuedAt = clock.now(); // before asking, so that the lease ends here before the session ends there
  const opened = await attempt(async () => {
    const policy = sessionPolicyFor(request.task, request.resources, actions);
    const wanted = { role, sessionName, sourceIdentity, policy };
    const session = await withBaseIdentity(needs, origin, role, ({ sts }) => assumeRole(sts, wanted), {
      deadlineMs: needs.deadlineMs,
    });
    return { policy, session };
  });
  const { environment, onBehalfOf } = request;
  const revokeSession = (userId: string | null, options?: IdentityOptions) =>
    needs.revokeInCloud({ lease: id, environment, role, sessionName, userId, onBehalfOf, links }, options);
  if ('refusal' in opened) {
    const error = await recordRefusal(needs, id, request, opened.refusal, planDigest);
    // There may be a session whose keys stood in an answer that could not be read; its name is known.
    if (opened.refusal.reason === ANSWER_UNREADABLE) await revokeSession(null);
    throw error;
  }

  const { policy, session } = opened;
  const expiresAt = issuedAt + LEASE_SECONDS * 1000;
  const data: AuditData<'credential.issued'> = {
    task: request.task,
    agent: request.agent,
    role,
    sessionName,
    sourceIdentity,
    accessKeyId: session.accessKeyId,
    sessionPolicyDigest: createHash('sha256').update(policy).digest('hex'),
    actions: [...actions],
    resources: [...request.resources],
    issuedAt: new Date(issuedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    planDigest,
  };
  const revokeInCloud = (options?: IdentityOptions) => revokeSession(session.userId, options);
  try {
    await appendOrRefuse(
      audit,
      {
        action: 'credential.issued',
        outcome: 'success',
        actor: BROKER,
        onBehalfOf,
        target: leaseTarget(id),
        links,
        data,
      },
      'so no credentials were issued',
    );
  } catch (error) {
    // The session exists and nobody may know of it: better ended without a record than left open without one.
    session.forget();
    await revokeInCloud({ onUnrecorded: (cause) => needs.onRevocationFailure?.(id, cause) });
    throw error;
  }
  const approved = approvedBy(approval);
  const terms: LeaseTerms = { id, sessionName, request, links, actions, issuedAt, expiresAt, approved };
  return createLease(terms, session, {
    audit,
    recorder,
    guard,
    clock,
    version,
    definitions: needs.definitions,
    revokeInCloud,
  });
}

/** Writes `credential.issue_refused` and makes the error for the caller. */
export async function recordRefusal(
  { audit }: Pick<IssuingNeeds, 'audit'>,
  id: string,
  request: LeaseRequest,
  refusal: Refusal,
  planDigest: string | null,
): Promise<CausewayError> {
  const { reason, detail, code, cause } = refusal;
  await appendOrRefuse(
    audit,
    {
      action: 'credential.issue_refused',
      outcome: 'denied',
      actor: BROKER,
      onBehalfOf: withoutName(request.onBehalfOf),
      target: leaseTarget(id),
      links: linksOf(request, id),
      data: { task: request.task, reason: reason.slice(0, 64), detail: detail.slice(0, 1000) || reason, planDigest },
    },
    'so no credentials were issued',
  );
  return new CausewayError(code, `No credentials for ${request.task}: ${detail}`, { reason, cause });
}

/** The guard's verdict, on record either way; null when it allows. */
async function askGuard(
  guard: Guard,
  request: LeaseRequest,
  links: Links,
  approval: ApprovalFacts | null,
): Promise<Refusal | null> {
  const { planDigest, approvedPlanDigest } = approval ?? {};
  const asked = await attempt(() =>
    guard(
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
      { actor: { type: 'agent', id: request.agent }, onBehalfOf: request.onBehalfOf, links },
    ),
  );
  return 'refusal' in asked ? asked.refusal : null;
}

/** Whether what was approved may be carried out, with so many approvals; on record either way. Null: it may, or it is no such lease. */
async function askExecution(
  guard: Guard,
  request: LeaseRequest,
  links: Links,
  approval: ApprovalFacts | null,
): Promise<Refusal | null> {
  if (!approval?.verified) return null;
  const { agent, onBehalfOf } = request;
  const ask = executionRequest({ agent, remediation: approval.plan.remediation, ...approval.execution });
  const asked = await attempt(() => guard(ask, { actor: { type: 'agent', id: agent }, onBehalfOf, links }));
  return 'refusal' in asked ? asked.refusal : null;
}

/** What failed becomes a refusal; only a trail that cannot be written stops everything, as the refusal could not be either. */
async function attempt<T extends object>(action: () => Promise<T>): Promise<T | { readonly refusal: Refusal }> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof CausewayError && error.code === 'audit-unavailable') throw error;
    return { refusal: refuseFailure(error) };
  }
}

function approvedBy(approval: ApprovalFacts | null): LeaseTerms['approved'] {
  if (!approval?.verified) return null;
  const { plan, planDigest, approvedPlanDigest } = approval;
  return { plan, planDigest, approvedPlanDigest };
}

/** The name is personal, and the id says who. */
function withoutName({ type, id }: Actor): Actor {
  return { type, id };
}

function leaseTarget(id: string) {
  return { type: 'lease', id };
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
