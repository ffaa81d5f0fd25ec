import { canonicalDigest } from '../platform/digest.ts';
import type { PolicySource } from './cedar-rules.ts';
import { type CedarSet, deny, openCedarSet } from './cedar-set.ts';
import { OWN_POLICIES, ownRules } from './own-policies.ts';
import { type PolicyDecision, type PolicyRequest, referenceTo } from './request.ts';

export type { PolicySource };

export interface PolicyEngine {
  /** Lowercase hex SHA-256 of the policies and the schema in force. */
  readonly version: string;
  /** Never throws: what cannot be decided is denied, with the reason. */
  decide(request: PolicyRequest): PolicyDecision;
  /** The rule an approval is given under, as people are shown it. */
  readonly approvalRule: { readonly id: string; readonly text: string };
}

export const APPROVAL_RULE = 'approve-by-a-person';

/**
 * The Cedar policies of the product, checked against their schema.
 * @throws CausewayError `internal` when they do not hold together: then nothing guarded may run.
 */
export async function loadPolicyEngine(source: PolicySource = OWN_POLICIES): Promise<PolicyEngine> {
  return engineOf(source === OWN_POLICIES ? openCedarSet(source, ownRules()) : openCedarSet(source));
}

/** An engine that asks these policies. */
export function engineOf(set: CedarSet): PolicyEngine {
  return {
    version: set.version,
    decide: (request) => decide(request, set),
    approvalRule: { id: APPROVAL_RULE, text: set.rules.get(APPROVAL_RULE)?.reason ?? 'Nothing may be approved.' },
  };
}

function decide(request: PolicyRequest, set: CedarSet): PolicyDecision {
  const { principal, action, resource, context } = request;
  const digests = digestsOf(request);
  if (digests === null) {
    const unwritten = { contextDigest: NOTHING, requestDigest: NOTHING, policyVersion: set.version };
    const { decision, reason, policies } = deny('The request cannot be written down, so it is denied.');
    return { decision, reason, policies, ...unwritten };
  }
  const reference = referenceTo(principal);
  const uid = { type: principal.type, id: principal.id };
  const { decision, reason, policies } = set.ask({
    principal: uid,
    action,
    resource: { type: resource.type, id: resource.id },
    context: Object.fromEntries(
      Object.entries(context).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
    ),
    entities: [{ uid, attrs: { reference, human: principal.human ?? reference }, parents: [] }],
  });
  return { decision, reason, policies, policyVersion: set.version, ...digests };
}

const NOTHING = canonicalDigest(null).digest;

/** Null for a value that contains itself: it cannot be put on record, so the caller denies. */
function digestsOf({ principal, action, resource, context }: PolicyRequest) {
  try {
    return {
      contextDigest: canonicalDigest(context).digest,
      requestDigest: canonicalDigest({ principal, action, resource, context }).digest,
    };
  } catch {
    return null;
  }
}
