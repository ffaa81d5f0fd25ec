import type { LeaseView } from '#shared/ipc/access-views.ts';
import type { AgentName, TaskKind } from '#shared/model/task.ts';
import type { LeaseHandle } from './lease.ts';

/** A lease as people are shown it. Nothing of its keys is in here. */
export interface LiveLease {
  readonly id: string;
  readonly task: TaskKind;
  readonly agent: AgentName;
  readonly incident: string;
  readonly investigation: string;
  /** Twelve digits. */
  readonly account: string;
  readonly environment: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Calls that were sent so far. */
  readonly calls: number;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Whether ending it early also reaches the cloud. */
  readonly cloudRevocation: LeaseView['cloudRevocation'];
}

export function describeLive({ lease, terms: { request, actions } }: LeaseHandle): LiveLease {
  const { environment, incident, investigation, resources } = request;
  const { id, task, agent, issuedAt, expiresAt } = lease;
  return {
    id,
    task,
    agent,
    incident,
    investigation,
    account: environment.account,
    environment: environment.id,
    actions,
    resources,
    calls: lease.calls(),
    issuedAt,
    expiresAt,
    cloudRevocation: environment.revocationRole === null ? 'not-configured' : 'configured',
  };
}

export function toLeaseView(live: LiveLease): LeaseView {
  return {
    ...live,
    actions: live.actions.slice(0, 32),
    resources: live.resources.slice(0, 64).map((resource) => resource.slice(0, 1024)),
    issuedAt: new Date(live.issuedAt).toISOString(),
    expiresAt: new Date(live.expiresAt).toISOString(),
  };
}
