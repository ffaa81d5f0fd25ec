import { createHash } from 'node:crypto';
import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CausewayError, describeError } from '#shared/errors.ts';
import { canonicalDigest } from '../platform/digest.ts';
import { CEDAR_POLICIES } from './cedar/policies.ts';
import { CEDAR_SCHEMA } from './cedar/schema.ts';
import { type PolicyDecision, type PolicyRequest, referenceTo } from './request.ts';

export interface PolicyEngine {
  /** Lowercase hex SHA-256 of the policies and the schema in force. */
  readonly version: string;
  /** Never throws: what cannot be decided is denied, with the reason. */
  decide(request: PolicyRequest): PolicyDecision;
  /** The rule an approval is given under, as people are shown it. */
  readonly approvalRule: { readonly id: string; readonly text: string };
}

/** Policy text and schema; the product's own unless a test gives others. */
export interface PolicySource {
  readonly policies: string;
  readonly schema: string;
}

const APPROVAL_RULE = 'approve-by-a-person';
const MAX_REASON = 1000;

/**
 * The Cedar policies of the product, checked against their schema.
 * @throws CausewayError `internal` when they do not hold together: then nothing guarded may run.
 */
export async function loadPolicyEngine(
  source: PolicySource = { policies: CEDAR_POLICIES, schema: CEDAR_SCHEMA },
): Promise<PolicyEngine> {
  const policies = readPolicies(source);
  const version = createHash('sha256').update(`${source.policies}\n---\n${source.schema}`).digest('hex');
  demandSuccess(cedar.preparsePolicySet(version, { staticPolicies: textsOf(policies) }));
  demandSuccess(cedar.preparseSchema(version, source.schema));
  const approval = policies.get(APPROVAL_RULE);
  return {
    version,
    decide: (request) => decide(request, version, policies),
    approvalRule: { id: APPROVAL_RULE, text: approval?.reason ?? 'Nothing may be approved.' },
  };
}

interface Policy {
  readonly text: string;
  readonly reason: string;
}
type Policies = ReadonlyMap<string, Policy>;

function readPolicies({ policies: text, schema }: PolicySource): Policies {
  const parts = cedar.policySetTextToParts(text);
  if (parts.type === 'failure') throw broken(parts.errors);
  const policies = new Map<string, Policy>();
  // Cedar gives them sorted by their number as text; the order of the text is that in which reasons are given.
  for (const part of parts.policies.toSorted((a, b) => text.indexOf(a) - text.indexOf(b))) {
    const json = cedar.policyToJson(part);
    if (json.type === 'failure') throw broken(json.errors);
    const { id, reason } = json.json.annotations ?? {};
    if (!id || !reason || policies.has(id)) {
      throw broken([{ message: `every policy needs an @id of its own and a @reason: ${part.slice(0, 80)}` }]);
    }
    policies.set(id, { text: part, reason });
  }
  const checked = cedar.validate({ schema, policies: { staticPolicies: textsOf(policies) } });
  if (checked.type === 'failure') throw broken(checked.errors);
  if (checked.validationErrors.length > 0) throw broken(checked.validationErrors.map(({ error }) => error));
  return policies;
}

function textsOf(policies: Policies): Record<string, string> {
  return Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
}

function demandSuccess(answer: cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw broken(answer.errors);
}

function broken(errors: readonly { readonly message: string }[]): CausewayError {
  return new CausewayError('internal', 'The guardrail policies are damaged, so nothing can be allowed. Reinstall.', {
    reason: 'policy-broken',
    cause: new Error(errors.map(({ message }) => message).join('; ')),
  });
}

function decide(request: PolicyRequest, version: string, policies: Policies): PolicyDecision {
  const digest = digestOf(request.context);
  const deny = (reason: string, ids: readonly string[] = []): PolicyDecision => ({
    decision: 'deny',
    reason: reason.slice(0, MAX_REASON),
    policies: ids,
    policyVersion: version,
    contextDigest: digest ?? canonicalDigest(null).digest,
  });
  if (digest === null) return deny('The request cannot be written down, so it is denied.');
  try {
    const answer = cedar.statefulIsAuthorized(toCedar(request, version));
    if (answer.type === 'failure')
      return deny(`The request does not fit the policy's schema: ${messages(answer.errors)}`);
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      // Cedar skips a forbid whose condition fails and allows the request; here one failing policy denies.
      const failed = diagnostics.errors.map(({ policyId }) => policyId);
      const text = messages(diagnostics.errors.map(({ error }) => error));
      return deny(`A policy could not be evaluated (${failed.join(', ')}): ${text}`, failed);
    }
    const ids = [...policies.keys()].filter((id) => diagnostics.reason.includes(id)); // in the order of the text
    const reason = policies.get(ids[0] ?? '')?.reason;
    if (reason === undefined) return deny('No policy permits this.', ids);
    return { ...deny(reason, ids), decision: decision === 'allow' ? 'allow' : 'deny' };
  } catch (error) {
    return deny(`The policy engine failed: ${describeError(error)}`);
  }
}

function toCedar(request: PolicyRequest, version: string): cedar.StatefulAuthorizationCall {
  const principal = { type: request.principal.type, id: request.principal.id };
  return {
    principal,
    action: { type: 'Action', id: request.action },
    resource: { type: request.resource.type, id: request.resource.id },
    context: Object.fromEntries(
      Object.entries(request.context).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
    ),
    preparsedSchemaName: version,
    validateRequest: true,
    preparsedPolicySetId: version,
    entities: [{ uid: principal, attrs: { reference: referenceTo(principal) }, parents: [] }],
  };
}

function digestOf(context: unknown): string | null {
  try {
    return canonicalDigest(context).digest;
  } catch {
    return null; // a value that contains itself; the caller denies
  }
}

function messages(errors: readonly { readonly message: string }[]): string {
  return errors.map(({ message }) => message).join('; ');
}
