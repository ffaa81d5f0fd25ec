import { type Asker, type PolicyPrincipal, type PolicyRequest, principalOf, referenceTo } from './request.ts';

/** Questions of the steps around an investigation: who may be sent, who may take what out, who may change a protection. */

/** May the orchestrator send this agent to this task? `task` is a task kind. */
export function dispatchRequest(ask: {
  readonly dispatcher: string;
  readonly agent: string;
  readonly task: string;
}): PolicyRequest {
  return {
    principal: { type: 'Agent', id: ask.dispatcher },
    action: 'dispatchAgent',
    resource: { type: 'Task', id: ask.task },
    context: { agent: ask.agent },
  };
}

/** May this agent ask a language model? `purpose` is a word such as `summary`. */
export function modelRequest(agent: string, model: string, purpose: string): PolicyRequest {
  return {
    principal: { type: 'Agent', id: agent },
    action: 'callModel',
    resource: { type: 'Model', id: model },
    context: { purpose },
  };
}

/** May the audit trail leave the console in this format? `chain` is the chain's id. */
export function exportRequest(by: Asker, chain: string, format: string): PolicyRequest {
  return {
    principal: principalOf(by),
    action: 'exportTrail',
    resource: { type: 'AuditTrail', id: chain },
    context: { format },
  };
}

/** May what is stored about this person be erased? `request` names the erasure request. */
export function erasureRequest(by: Asker, subject: string, request: string): PolicyRequest {
  return {
    principal: principalOf(by),
    action: 'eraseSubject',
    resource: { type: 'Subject', id: subject },
    context: { request },
  };
}

/** May this secret be opened for this purpose? */
export function secretRequest(
  by: PolicyPrincipal,
  secret: { readonly id: string; readonly integration: string },
  purpose: string,
): PolicyRequest {
  return {
    principal: by,
    action: 'openSecret',
    resource: { type: 'Secret', id: secret.id },
    context: { integration: secret.integration, purpose },
  };
}

/**
 * May this change of a protection take effect? `by` gave the deciding approval; `requester` is the human who asked for
 * it; `approvals` counts the humans other than the requester who approved; `alone`: the workspace has one human only.
 */
export function protectionRequest(ask: {
  readonly by: Asker;
  readonly kind: string;
  readonly changeDigest: string;
  readonly requester: string;
  readonly approvals: number;
  readonly alone: boolean;
}): PolicyRequest {
  return {
    principal: principalOf(ask.by),
    action: 'changeProtection',
    resource: { type: 'Protection', id: ask.kind },
    context: {
      changeDigest: ask.changeDigest,
      requester: referenceTo({ type: 'user', id: ask.requester }),
      approvals: ask.approvals,
      alone: ask.alone,
    },
  };
}
