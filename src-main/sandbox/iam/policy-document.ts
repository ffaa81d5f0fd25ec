import { z } from 'zod';
import { OPERATORS } from './condition-operators.ts';

/** A policy as evaluated: lists where AWS allows a single value. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  /** Trust policies only: ARNs or account ids of AWS principals, or `*`. */
  readonly principals: readonly string[];
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Policy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

export type PolicyUse = 'identity' | 'trust';

const Text = z.union([z.string(), z.array(z.string()).min(1)]);
const ConditionValue = z.union([z.string(), z.boolean(), z.number()]);
const StatementJson = z.strictObject({
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]*$/)
    .optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: Text })]).optional(),
  Action: Text.optional(),
  NotAction: Text.optional(),
  Resource: Text.optional(),
  NotResource: Text.optional(),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([ConditionValue, z.array(ConditionValue).min(1)])))
    .optional(),
});
const PolicyJson = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).default('2008-10-17'),
  Id: z.string().optional(),
  Statement: z.union([StatementJson, z.array(StatementJson).min(1)]),
});

const ACTION = /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;
const RESOURCE = /^(\*|arn:[^:\s]+:[^:]*:[^:]*:[^:]*:.+)$/s;

/** The document, or why AWS would call it malformed. Nothing half-understood is accepted: an ignored part could grant. */
export function parsePolicy(name: string, text: string, use: PolicyUse): Policy | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'This policy contains invalid Json';
  }
  const parsed = PolicyJson.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `Syntax errors in policy at ${issue?.path.join('.') || 'top'}: ${issue?.message ?? 'unreadable'}`;
  }
  const raw = parsed.data.Statement;
  const statements: Statement[] = [];
  const sids = new Set<string>();
  for (const statement of Array.isArray(raw) ? raw : [raw]) {
    if (statement.Sid !== undefined && sids.has(statement.Sid))
      return 'Statement IDs (SID) in a policy must be unique.';
    if (statement.Sid !== undefined) sids.add(statement.Sid);
    const read = readStatement(statement, use);
    if (typeof read === 'string') return read;
    statements.push(read);
  }
  return { name, statements };
}

function readStatement(json: z.infer<typeof StatementJson>, use: PolicyUse): Statement | string {
  if ((json.Action === undefined) === (json.NotAction === undefined)) {
    return 'Policy statement must contain actions: exactly one of Action and NotAction.';
  }
  const actions = list(json.Action ?? json.NotAction);
  const badAction = actions.find((action) => !ACTION.test(action));
  if (badAction !== undefined) return `Actions/Conditions must be prefaced by a vendor: '${badAction}'.`;
  if (use === 'trust') {
    if (json.Resource !== undefined || json.NotResource !== undefined) return 'Has prohibited field Resource';
    if (json.Principal === undefined) return 'Missing required field Principal';
  } else {
    if (json.Principal !== undefined) return 'Policy document should not specify a principal.';
    if ((json.Resource === undefined) === (json.NotResource === undefined)) {
      return 'Policy statement must contain resources: exactly one of Resource and NotResource.';
    }
  }
  const resources = use === 'trust' ? ['*'] : list(json.Resource ?? json.NotResource);
  const badResource = resources.find((resource) => !RESOURCE.test(resource));
  if (badResource !== undefined) return `Resource ${badResource} must be in ARN format or "*".`;
  if (resources.some((resource) => resource.includes('${'))) return 'Policy variables are not available here.';
  const conditions = readConditions(json.Condition ?? {});
  if (typeof conditions === 'string') return conditions;
  return {
    sid: json.Sid,
    effect: json.Effect,
    actions,
    notActions: json.NotAction !== undefined,
    resources,
    notResources: json.NotResource !== undefined,
    principals: json.Principal === undefined ? [] : json.Principal === '*' ? ['*'] : list(json.Principal.AWS),
    conditions,
  };
}

function readConditions(json: NonNullable<z.infer<typeof StatementJson>['Condition']>): readonly Condition[] | string {
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(json)) {
    const ifExists = name.endsWith('IfExists') && name !== 'NullIfExists';
    const operator = ifExists ? name.slice(0, -'IfExists'.length) : name;
    if (!Object.hasOwn(OPERATORS, operator)) return `Invalid Condition type : ${name}.`;
    for (const [key, value] of Object.entries(keys)) {
      if (!/^[A-Za-z0-9-]+:[A-Za-z0-9/:_.+=@-]+$/.test(key)) return `Invalid Condition key : ${key}.`;
      const values = (Array.isArray(value) ? value : [value]).map(String);
      if (values.some((text) => text.includes('${'))) return 'Policy variables are not available here.';
      const bad = values.find((text) => OPERATORS[operator]?.valid(text) === false);
      if (bad !== undefined) return `Invalid value '${bad}' for ${name}.`;
      conditions.push({ operator, ifExists, key: key.toLowerCase(), values });
    }
  }
  return conditions;
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
