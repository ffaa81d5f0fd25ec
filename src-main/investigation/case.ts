import type { CredentialBroker } from '#main/credentials/broker.ts';
import type { CloudEnvironment } from '#main/credentials/environment.ts';
import type { WaitingClock } from '#main/platform/clock.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { AgentName } from '#shared/model/task.ts';
import type { AuditStore } from '../audit/store.ts';
import type { Guard } from '../policy/guard.ts';
import type { TelemetryWindow } from './agents/agent.ts';
import type { EvidenceBook } from './evidence/evidence-book.ts';
import type { LiveInvestigation } from './live-investigation.ts';

/** Everything one investigation works with. */
export interface Case {
  readonly audit: Pick<AuditStore, 'append'>;
  readonly broker: CredentialBroker;
  readonly guard: Guard;
  readonly environment: CloudEnvironment;
  /** Wall clock. The environment has its own for telemetry. */
  readonly clock: WaitingClock;
  readonly incident: Incident;
  readonly id: string;
  /** The human the agents act for. */
  readonly onBehalfOf: Actor;
  readonly live: LiveInvestigation;
  readonly book: EvidenceBook;
  readonly window: TelemetryWindow;
  readonly signal: AbortSignal;
  /** Who cancelled it, once somebody has: not always the one it was done for. */
  readonly cancelled: { by: Actor | null };
}

export function linksOf(work: { readonly incident: Pick<Incident, 'id'>; readonly id: string }): Links {
  return { incident: work.incident.id, investigation: work.id };
}

export function agentActor(agent: AgentName): Actor {
  return { type: 'agent', id: agent };
}

/** RFC 3339 with milliseconds. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
