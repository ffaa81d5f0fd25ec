import { createHash } from 'node:crypto';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CausewayError, describeError } from '#shared/errors.ts';
import { type CedarModule, DECIDING } from './cedar-module.ts';
import { type CedarRule, type PolicySource, type ReadRules, readRules, textsOf } from './cedar-rules.ts';

export interface CedarQuestion {
  readonly principal: Cedar.TypeAndId;
  readonly action: string;
  readonly resource: Cedar.TypeAndId;
  readonly context: Cedar.Context;
  readonly entities: Cedar.Entities;
}

export interface CedarAnswer {
  readonly decision: 'allow' | 'deny';
  /** The first deciding policy's sentence, or what was wrong with the question. */
  readonly reason: string;
  /** Ids of the policies that decided, in the order of the text, or of those that failed. */
  readonly policies: readonly string[];
  /** What it rests on: a policy, there being none, or that it could not be decided. */
  readonly grounds: 'policy' | 'no-policy' | 'failure';
}

/** Policies ready to be asked. */
export interface CedarSet {
  /** Lowercase hex SHA-256 of the policies and the schema. */
  readonly version: string;
  readonly rules: ReadonlyMap<string, CedarRule>;
  /** Never throws: what cannot be decided is denied, with the reason. */
  ask(question: CedarQuestion): CedarAnswer;
  /** Gives the memory back; from then on everything is denied. Never throws. */
  release(): void;
}

const MAX_REASON = 1000;
const MAX_POLICIES = 32;
let opened = 0;

/** Lowercase hex SHA-256 of the policies and the schema: what a version of them is called. */
export function versionOf({ policies, schema }: PolicySource): string {
  return createHash('sha256').update(`${policies}\n---\n${schema}`).digest('hex');
}

/**
 * Reads and checks a policy text against its schema. `read` is what readRules said of this very source, if it was asked;
 * `module` is where it is asked.
 * @throws CausewayError `internal` with reason `policy-broken` when they do not hold together: then nothing guarded may
 * run; with reason `policy-engine` when Cedar fails over them
 */
export function openCedarSet(
  source: PolicySource,
  read: ReadRules = readRules(source),
  module: CedarModule = DECIDING,
): CedarSet {
  const { rules, problems } = read;
  if (problems.length > 0) throw broken(problems);
  const version = versionOf(source);
  const prepared = prepare(source, rules, version, module);
  let released = false;
  return {
    version,
    rules,
    ask: (question) => (released ? deny('These policies are not in force any more.') : ask(question, prepared, rules)),
    release: () => {
      released = true;
      prepared.forget();
    },
  };
}

/** Policies parsed ahead in an instance of Cedar. */
interface Prepared {
  /** Parses them anew where the instance is another one. */
  ask(question: CedarQuestion): Cedar.AuthorizationAnswer;
  forget(): void;
}

function prepare(
  source: PolicySource,
  rules: ReadonlyMap<string, CedarRule>,
  version: string,
  module: CedarModule,
): Prepared {
  const name = `${++opened}:${version}`; // Cedar keeps them by name
  const schema = createHash('sha256').update(source.schema).digest('hex');
  const policies = { staticPolicies: textsOf(rules) };
  let generation: number | null = null;
  const parse = () => {
    demandSuccess(module.call((cedar) => cedar.preparseSchema(schema, source.schema)));
    demandSuccess(module.call((cedar) => cedar.preparsePolicySet(name, policies)));
    generation = module.generation;
  };
  parse();
  return {
    ask: (question) => {
      if (generation !== module.generation) parse();
      const call: Cedar.StatefulAuthorizationCall = {
        ...question,
        action: { type: 'Action', id: question.action },
        preparsedSchemaName: schema,
        validateRequest: true,
        preparsedPolicySetId: name,
      };
      return module.call((cedar) => cedar.statefulIsAuthorized(call));
    },
    forget: () => {
      if (generation !== module.generation) return; // given up with its instance
      try {
        // It cannot be removed by name, but it can be emptied.
        module.call((cedar) => cedar.preparsePolicySet(name, { staticPolicies: {} }));
      } catch {
        // The instance failed and is given up, with everything in it: that is what was asked for.
      }
    },
  };
}

function ask(question: CedarQuestion, prepared: Prepared, rules: ReadonlyMap<string, CedarRule>): CedarAnswer {
  try {
    const answer = prepared.ask(question);
    if (answer.type === 'failure') {
      return deny(`The request does not fit the policy's schema: ${messages(answer.errors)}`);
    }
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) {
      // Cedar skips a forbid whose condition fails and allows the request; here one failing policy denies.
      const failed = diagnostics.errors.map(({ policyId }) => policyId);
      const text = messages(diagnostics.errors.map(({ error }) => error));
      return deny(`A policy could not be evaluated (${failed.join(', ')}): ${text}`, failed);
    }
    const ids = [...rules.keys()].filter((id) => diagnostics.reason.includes(id));
    const reason = rules.get(ids[0] ?? '')?.reason;
    if (reason === undefined) return { ...deny('No policy permits this.', ids), grounds: 'no-policy' };
    return { ...deny(reason, ids), decision: decision === 'allow' ? 'allow' : 'deny', grounds: 'policy' };
  } catch (error) {
    return deny(`The policy engine failed: ${describeError(error)}`);
  }
}

/** A denial because nothing could be decided, as a record has room for it. */
export function deny(reason: string, policies: readonly string[] = []): CedarAnswer {
  const said = { reason: reason.slice(0, MAX_REASON), policies: policies.slice(0, MAX_POLICIES) };
  return { decision: 'deny', ...said, grounds: 'failure' };
}

function demandSuccess(answer: Cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw broken(answer.errors);
}

function broken(errors: readonly { readonly message: string }[]): CausewayError {
  return new CausewayError('internal', 'The guardrail policies are damaged, so nothing can be allowed. Reinstall.', {
    reason: 'policy-broken',
    cause: new Error(messages(errors)),
  });
}

function messages(errors: readonly { readonly message: string }[]): string {
  return errors.map(({ message }) => message).join('; ');
}
