import { CausewayError } from '#shared/errors.ts';
import type { Actor } from '#shared/model/audit-record.ts';
import { actorOf, type Principal } from '../identity/principal.ts';
import type { Random } from '../platform/random.ts';
import { createCallRecorder } from './call-recorder.ts';
import { createCloudRevoker } from './cloud-revocation.ts';
import type { CloudEnvironment } from './environment.ts';
import { type IssuingNeeds, issueLease, recordRefusal } from './issue-lease.ts';
import { createKnownDefinitions, type ReadEvidence } from './known-definitions.ts';
import type { Lease, LeaseHandle, LeaseRequest, RevocationReason } from './lease.ts';
import { describeLive, type LiveLease } from './live-lease.ts';
import { createLostLeaseRevoker, type RevokeLost } from './lost-lease.ts';
import { refuseApproval } from './refusal.ts';
import { createRoleRevoker } from './role-revocation.ts';
import { createRedactor } from './sensitive-fields.ts';

/** The only source of cloud credentials. */
export interface CredentialBroker {
  /**
   * One lease for one task. A refusal is on record as `credential.issue_refused` with its reason before this rejects.
   * @throws CausewayError `approval-required`, `denied`, `bad-input`, `cloud-refused`, `cloud-unreachable`,
   * `audit-unavailable`; its `reason` is the recorded one
   */
  issue(request: LeaseRequest): Promise<Lease>;
  /** Resolves when the lease is unusable here, the cloud was told, and that is on record. Repeating it is harmless. */
  revoke(lease: Lease, reason: RevocationReason): Promise<void>;
  /** All live leases, or those of one investigation, also those just being issued. Tries every one before it rejects. */
  revokeAll(filter: { readonly investigation?: string }, reason: RevocationReason): Promise<void>;
  /**
   * Ends one lease by a person's decision, whose record it is. Whether the person may is the caller's to ask.
   * @throws CausewayError `not-found` when there is no live lease of this id; `audit-unavailable`, and the lease is
   * unusable nevertheless
   */
  revokeOne(id: string, by: Pick<Principal, 'type' | 'id'>): Promise<void>;
  live(): readonly LiveLease[];
  /** Told after a lease was issued, and after one became unusable. Returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** Ends in the cloud a session of an earlier run of the program, whose lease has no end on record. */
  readonly revokeLost: RevokeLost;
  /** Revokes everything and issues nothing more. */
  close(): Promise<void>;
}

export interface BrokerOptions extends Omit<IssuingNeeds, 'recorder' | 'revokeInCloud' | 'definitions'> {
  readonly random: Random;
  /**
   * 32 bytes of the workspace's keychain for digests of sensitive fields (`sensitive-fields.ts`). Without it the key
   * lasts as long as this broker, and digests can be compared within one run only.
   */
  readonly requestKey?: Uint8Array | undefined;
  /** Stored evidence, for approved copies whose source this broker did not see described itself (a restart between). */
  readonly readEvidence?: ReadEvidence | undefined;
  /** Told when a lease was ended here and its session lives on, because the environment has no revocation role. */
  readonly onNotRevoked?: ((lease: string, environment: CloudEnvironment) => void) | undefined;
  /**
   * Told when the end of a lease whose time passed by itself could not be recorded, which is tried again at the close; and
   * when a listener failed.
   */
  readonly onWarning?: ((error: unknown) => void) | undefined;
}

/** @param options `clock` is the wall clock: leases end by it, and approvals are as old as it says. */
export function createBroker(options: BrokerOptions): CredentialBroker {
  const { audit, clock, random, version, onRevocationFailure, onWarning } = options;
  const recorder = createCallRecorder(audit, createRedactor(options.requestKey ?? random.bytes(32)));
  const revokeInCloud = createCloudRevoker({
    recorder,
    version,
    roles: createRoleRevoker(),
    clock,
    deadlineMs: options.deadlineMs,
    onFailure: onRevocationFailure,
    onNotConfigured: options.onNotRevoked,
  });
  const definitions = createKnownDefinitions(options.readEvidence);
  const needs: IssuingNeeds = { ...options, recorder, revokeInCloud, definitions };
  const handles = new Map<string, LeaseHandle>();
  const expiries = new Map<string, NodeJS.Timeout>();
  const issuing = new Map<Promise<unknown>, string>();
  const spending = new Set<string>();
  const listeners = new Set<() => void>();
  let closed = false;

  function tell(): void {
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        onWarning?.(error); // who only wants to be told must not keep a lease from ending
      }
    }
  }

  function newId(): string {
    const id = `lease-${Buffer.from(random.bytes(4)).toString('hex')}`;
    return handles.has(id) ? newId() : id;
  }

  /** So that a lease nobody uses any more has its end on record when its time has passed, not when somebody asks. */
  function watchExpiry(handle: LeaseHandle): void {
    const { id, expiresAt } = handle.lease;
    const wait = Math.max(1_000, expiresAt - clock.now());
    const timer = setTimeout(() => {
      if (handle.lease.state() === 'active') watchExpiry(handle);
      else end(handle, 'task-finished').catch((error: unknown) => onWarning?.(error));
    }, wait);
    expiries.set(id, timer.unref());
  }

  async function issue(request: LeaseRequest): Promise<Lease> {
    if (closed) throw new CausewayError('conflict', 'The console is closing; no credentials are issued any more.');
    const id = newId();
    const approval = request.task === 'remediation' ? request.approval?.remediation : undefined;
    if (approval !== undefined && spending.has(approval)) {
      // The chain does not know yet of a lease that is on its way.
      const detail = 'A write lease is being issued under this approval.';
      throw await recordRefusal(options, id, request, refuseApproval({ reason: 'approval-used', detail }), null);
    }
    if (approval !== undefined) spending.add(approval);
    const running = issueLease(needs, id, request).then((handle) => {
      handles.set(id, handle);
      watchExpiry(handle);
      tell();
      return handle.lease;
    });
    issuing.set(running, request.investigation);
    try {
      return await running;
    } finally {
      issuing.delete(running);
      if (approval !== undefined) spending.delete(approval);
    }
  }

  async function end(handle: LeaseHandle, reason: RevocationReason, by?: Actor): Promise<void> {
    const { id } = handle.lease;
    const ending = handle.end(reason, by);
    clearTimeout(expiries.get(id));
    expiries.delete(id);
    tell(); // it is unusable from here on, whatever the record and the cloud still take
    await ending;
    handles.delete(id);
  }

  async function revokeAll(filter: { readonly investigation?: string }, reason: RevocationReason): Promise<void> {
    const concerns = (investigation: string) => (filter.investigation ?? investigation) === investigation;
    await Promise.allSettled([...issuing].filter(([, of]) => concerns(of)).map(([running]) => running));
    const concerned = [...handles.values()].filter(({ terms }) => concerns(terms.request.investigation));
    const ended = await Promise.allSettled(concerned.map((handle) => end(handle, reason)));
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
    revokeOne: async (id, by) => {
      const handle = handles.get(id);
      if (handle?.lease.state() !== 'active') {
        throw new CausewayError('not-found', `There is no live lease ${id.slice(0, 64)}; it may have ended by itself.`);
      }
      await end(handle, 'operator', actorOf(by));
    },
    live: () => [...handles.values()].filter(({ lease }) => lease.state() === 'active').map(describeLive),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    revokeLost: createLostLeaseRevoker(revokeInCloud),
    close: async () => {
      closed = true;
      await revokeAll({}, 'shutdown');
    },
  };
}
