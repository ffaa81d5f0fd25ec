import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import type { AwsCall, AwsCallHooks, AwsCallResult } from '../platform/aws-calls.ts';
import { createAwsClients } from '../platform/aws-clients.ts';
import { appendOrRefuse } from '../policy/audit-port.ts';
import { type ApprovedSteps, createApprovedSteps } from './approved-call.ts';
import type { CallOrigin, RecordedCall } from './call-recorder.ts';
import { resourceOfCall } from './call-resource.ts';
import type { CloudOutcome } from './cloud-revocation.ts';
import type { HeldKeys } from './held-keys.ts';
import type {
  Lease,
  LeaseClients,
  LeaseDependencies,
  LeaseHandle,
  LeaseState,
  LeaseTerms,
  RevocationReason,
} from './lease.ts';
import { outsideLease } from './lease-scope.ts';

const BROKER: Actor = { type: 'system', id: 'credential-broker' };

/**
 * `session` is all there is of the session's secrets. Only this closure holds it, the clients ask here at every
 * signature, and it is overwritten and let go when the lease ends.
 */
export function createLease(terms: LeaseTerms, session: HeldKeys, needs: LeaseDependencies): LeaseHandle {
  const { audit, recorder, guard, clock, definitions, monotonic = () => performance.now() } = needs;
  const { id, request, links, issuedAt, expiresAt, approved } = terms;
  const { environment, task, agent } = request;
  const origin: CallOrigin = {
    environment,
    actor: { type: 'agent', id: agent },
    onBehalfOf: request.onBehalfOf,
    links,
  };
  const listeners = new Set<(call: RecordedCall) => void>();
  const idle = createIdleWatch();
  const steps = approved === null ? null : createApprovedSteps(approved.plan, definitions.open);
  const began = monotonic();
  let held: HeldKeys | null = session;
  let phase: LeaseState = 'active';
  let calls = 0;
  let refused = 0;
  let inCloud: Promise<CloudOutcome> | undefined;
  let ending: Promise<void> | undefined;

  // By the wall clock as at the cloud, and by the time passed, because a wall clock can be put back. Once is for ever.
  const reallyPassed = () => monotonic() - began >= expiresAt - issuedAt;
  const state = (): LeaseState => {
    if (phase === 'active' && (clock.now() >= expiresAt || reallyPassed())) phase = 'expired';
    return phase;
  };
  const demandActive = () => {
    if (state() === 'active') return;
    throw new CausewayError('lease-unusable', `The lease ${id} is ${state()}; ask for a new one.`, {
      reason: `lease-${state()}`,
    });
  };

  const scope = { actions: terms.actions, resources: request.resources };
  const demandWithin = async (call: AwsCall, resource: string) => {
    const why = outsideLease(call, scope, environment);
    if (why === null) return;
    const error = new CausewayError('denied', `The lease ${id} does not cover this call: ${why}`, {
      reason: 'outside-lease',
    });
    await recorder.record(origin, call, resource, notSent(error));
    throw error;
  };

  const hooks: AwsCallHooks = {
    before: async (call) => {
      const resource = resourceOfCall(call, environment);
      try {
        demandActive();
      } catch (error) {
        refused += 1;
        if (state() === 'expired') await end('task-finished');
        await recorder.record(origin, call, resource, notSent(error));
        throw error;
      }
      idle.enter();
      try {
        await guard(
          {
            principal: { type: 'Agent', id: agent },
            action: call.operation,
            resource: { type: 'CloudResource', id: resource },
            context: { lease: id, task, ...approvalContext(approved, steps, call, resource) },
          },
          { actor: origin.actor, onBehalfOf: request.onBehalfOf, links },
        );
        await demandWithin(call, resource);
        await recorder.intend(origin, call, resource);
      } catch (error) {
        refused += 1;
        idle.leave();
        throw error;
      }
    },
    beforeAttempt: demandActive,
    after: async (call, result) => {
      try {
        if (result.attempts > 0) calls += 1;
        else refused += 1;
        const recorded = await recorder.record(origin, call, resourceOfCall(call, environment), result);
        steps?.settle(call, result.output);
        definitions.note(recorded, result.output);
        for (const listener of listeners) listener(recorded);
      } finally {
        idle.leave();
      }
    },
  };
  const clients = createAwsClients({
    endpoint: environment.endpoint,
    region: environment.region,
    keys: async () => {
      demandActive();
      if (held === null) throw new CausewayError('lease-unusable', `The lease ${id} has ended.`);
      return held.keys();
    },
    hooks,
    version: needs.version,
    once: task === 'remediation',
  });

  async function finish(reason: RevocationReason, by: Actor): Promise<void> {
    // Decided before anything is awaited: from this line on no call gets through.
    if (state() === 'active') phase = 'revoked';
    held?.forget();
    held = null;
    // A change under way is better waited for than left in doubt; a query is cut off.
    if (task !== 'remediation') clients.destroy();
    await idle.wait();
    clients.destroy();
    await recorder.catchUp();
    const record = (actor: Actor) => ({ actor, onBehalfOf: request.onBehalfOf });
    const target = { type: 'lease', id };
    // A wall clock that was put forward ends the lease here, and not the session in the cloud.
    if (phase === 'expired' && reallyPassed()) {
      await appendOrRefuse(
        audit,
        {
          action: 'credential.expired',
          outcome: 'success',
          ...record(BROKER),
          target,
          links,
          data: { task, expiredAt: new Date(expiresAt).toISOString(), calls },
        },
        `so the expiry of the lease ${id} is not on record`,
      );
      return;
    }
    inCloud ??= needs.revokeInCloud();
    const cloud = await inCloud;
    await recorder.catchUp();
    await appendOrRefuse(
      audit,
      {
        action: 'credential.revoked',
        outcome: cloud === 'failed' ? 'failure' : 'success',
        ...record(by),
        target,
        links,
        data: { task, reason, cloud, calls },
      },
      `so the revocation of the lease ${id} is not on record; it cannot be used any more`,
    );
  }

  function end(reason: RevocationReason, by: Actor = BROKER): Promise<void> {
    ending ??= finish(reason, by).catch((error: unknown) => {
      ending = undefined;
      throw error;
    });
    return ending;
  }

  const lease: Lease = {
    id,
    task,
    agent,
    environment,
    issuedAt: terms.issuedAt,
    expiresAt,
    sessionName: terms.sessionName,
    state,
    calls: () => calls,
    refused: () => refused,
    clients: new BoundClients(clients),
    onCall: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { lease: Object.freeze(lease), terms, end };
}

/** What the policy is told of the approval a call is made under. */
function approvalContext(
  approved: LeaseTerms['approved'],
  steps: ApprovedSteps | null,
  call: AwsCall,
  resource: string,
) {
  if (approved === null || steps === null) return { approved: false, withinApproval: false };
  const { planDigest, approvedPlanDigest } = approved;
  return { approved: true, withinApproval: steps.take(call, resource), planDigest, approvedPlanDigest };
}

/** A class for its getters alone: they are no own properties, so that printing or serialising a lease passes them by. */
class BoundClients implements LeaseClients {
  readonly #clients: LeaseClients;

  constructor(clients: LeaseClients) {
    this.#clients = clients;
  }

  get cloudwatch() {
    return this.#clients.cloudwatch;
  }

  get logs() {
    return this.#clients.logs;
  }

  get ecs() {
    return this.#clients.ecs;
  }

  get ec2() {
    return this.#clients.ec2;
  }
}

/** The result of a call that never left. */
function notSent(error: unknown): AwsCallResult {
  const code = error instanceof CausewayError ? (error.reason ?? error.code) : 'refused';
  return { output: null, error, code, endpoint: null, httpStatus: null, requestId: null, attempts: 0, latencyMs: 0 };
}

/** Knows whether calls are under way, and can wait until none is. */
function createIdleWatch() {
  let running = 0;
  let waiting: (() => void)[] = [];
  return {
    enter: () => {
      running += 1;
    },
    leave: () => {
      running -= 1;
      if (running > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    wait: () => (running === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
  };
}
