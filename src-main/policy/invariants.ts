import { Severity } from '#shared/model/incident.ts';
import { RemediationKind } from '#shared/model/plan.ts';
import { AgentName } from '#shared/model/task.ts';
import { meaningOf } from './added-rules.ts';
import type { CedarRule } from './cedar-rules.ts';
import type { PolicyEngine } from './engine.ts';
import { APPROVAL_CHECKS } from './invariants-approval.ts';
import { ownRules } from './own-policies.ts';
import { executionRequest, type PolicyRequest, type QuorumTerms } from './request.ts';
import { erasureRequest, modelRequest, protectionRequest, secretRequest } from './step-requests.ts';

/** Something every policy must keep, whatever else a workspace changes. */
export interface Invariant {
  /** What a person is told when a text does not keep it. */
  readonly sentence: string;
  readonly expected: 'allow' | 'deny';
  readonly requests: readonly PolicyRequest[];
}

const PLAN = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const PERSON = { type: 'user', id: 'u-000000000001', human: 'u-000000000001' } as const;
const KEY = { type: 'api_key', id: 'key-000000000001', human: 'u-000000000001' } as const;

/** Every combination the number of approvals may depend on. */
export const ALL_TERMS: readonly QuorumTerms[] = Severity.options.flatMap((severity) =>
  ['sandbox', 'aws'].flatMap((environmentKind) =>
    RemediationKind.options.map((kind) => ({ severity, environmentKind, kind })),
  ),
);

const APPROVALS_THAT_ARE_NONE = [
  { approved: false },
  { approved: false, planDigest: PLAN, approvedPlanDigest: PLAN },
  { approved: true, planDigest: PLAN },
  { approved: true, planDigest: PLAN, approvedPlanDigest: OTHER },
] as const;

const leases = AgentName.options.flatMap((agent) =>
  APPROVALS_THAT_ARE_NONE.map((context) => request(agent, 'issueLease', 'Task', 'remediation', context)),
);

const changes = AgentName.options.flatMap((agent) =>
  ['ecs:UpdateService', 'ecs:RegisterTaskDefinition'].flatMap((operation) =>
    [
      ...APPROVALS_THAT_ARE_NONE.map((approval) => ({ ...approval, withinApproval: true })),
      { approved: true, planDigest: PLAN, approvedPlanDigest: PLAN, withinApproval: false },
    ].map((approval) =>
      request(agent, operation, 'CloudResource', '*', { ...approval, lease: 'lease-1', task: 'remediation' }),
    ),
  ),
);

function request(
  agent: string,
  action: string,
  type: string,
  id: string,
  context: PolicyRequest['context'],
): PolicyRequest {
  return { principal: { type: 'Agent', id: agent }, action, resource: { type, id }, context };
}

function protection(changesOfIt: Partial<Parameters<typeof protectionRequest>[0]>): PolicyRequest {
  const ask = { by: PERSON, kind: 'policy-change', changeDigest: PLAN, requester: 'u-000000000002', approvals: 1 };
  return protectionRequest({ ...ask, alone: false, ...changesOfIt });
}

export const INVARIANTS: readonly Invariant[] = [
  {
    sentence: 'A lease that can change anything may not be issued without an approval of exactly its plan.',
    expected: 'deny',
    requests: leases,
  },
  {
    sentence: 'Nothing may be changed without an approval of exactly this step of this plan.',
    expected: 'deny',
    requests: changes,
  },
  ...APPROVAL_CHECKS,
  {
    sentence: 'A remediation that nobody approved may not be carried out.',
    expected: 'deny',
    requests: ALL_TERMS.flatMap((terms) =>
      [true, false].map((breakGlass) =>
        executionRequest({ agent: 'remediator', remediation: 'rem-1', approvals: 0, breakGlass, ...terms }),
      ),
    ),
  },
  {
    sentence: 'No agent may call a language model.',
    expected: 'deny',
    requests: AgentName.options.map((agent) => modelRequest(agent, 'any', 'summary')),
  },
  {
    sentence: 'An action nobody knows may not be permitted.',
    expected: 'deny',
    requests: AgentName.options.flatMap((agent) =>
      ['ecs:DeleteService', 'iam:PutRolePolicy', 'anything'].map((action) =>
        request(agent, action, 'CloudResource', '*', { lease: 'lease-1', task: 'remediation' }),
      ),
    ),
  },
  {
    sentence: "Agents may not get an integration's secret.",
    expected: 'deny',
    requests: AgentName.options.map((id) =>
      secretRequest({ type: 'Agent', id }, { id: 's-1', integration: 'any' }, 'send'),
    ),
  },
  {
    sentence: 'What is stored about a person may be erased by a person only.',
    expected: 'deny',
    requests: [
      erasureRequest(KEY, 'u-000000000002', 'request-1'),
      { ...erasureRequest(KEY, 'u-000000000002', 'request-1'), principal: { type: 'System', id: 'retention' } },
    ],
  },
  {
    sentence: 'A protection may not be changed without a second person, where there is one.',
    expected: 'deny',
    requests: [
      protection({ approvals: 0 }),
      protection({ requester: PERSON.human }),
      protection({ by: { ...PERSON, id: 'u-000000000003' }, requester: PERSON.human }),
      protection({ by: KEY }),
      protection({ by: KEY, alone: true, requester: PERSON.human, approvals: 0 }),
    ],
  },
  {
    sentence: 'Two people must still be able to change the policies, or nobody could ever again.',
    expected: 'allow',
    requests: [protection({}), protection({ alone: true, requester: PERSON.human, approvals: 0 })],
  },
];

/** The sentences of those an engine does not keep. */
export function brokenInvariants(engine: Pick<PolicyEngine, 'decide'>): string[] {
  return INVARIANTS.filter(({ expected, requests }) =>
    requests.some((asked) => engine.decide(asked).decision !== expected),
  ).map(({ sentence }) => sentence);
}

/**
 * Policies a changed text has to hold unchanged, but for their sentence. The table above can only try some requests; a
 * forbid that is still there holds for all of them, since no permit wins over it. What else the text has is looked at in
 * added-rules.ts; so the permits without which nobody could reject, or change the policies, stay as well.
 */
const KEPT_RULES = [
  'lease-remediation-needs-approval',
  'change-needs-approval',
  'change-as-planned',
  'approve-by-a-person',
  'approve-not-by-requester',
  'approve-not-by-api-key',
  'approve-not-expired',
  'approve-what-was-shown',
  'break-glass-needs-a-reason',
  'break-glass-in-time',
  'break-glass-what-was-shown',
  'execute-needs-approval',
  'no-model',
  'erase-only-by-a-person',
  'open-secret-not-by-agents',
  'change-protection',
  'change-protection-needs-two',
] as const;

/** What is missing of the rules that have to stay, in sentences. */
export function missingRules(rules: ReadonlyMap<string, CedarRule>): string[] {
  const own = ownRules().rules;
  return KEPT_RULES.filter((id) => meaningOf(rules.get(id)) !== meaningOf(own.get(id))).map(
    (id) => `The rule "${id}" has to stay as it is: ${own.get(id)?.reason}`,
  );
}
