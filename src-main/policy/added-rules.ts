import type { EntityUidJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { canonicalDigest } from '../platform/digest.ts';
import { TRYING } from './cedar-module.ts';
import type { CedarRule } from './cedar-rules.ts';
import { ownRules } from './own-policies.ts';

/**
 * What rules of a workspace's own may reach. The invariants try some requests; a condition can tell those from all others
 * (`context.changeDigest like "aaaa*"`). So what an added or changed rule is about is read from its head alone: a
 * condition can only take away from that.
 */

/** No rule of a workspace's own may forbid these, or one accepted text would keep everybody from ever changing it. */
const NEVER_FORBIDDEN = ['changeProtection', 'rejectRemediation'] as const;
/** Who else may agree to a change of a protection is not for a workspace to say. */
const NEVER_PERMITTED = ['changeProtection'] as const;
/** A person has to answer for these: whoever else may is not for a workspace to say, either. */
const BY_PEOPLE_ONLY = ['approveRemediation', 'breakGlass'] as const;
const POLICY_CHANGE = { type: 'Protection', id: 'policy-change' } as const;

/** What added or changed rules reach that they may not, in sentences. */
export function overreachingRules(rules: ReadonlyMap<string, CedarRule>): string[] {
  const own = ownRules().rules;
  return [...rules.values()].flatMap((rule) => {
    const json = readJson(rule);
    if (json !== null && digestOf(json) === meaningOf(own.get(rule.id))) return [];
    if (json === null) return [`The rule "${rule.id}" cannot be read.`];
    return json.effect === 'forbid' ? overreachingForbid(rule.id, json) : overreachingPermit(rule.id, json);
  });
}

function overreachingForbid(id: string, { principal, action, resource }: PolicyJson): string[] {
  if (!reachesType(principal, 'User')) return [];
  return NEVER_FORBIDDEN.filter((name) => reachesAction(action, name) && reachesResource(resource, name)).map(
    (name) =>
      `The rule "${id}" may not forbid people ${name}: a text could then keep everybody from it for good. Name the actions it is about in its head, without this one.`,
  );
}

function overreachingPermit(id: string, { principal, action }: PolicyJson): string[] {
  const never = NEVER_PERMITTED.filter((name) => reachesAction(action, name)).map(
    (name) => `The rule "${id}" may not permit ${name}: only the policies of the product do.`,
  );
  const people = isOnly(principal, 'User')
    ? []
    : BY_PEOPLE_ONLY.filter((name) => reachesAction(action, name)).map(
        (name) => `The rule "${id}" may permit ${name} to people only: "principal is User" has to stand in its head.`,
      );
  return [...never, ...people];
}

function reachesAction(action: PolicyJson['action'], name: string): boolean {
  if (action.op === 'All') return true;
  if ('entities' in action) return action.entities.some((entity) => isAction(entity, name));
  return !('entity' in action) || isAction(action.entity, name);
}

/** None of these actions is in a group, so a head reaches one only by its name. */
function isAction(entity: EntityUidJson, name: string): boolean {
  return uidOf(entity).id === name;
}

/** Whether a head can be about an entity of this type; a group (`in`) has members of any type. */
function reachesType(scope: PolicyJson['principal'], type: string): boolean {
  if (scope.op === 'is') return scope.entity_type === type;
  if (scope.op === '==' && 'entity' in scope) return uidOf(scope.entity).type === type;
  return true;
}

function isOnly(scope: PolicyJson['principal'], type: string): boolean {
  return scope.op !== 'All' && scope.op !== 'in' && reachesType(scope, type);
}

function reachesResource(resource: PolicyJson['resource'], name: (typeof NEVER_FORBIDDEN)[number]): boolean {
  if (name === 'rejectRemediation') return reachesType(resource, 'Remediation');
  if (!reachesType(resource, POLICY_CHANGE.type)) return false;
  return resource.op !== '==' || !('entity' in resource) || uidOf(resource.entity).id === POLICY_CHANGE.id;
}

function uidOf(entity: EntityUidJson): { readonly type: string; readonly id: string } {
  return '__entity' in entity ? entity.__entity : entity;
}

/** Digest of what a policy says, whatever its layout, comments and sentence; null when there is none. */
export function meaningOf(rule: CedarRule | undefined): string | null {
  const json = rule === undefined ? null : readJson(rule);
  return json === null ? null : digestOf(json);
}

function readJson({ text }: CedarRule): PolicyJson | null {
  const read = TRYING.call((cedar) => cedar.policyToJson(text));
  return read.type === 'failure' ? null : read.json;
}

function digestOf({ annotations: _, ...meaning }: PolicyJson): string {
  return canonicalDigest(meaning).digest;
}
