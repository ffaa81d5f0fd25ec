import { CausewayError } from '#shared/errors.ts';
import type { AgentName, TaskKind } from '#shared/model/task.ts';
import type { Random } from '../platform/random.ts';
import { type IssuingNeeds, issueLease, recordRefusal } from './issue-lease.ts';
import { createKnownDefinitions, type ReadEvidence } from './known-definitions.ts';
import type { Lease, LeaseHandle, LeaseRequest, RevocationReason } from './lease.ts';
import { refuseApproval } from './refusal.ts';
import { createRoleRevoker } from './role-revocation.ts';

export interface LiveLease {
  readonly id: string;
  readonly task: TaskKind;
  readonly agent: AgentName;
  readonly investigation: string;
  /** Epoch milliseconds. */
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
  /** Resolves when the lease is unusable here, the cloud was told, and that is on record. Repeating it is harmless. */
  revoke(lease: Lease, reason: RevocationReason): Promise<void>;
  /** All live leases, or those of one investigation, also those just being issued. Tries every one before it rejects. */
  revokeAll(filter: { readonly investigation?: string }, reason: RevocationReason): Promise<void>;
  live(): readonly LiveLease[];
  /** Revokes everything and issues nothing more. */
  close(): Promise<void>;
}

export interface BrokerOptions extends Omit<IssuingNeeds, 'revoker' | 'definitions'> {
  readonly random: Random;
  /** Stored evidence, for approved copies whose source this broker did not see described itself (a restart between). */
  readonly readEvidence?: ReadEvidence | undefined;
}

/** @param options `clock` is the wall clock: leases end by it, and approvals are as old as it says. */
export function createBroker(options: BrokerOptions): CredentialBroker {
  const needs: IssuingNeeds = {
    ...options,
    revoker: createRoleRevoker(options.clock),
    definitions: createKnownDefinitions(options.readEvidence),
  };
  const handles = new Map<string, LeaseHandle>();
  const issuing = new Map<Promise<unknown>, string>();
  const spending = new Set<string>();
  let closed = false;

  function newId(): string {
    const id = `lease-${Buffer.from(options.random.bytes(4)).toString('hex')}`;
    return handles.has(id) ? newId() : id;
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
    live: () => [...handles.values()].filter(({ lease }) => lease.state() === 'active').map(describeLive),
    close: async () => {
      closed = true;
      await revokeAll({}, 'shutdown');
    },
  };
}

function describeLive({ lease: { id, task, agent, expiresAt }, investigation }: LeaseHandle): LiveLease {
  return { id, task, agent, investigation, expiresAt };
}
