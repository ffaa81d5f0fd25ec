import type { Actor } from '#shared/model/audit-record.ts';

export type PrincipalType = 'Agent' | 'User' | 'System';
export type ContextValue = string | number | boolean | readonly string[];

/** May this principal do this with that? Types, actions and contexts are those of the schema (cedar/schema.ts). */
export interface PolicyRequest {
  readonly principal: { readonly type: PrincipalType; readonly id: string };
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: Readonly<Record<string, ContextValue>>;
}

export interface PolicyDecision {
  readonly decision: 'allow' | 'deny';
  /** A plain sentence: the deciding policy's own, or what was wrong with the request. */
  readonly reason: string;
  /** Ids of the policies that decided; empty when none applies, which denies. */
  readonly policies: readonly string[];
  /** Lowercase hex SHA-256 of the policies and the schema in force. */
  readonly policyVersion: string;
  /** SHA-256 of the RFC 8785 form of the context, lowercase hex. */
  readonly contextDigest: string;
}

/** How policies name somebody in a comparison: `user:u-1000`. A user and an agent of the same id are not the same. */
export function referenceTo(actor: { readonly type: string; readonly id: string }): string {
  return `${actor.type.toLowerCase()}:${actor.id}`;
}

/** May this agent propose this remediation? */
export function proposalRequest(agent: string, remediation: string, planDigest: string): PolicyRequest {
  return {
    principal: { type: 'Agent', id: agent },
    action: 'proposeRemediation',
    resource: { type: 'Remediation', id: remediation },
    context: { planDigest },
  };
}

/** May this person approve or reject this remediation? `requester` is the actor of the proposal on record. */
export function approvalRequest(ask: {
  readonly user: string;
  readonly decision: 'approve' | 'reject';
  readonly remediation: string;
  readonly planDigest: string;
  /** The digest of the plan the person looked at when deciding. */
  readonly shownPlanDigest: string;
  readonly requester: Pick<Actor, 'type' | 'id'>;
  readonly expired: boolean;
}): PolicyRequest {
  return {
    principal: { type: 'User', id: ask.user },
    action: ask.decision === 'approve' ? 'approveRemediation' : 'rejectRemediation',
    resource: { type: 'Remediation', id: ask.remediation },
    context: {
      planDigest: ask.planDigest,
      shownPlanDigest: ask.shownPlanDigest,
      requester: referenceTo(ask.requester),
      expired: ask.expired,
    },
  };
}
