import { OPERATORS } from './condition-operators.ts';
import { matchesAction, matchesPattern } from './match.ts';
import type { Condition, Policy, Statement } from './policy-document.ts';

/** Condition keys of a request, in lower case. */
export type RequestContext = Readonly<Record<string, string | undefined>>;

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** Trust policies only: the caller's ARNs and account forms the Principal element may name. */
  readonly principalForms?: readonly string[];
}

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string; readonly explicit: boolean };

/** The caller's policies. `session` is present for sessions assumed with a session policy: then both sides must allow. */
export interface EffectivePolicies {
  readonly identity: readonly Policy[];
  readonly session: readonly Policy[] | undefined;
}

/** IAM's order: an explicit deny anywhere wins; otherwise every policy type present must allow; otherwise no. */
export function decideAccess(policies: EffectivePolicies, request: AccessRequest): Decision {
  const verb = request.action;
  const denied = (type: string) => ({
    allowed: false as const,
    explicit: true,
    reason: `with an explicit deny in ${type} policy`,
  });
  if (hasMatch(policies.identity, 'Deny', request)) return denied('an identity-based');
  if (policies.session !== undefined && hasMatch(policies.session, 'Deny', request)) return denied('a session');
  if (!hasMatch(policies.identity, 'Allow', request)) {
    return { allowed: false, explicit: false, reason: `because no identity-based policy allows the ${verb} action` };
  }
  if (policies.session !== undefined && !hasMatch(policies.session, 'Allow', request)) {
    return { allowed: false, explicit: false, reason: `because no session policy allows the ${verb} action` };
  }
  return { allowed: true };
}

/** A role's trust policy names who may assume it. */
export function decideTrust(trust: Policy, request: AccessRequest): boolean {
  return !hasMatch([trust], 'Deny', request) && hasMatch([trust], 'Allow', request);
}

function hasMatch(policies: readonly Policy[], effect: Statement['effect'], request: AccessRequest): boolean {
  return policies.some((policy) =>
    policy.statements.some((statement) => statement.effect === effect && applies(statement, request)),
  );
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const action = statement.actions.some((pattern) => matchesAction(pattern, request.action));
  const resource = statement.resources.some((pattern) => matchesPattern(pattern, request.resource));
  if (action === statement.notActions || resource === statement.notResources) return false;
  if (request.principalForms !== undefined) {
    const forms = request.principalForms;
    if (!statement.principals.some((principal) => principal === '*' || forms.includes(principal))) return false;
  }
  return statement.conditions.every((condition) => conditionHolds(condition, request.context));
}

function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const actual = context[condition.key];
  if (condition.operator === 'Null') {
    return condition.values.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  }
  const operator = OPERATORS[condition.operator];
  if (operator === undefined) return false;
  if (actual === undefined) return condition.ifExists || operator.negated;
  const some = condition.values.some((value) => operator.holds(actual, value));
  return operator.negated ? !some : some;
}
