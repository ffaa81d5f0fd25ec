import { CEDAR_SCHEMA } from './cedar/schema.ts';
import { type CedarSet, openCedarSet, versionOf } from './cedar-set.ts';
import { problemsOfPolicy } from './check-policy.ts';
import { APPROVAL_RULE, engineOf, type PolicyEngine } from './engine.ts';
import { OWN_POLICIES, OWN_VERSION, ownRules } from './own-policies.ts';
import type { StoredVersion } from './policy-store.ts';
import type { PolicyDecision, PolicyRequest } from './request.ts';

/** What decides now. */
export interface InForce {
  /** As on record; that of the product's own policies when they were never changed. */
  readonly version: string;
  /** Empty when it is not there. */
  readonly text: string;
  readonly engine: PolicyEngine;
  /** What people have to know about it; null when there is nothing. */
  readonly notice: string | null;
  release(): void;
}

/** The product's own policies. */
export function ownInForce(): InForce {
  return opened(OWN_VERSION, OWN_POLICIES.policies, openCedarSet(OWN_POLICIES, ownRules()), null);
}

/**
 * The version on record, from its stored text. Whatever is wrong with that denies everything: a policy nobody can read
 * permits nothing.
 */
export function putInForce(
  version: string,
  stored: Pick<StoredVersion, 'policies' | 'schema'> | null,
  newerProduct: boolean,
): InForce {
  const name = version.slice(0, 12);
  if (stored === null) {
    const text = `The policies in force (${name}…) are not there any more, so everything is denied. Restore policies.db of this workspace.`;
    return denied(version, '', text);
  }
  if (versionOf(stored) !== version) {
    const text = `The policies in force (${name}…) were changed in the database, so everything is denied. Restore policies.db of this workspace.`;
    return denied(version, '', text);
  }
  const problems = stored.schema === CEDAR_SCHEMA ? [] : problemsOfPolicy(stored.policies, null);
  const problem = problems[0];
  if (problem !== undefined) {
    const text = `The policies in force (${name}…) do not fit this version of Causeway, so everything is denied but a change of the policies: ${problem}`;
    return denied(version, stored.policies, text, ownInForce());
  }
  const notice = newerProduct ? 'Causeway came with newer policies of its own; the changed ones stay in force.' : null;
  try {
    return opened(version, stored.policies, openCedarSet({ ...stored, schema: CEDAR_SCHEMA }), notice);
  } catch {
    return denied(
      version,
      stored.policies,
      `The policies in force (${name}…) cannot be read, so everything is denied.`,
    );
  }
}

function opened(version: string, text: string, set: CedarSet, notice: string | null): InForce {
  return { version, text, engine: engineOf(set), notice, release: () => set.release() };
}

/**
 * Denies everything with this reason. With `repair`, those policies still decide on a change of the policies: an update of
 * the product leads to it, never somebody who writes to the database.
 */
export function denied(version: string, text: string, reason: string, repair?: InForce): InForce {
  // Any engine knows the digests of a request; nothing of what it decides is used.
  const own = repair ?? ownInForce();
  const decide = (request: PolicyRequest): PolicyDecision => {
    const decision = own.engine.decide(request);
    if (repair !== undefined && isPolicyChange(request)) return decision;
    return { ...decision, decision: 'deny', reason: reason.slice(0, 1000), policies: [], policyVersion: version };
  };
  const approvalRule = { id: APPROVAL_RULE, text: 'Nothing may be approved.' };
  return { version, text, engine: { version, decide, approvalRule }, notice: reason, release: () => own.release() };
}

function isPolicyChange({ action, resource }: PolicyRequest): boolean {
  return action === 'changeProtection' && resource.type === 'Protection' && resource.id === 'policy-change';
}
