import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { AuditData } from '#shared/model/audit-data.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';
import type { AgentName, TaskKind } from '#shared/model/task.ts';
import type { Clock } from '../platform/clock.ts';
import type { AuditWriter } from '../policy/audit-port.ts';
import type { Guard } from '../policy/guard.ts';
import type { CallRecorder, RecordedCall } from './call-recorder.ts';
import type { CloudOutcome } from './cloud-revocation.ts';
import type { CloudEnvironment } from './environment.ts';
import type { KnownDefinitions } from './known-definitions.ts';

export interface LeaseRequest {
  readonly environment: CloudEnvironment;
  readonly task: TaskKind;
  readonly agent: AgentName;
  readonly incident: string;
  readonly investigation: string;
  /** The human the agent works for. */
  readonly onBehalfOf: Actor;
  /** ARNs the session is narrowed to; `*` only for tasks whose actions support no resource. */
  readonly resources: readonly string[];
  /** Record hash of the approval and id of the remediation; needed for the task `remediation`. */
  readonly approval?: { readonly hash: string; readonly remediation: string };
}

export type LeaseState = 'active' | 'revoked' | 'expired';
export type RevocationReason = AuditData<'credential.revoked'>['reason'];

/**
 * Permission to call the cloud for one task, 15 minutes at most. Its keys are in no field; the SDK's clients can be asked
 * for them while the lease is active, and by nobody after it has ended.
 */
export interface Lease {
  readonly id: string;
  readonly task: TaskKind;
  readonly agent: AgentName;
  readonly environment: CloudEnvironment;
  /** Epoch milliseconds of the broker's clock. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** What CloudTrail calls the session. */
  readonly sessionName: string;
  state(): LeaseState;
  /** Calls that were sent. */
  calls(): number;
  /** Calls that were refused here, before anything was sent. */
  refused(): number;
  /** Each call checks the lease, asks the guard and is recorded before its answer is given. */
  readonly clients: LeaseClients;
  /** Called after each recorded call; returns how to stop listening. */
  onCall(listener: (call: RecordedCall) => void): () => void;
}

export interface LeaseClients {
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
}

/** The lease with what only the broker may do with it. */
export interface LeaseHandle {
  readonly lease: Lease;
  readonly terms: LeaseTerms;
  /**
   * Ends the lease at once, for ever and with exactly one record: `credential.revoked`, or `credential.expired` when its
   * time had passed before, not by the wall clock alone. Repeating it is harmless.
   * @param by the person who ended it; without one, the broker
   * @throws CausewayError `audit-unavailable`; the lease is unusable nevertheless, and calling again tries again.
   */
  end(reason: RevocationReason, by?: Actor): Promise<void>;
}

export interface LeaseTerms {
  readonly id: string;
  readonly sessionName: string;
  readonly request: LeaseRequest;
  readonly links: Links;
  /** What the session policy allows, in IAM notation. */
  readonly actions: readonly string[];
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** For write leases: the approved plan, and the digests the policy compares. */
  readonly approved: {
    readonly plan: RemediationPlan;
    readonly planDigest: string;
    readonly approvedPlanDigest: string;
  } | null;
}

export interface LeaseDependencies {
  readonly audit: AuditWriter;
  readonly recorder: CallRecorder;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly version: string;
  readonly definitions: KnownDefinitions;
  /** Milliseconds that never go back; for the lease's age. */
  readonly monotonic?: () => number;
  /** Makes the cloud refuse the session; resolves with what came of it. Never rejects. */
  revokeInCloud(): Promise<CloudOutcome>;
}
