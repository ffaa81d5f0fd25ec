import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { TRYING } from './cedar-module.ts';
import { excessOf } from './text-limits.ts';

/** Policy text and the schema its words come from. */
export interface PolicySource {
  readonly policies: string;
  readonly schema: string;
}

/** One policy of a text, with the id and the sentence that stand in records. */
export interface CedarRule {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly reason: string;
  readonly text: string;
}

/** What is wrong with a text. `line` counts from 1; null where Cedar does not say. */
export interface CedarProblem {
  readonly message: string;
  readonly line: number | null;
}

export interface ReadRules {
  /** By id, in the order of the text. */
  readonly rules: ReadonlyMap<string, CedarRule>;
  readonly problems: readonly CedarProblem[];
}

/** What a record has room for: the id of a deciding policy, and its sentence. */
const LONGEST_ID = 128;
const LONGEST_REASON = 1000;

/**
 * Reads a policy text and says everything that is wrong with it. A text with problems is not to be used: Cedar itself
 * would go on without a template or without an id. It is read where nothing is decided.
 * @throws CausewayError `internal` with reason `policy-engine` when Cedar fails over it
 */
export function readRules({ policies: text, schema }: PolicySource): ReadRules {
  const excess = excessOf(text);
  if (excess !== null) return { rules: new Map(), problems: [excess] };
  const parts = TRYING.call((cedar) => cedar.policySetTextToParts(text));
  if (parts.type === 'failure') return { rules: new Map(), problems: problemsOf(parts.errors, text, 0) };
  const rules = new Map<string, CedarRule>();
  const problems: CedarProblem[] = [];
  for (const template of parts.policy_templates) {
    problems.push({ message: 'A template decides nothing here; write the policy out.', line: lineOf(text, template) });
  }
  // Cedar gives them sorted by their number as text; the order of the text is that in which reasons are given.
  for (const part of parts.policies.toSorted((a, b) => text.indexOf(a) - text.indexOf(b))) {
    const rule = readRule(part, rules);
    if (typeof rule === 'string') problems.push({ message: rule, line: lineOf(text, part) });
    else rules.set(rule.id, rule);
  }
  return problems.length > 0 ? { rules, problems } : { rules, problems: misfits(text, schema, rules) };
}

function readRule(part: string, before: ReadonlyMap<string, CedarRule>): CedarRule | string {
  const json = TRYING.call((cedar) => cedar.policyToJson(part));
  if (json.type === 'failure') return json.errors.map(({ message }) => message).join('; ');
  const { id, reason } = json.json.annotations ?? {};
  if (!id || !reason || before.has(id)) return 'Every policy needs an @id of its own and a @reason.';
  if (id.length > LONGEST_ID || reason.length > LONGEST_REASON) return `The @id or the @reason of ${id} is too long.`;
  return { id, effect: json.json.effect, reason, text: part };
}

/** What does not fit the schema: an unknown word, an attribute that may be missing, a comparison of unlike things. */
function misfits(text: string, schema: string, rules: ReadonlyMap<string, CedarRule>): CedarProblem[] {
  const policies = { staticPolicies: textsOf(rules) };
  const checked = TRYING.call((cedar) => cedar.validate({ schema, policies }));
  if (checked.type === 'failure') return problemsOf(checked.errors, text, null);
  const problems = checked.validationErrors.flatMap(({ policyId, error }) =>
    problemsOf([error], text, text.indexOf(rules.get(policyId)?.text ?? '')),
  );
  const seen = new Set<string>(); // one misfit is reported for each action it is one for
  return problems.filter(({ message, line }) => !seen.has(`${line} ${message}`) && seen.add(`${line} ${message}`));
}

/** The texts by id, as Cedar takes them. */
export function textsOf(rules: ReadonlyMap<string, CedarRule>): Record<string, string> {
  return Object.fromEntries([...rules].map(([id, { text }]) => [id, text]));
}

/** `from`: where in the text the places Cedar names begin to count; null when they are places in something else. */
function problemsOf(errors: readonly DetailedError[], text: string, from: number | null): CedarProblem[] {
  return errors.map(({ message, help, sourceLocations }) => {
    const place = sourceLocations?.[0];
    const hint = help === null ? (place?.label ?? null) : help;
    return {
      message: hint === null ? message : `${message} (${hint})`,
      line: from === null || place === undefined ? null : lineAt(text, from, place.start),
    };
  });
}

function lineOf(text: string, part: string): number | null {
  const at = text.indexOf(part);
  return at < 0 ? null : lineAt(text, at, 0);
}

/** Cedar counts bytes of UTF-8. */
function lineAt(text: string, from: number, bytes: number): number {
  const before = text.slice(0, from) + Buffer.from(text.slice(from), 'utf8').subarray(0, bytes).toString('utf8');
  return before.split('\n').length;
}
