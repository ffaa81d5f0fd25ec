import type { Actor } from '#shared/model/audit-record.ts';

export type PrincipalType = 'Agent' | 'User' | 'System' | 'ApiKey';
export type ContextValue = string | number | boolean | readonly string[];

export interface PolicyPrincipal {
  readonly type: PrincipalType;
  readonly id: string;
  /** How policies name the human behind it: `user:u-1000`. Its own reference when nobody else is. */
  readonly human?: string;
}

/** May this principal do this with that? Types, actions and contexts are those of the schema (cedar/schema.ts). */
export interface PolicyRequest {
  readonly principal: PolicyPrincipal;
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
  /** SHA-256 of the RFC 8785 form of principal, action, resource and context, lowercase hex. */
  readonly requestDigest: string;
}

/** How policies name somebody in a comparison: `user:u-1000`. A user and an agent of the same id are not the same. */
export function referenceTo(actor: { readonly type: string; readonly id: string }): string {
  return `${actor.type === 'ApiKey' ? 'api_key' : actor.type.toLowerCase()}:${actor.id}`;
}

/** Who asks, as the identity room knows them: a person or an API key, and the human behind either. */
export interface Asker {
  readonly type: 'user' | 'api_key';
  readonly id: string;
  readonly human: string;
}

/** A person or an API key as a policy's principal. */
export function principalOf({ type, id, human }: Asker): PolicyPrincipal {
  return { type: type === 'user' ? 'User' : 'ApiKey', id, human: referenceTo({ type: 'user', id: human }) };
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

export interface DecisionAsk {
  readonly by: Asker;
  readonly remediation: string;
  readonly planDigest: string;
  /** The digest of the plan the person looked at when deciding. */
  readonly shownPlanDigest: string;
  readonly expired: boolean;
}

/**
 * May this person approve or reject this remediation? `requesters` is everybody who counts as having asked for it: the
 * agent on record, the human it acts for, every account of that human, and their API keys. An approver is compared with
 * it both as the account and as the human behind it.
 */
export function approvalRequest(
  ask: DecisionAsk & {
    readonly decision: 'approve' | 'reject';
    readonly requesters: readonly Pick<Actor, 'type' | 'id'>[];
  },
): PolicyRequest {
  return {
    principal: principalOf(ask.by),
    action: ask.decision === 'approve' ? 'approveRemediation' : 'rejectRemediation',
    resource: { type: 'Remediation', id: ask.remediation },
    context: {
      planDigest: ask.planDigest,
      shownPlanDigest: ask.shownPlanDigest,
      requesters: ask.requesters.map(referenceTo),
      expired: ask.expired,
    },
  };
}

/** May this person approve alone, in an emergency? The reason itself stays out: it is a person's own words. */
export function breakGlassRequest(ask: DecisionAsk & { readonly reasonGiven: boolean }): PolicyRequest {
  return {
    principal: principalOf(ask.by),
    action: 'breakGlass',
    resource: { type: 'Remediation', id: ask.remediation },
    context: {
      planDigest: ask.planDigest,
      shownPlanDigest: ask.shownPlanDigest,
      reasonGiven: ask.reasonGiven,
      expired: ask.expired,
    },
  };
}

/** What the number of approvals a plan needs depends on. */
export interface QuorumTerms {
  readonly severity: string;
  readonly environmentKind: string;
  /** Of the remediation: rollback, restart. */
  readonly kind: string;
}

/**
 * May this agent carry out the approved plan? `approvals`: how many different humans approved it, a break-glass approval
 * included.
 */
export function executionRequest(
  ask: QuorumTerms & {
    readonly agent: string;
    readonly remediation: string;
    readonly approvals: number;
    readonly breakGlass: boolean;
  },
): PolicyRequest {
  return {
    principal: { type: 'Agent', id: ask.agent },
    action: 'executeRemediation',
    resource: { type: 'Remediation', id: ask.remediation },
    context: {
      approvals: ask.approvals,
      breakGlass: ask.breakGlass,
      severity: ask.severity,
      environmentKind: ask.environmentKind,
      kind: ask.kind,
    },
  };
}
