import { CausewayError } from '#shared/errors.ts';
import type { Actor, Device, Links } from '#shared/model/audit-record.ts';
import { type AuditWriter, appendOrRefuse } from './audit-port.ts';
import type { PolicyEngine } from './engine.ts';
import type { PolicyDecision, PolicyRequest } from './request.ts';

/** On whose account a decision stands in the trail. */
export interface DecisionContext {
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  readonly links?: Links;
  readonly device?: Device;
}

/**
 * Decides and records. Resolves only when the decision allows and its record is durable.
 * @throws CausewayError `denied` with the policy's sentence and `reason: 'policy-denied'`; `audit-unavailable` when the
 * decision cannot be recorded, whatever it was.
 */
export type Guard = (request: PolicyRequest, who: DecisionContext) => Promise<PolicyDecision>;

/** Keeps what was decided, so that a changed policy can be tried on it. Never throws: it must not stop the guarded step. */
export type DecisionKeeper = (request: PolicyRequest, decision: PolicyDecision) => void;

export interface GuardOptions {
  readonly audit: AuditWriter;
  readonly engine: PolicyEngine;
  readonly keep?: DecisionKeeper;
}

export function createGuard({ audit, engine, keep }: GuardOptions): Guard {
  return async (request, who) => {
    const decision = engine.decide(request);
    await appendOrRefuse(
      audit,
      {
        action: 'investigation.policy_decided',
        outcome: decision.decision === 'allow' ? 'success' : 'denied',
        actor: who.actor,
        ...(who.onBehalfOf === undefined ? {} : { onBehalfOf: who.onBehalfOf }),
        target: { type: request.resource.type, id: request.resource.id },
        ...(who.links === undefined ? {} : { links: who.links }),
        ...(who.device === undefined ? {} : { device: who.device }),
        data: {
          decision: decision.decision,
          principal: `${request.principal.type}::${request.principal.id}`,
          action: request.action,
          resource: request.resource.id,
          reason: decision.reason,
          policies: [...decision.policies],
          policyVersion: decision.policyVersion,
          contextDigest: decision.contextDigest,
          requestDigest: decision.requestDigest,
        },
      },
      'so nothing was done',
    );
    keep?.(request, decision);
    if (decision.decision === 'deny') {
      throw new CausewayError('denied', `${request.action} was refused: ${decision.reason}`, {
        reason: 'policy-denied',
      });
    }
    return decision;
  };
}
