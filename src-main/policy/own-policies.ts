import { CEDAR_POLICIES } from './cedar/policies.ts';
import { CEDAR_SCHEMA } from './cedar/schema.ts';
import { type PolicySource, type ReadRules, readRules } from './cedar-rules.ts';
import { versionOf } from './cedar-set.ts';

/** The product's own guardrail policies. */
export const OWN_POLICIES: PolicySource = { policies: CEDAR_POLICIES, schema: CEDAR_SCHEMA };
export const OWN_VERSION = versionOf(OWN_POLICIES);

let read: ReadRules | undefined;

/** Read and validated once: that takes longer than a hundred decisions. */
export function ownRules(): ReadRules {
  read ??= readRules(OWN_POLICIES);
  return read;
}
