import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { approvalRequest, type ContextValue, type PolicyRequest, proposalRequest } from '#main/policy/request.ts';
import { AGENT_OF_TASK, AgentName, TaskKind } from '#shared/model/task.ts';

const engine = await loadPolicyEngine();
const PLAN = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

const OPERATIONS: Readonly<Record<TaskKind, readonly string[]>> = {
  'log-analysis': ['logs:StartQuery', 'logs:GetQueryResults', 'logs:GetLogEvents'],
  'metric-analysis': ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics'],
  'infrastructure-inspection': [
    'ecs:DescribeClusters',
    'ecs:DescribeServices',
    'ecs:DescribeTasks',
    'ecs:DescribeTaskDefinition',
    'ec2:DescribeInstances',
  ],
  remediation: ['ecs:UpdateService', 'ecs:RegisterTaskDefinition'],
};

function call(agent: string, action: string, context: Readonly<Record<string, ContextValue>>): PolicyRequest {
  return {
    principal: { type: 'Agent', id: agent },
    action,
    resource: { type: 'CloudResource', id: '*' },
    context: { lease: 'lease-1', approved: false, withinApproval: false, ...context },
  };
}
const APPROVED = { approved: true, withinApproval: true, planDigest: PLAN, approvedPlanDigest: PLAN };

function lease(agent: string, task: string, context: Readonly<Record<string, ContextValue>> = { approved: false }) {
  return engine.decide({
    principal: { type: 'Agent', id: agent },
    action: 'issueLease',
    resource: { type: 'Task', id: task },
    context,
  });
}

describe('operations', () => {
  test('each agent may do what its task needs, under a lease of that task, and nothing else', () => {
    for (const agent of AgentName.options) {
      for (const task of TaskKind.options) {
        for (const [of, operations] of Object.entries(OPERATIONS)) {
          for (const operation of operations) {
            const allowed = AGENT_OF_TASK[task] === agent && of === task;
            const { decision } = engine.decide(call(agent, operation, { task, ...APPROVED }));
            expect([agent, task, operation, decision]).toEqual([agent, task, operation, allowed ? 'allow' : 'deny']);
          }
        }
      }
    }
  });

  test.each([
    ['without approval', { approved: false }],
    ['under the approval of another plan', { approvedPlanDigest: OTHER }],
    ['outside the approved resources', { withinApproval: false }],
  ])('nothing is changed %s', (_title, changes) => {
    for (const operation of OPERATIONS.remediation) {
      const decision = engine.decide(call('remediator', operation, { task: 'remediation', ...APPROVED, ...changes }));
      expect(decision.decision).toBe('deny');
      expect(decision.policies.length).toBeGreaterThan(0);
    }
  });

  test('nothing is changed when the digests are missing: the condition does not err, it denies', () => {
    const decision = engine.decide(
      call('remediator', 'ecs:UpdateService', { task: 'remediation', approved: true, withinApproval: true }),
    );
    expect(decision).toMatchObject({ decision: 'deny', policies: ['change-needs-approval'] });
    expect(decision.reason).toBe(
      'Nothing is changed unless the remediator does it under an approval of exactly this plan.',
    );
  });

  test.each(['ecs:DeleteService', 'ecs:RunTask', 'iam:PutRolePolicy', 'logs:DeleteLogGroup', 'issueLease', ''])(
    '%s is no operation anybody may do',
    (operation) => {
      for (const task of TaskKind.options) {
        expect(engine.decide(call(AGENT_OF_TASK[task], operation, { task, ...APPROVED })).decision).toBe('deny');
      }
    },
  );
});

describe('leases', () => {
  test('each agent may hold the lease of its task, the remediator only under an approval of exactly this plan', () => {
    for (const agent of AgentName.options) {
      for (const task of TaskKind.options) {
        const approved = { approved: true, planDigest: PLAN, approvedPlanDigest: PLAN };
        expect(lease(agent, task, approved).decision).toBe(AGENT_OF_TASK[task] === agent ? 'allow' : 'deny');
      }
    }
    expect(lease('remediator', 'remediation').policies).toEqual(['lease-remediation-needs-approval']);
    const other = { approved: true, planDigest: PLAN, approvedPlanDigest: OTHER };
    expect(lease('remediator', 'remediation', other).policies).toEqual(['lease-remediation-needs-approval']);
  });
});

describe('approvals', () => {
  const by = { type: 'user', id: 'u-1', human: 'u-1' } as const;
  const ask = {
    by,
    decision: 'approve',
    remediation: 'rem-1',
    planDigest: PLAN,
    shownPlanDigest: PLAN,
    requesters: [
      { type: 'agent', id: 'remediator' },
      { type: 'user', id: 'u-9' },
    ],
    expired: false,
  } as const;
  const user = (id: string) => ({ type: 'user', id }) as const;

  test('a person may approve what an agent requested, under the rule that is shown', () => {
    const decision = engine.decide(approvalRequest(ask));
    expect(decision).toMatchObject({
      decision: 'allow',
      policies: [engine.approvalRule.id],
      reason: engine.approvalRule.text,
    });
  });

  /** @securityTest No requester approves: not the human an agent acts for, not by another account, not by an API key */
  test.each([
    ['whoever requested it', { requesters: [user('u-1')] }, 'approve-not-by-requester'],
    ['one of several who requested it', { requesters: [user('u-8'), user('u-1')] }, 'approve-not-by-requester'],
    [
      'another account of whoever requested it',
      { by: { ...by, id: 'u-2', human: 'u-1' }, requesters: [user('u-1')] },
      'approve-not-by-requester',
    ],
    ['an API key', { by: { type: 'api_key', id: 'key-1', human: 'u-1' } as const }, 'approve-not-by-api-key'],
    ['somebody too late', { expired: true }, 'approve-not-expired'],
    ['somebody who saw another plan', { shownPlanDigest: OTHER }, 'approve-what-was-shown'],
  ])('not %s', (_title, changes, policy) => {
    const decision = engine.decide(approvalRequest({ ...ask, ...changes }));
    expect(decision).toMatchObject({ decision: 'deny', policies: [policy] });
  });

  test("not the requester's API key, which may not reject either", () => {
    const key = { ...ask, by: { type: 'api_key', id: 'key-1', human: 'u-1' } as const, requesters: [user('u-1')] };
    const { decision, policies } = engine.decide(approvalRequest(key));
    expect([decision, policies]).toEqual(['deny', ['approve-not-by-requester', 'approve-not-by-api-key']]);
    expect(engine.decide(approvalRequest({ ...key, decision: 'reject' })).decision).toBe('deny');
  });

  test('an agent of the same id as the requester is somebody else', () => {
    const requesters = [{ type: 'agent', id: 'u-1' }] as const;
    expect(engine.decide(approvalRequest({ ...ask, requesters })).decision).toBe('allow');
  });

  test('the requester may still reject; an agent may do neither', () => {
    const own = { ...ask, requesters: [user('u-1')] };
    expect(engine.decide(approvalRequest({ ...own, decision: 'reject' })).decision).toBe('allow');
    const request = approvalRequest(ask);
    expect(engine.decide({ ...request, principal: { type: 'Agent', id: 'u-1' } }).decision).toBe('deny');
  });

  test('the remediator and the orchestrator may propose, an analyst not', () => {
    expect(engine.decide(proposalRequest('remediator', 'rem-1', PLAN)).decision).toBe('allow');
    expect(engine.decide(proposalRequest('orchestrator', 'rem-1', PLAN)).decision).toBe('allow');
    expect(engine.decide(proposalRequest('log-analyst', 'rem-1', PLAN)).decision).toBe('deny');
  });
});

describe('what does not fit is denied', () => {
  const good = call('log-analyst', 'logs:StartQuery', { task: 'log-analysis' });
  test.each<[string, PolicyRequest]>([
    ['a context member of another type', { ...good, context: { ...good.context, approved: 'yes' } }],
    ['a missing context member', { ...good, context: { task: 'log-analysis' } }],
    ['a context member too many', { ...good, context: { ...good.context, sudo: true } }],
    ['a number that is no Long', { ...good, context: { ...good.context, lease: Number.NaN } }],
    ['a resource of another type', { ...good, resource: { type: 'Task', id: '*' } }],
    ['an unknown type', { ...good, resource: { type: 'Nothing', id: '*' } }],
    ['a type that is no name', { ...good, resource: { type: '"; permit(principal, action, resource);', id: '*' } }],
    ['a principal of another type', { ...good, principal: { type: 'User', id: 'log-analyst' } }],
  ])('%s', (_title, request) => {
    expect(engine.decide(good).decision).toBe('allow');
    const decision = engine.decide(request);
    expect(decision.decision).toBe('deny');
    expect(decision.reason).not.toBe('');
  });

  test('a context that contains itself', () => {
    const context: Record<string, ContextValue> = { ...good.context };
    Object.assign(context, { self: context });
    expect(engine.decide({ ...good, context }).decision).toBe('deny');
  });

  test('whatever is asked, there is an answer, and strangers get no', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
        (id, action, type, context) => {
          const decision = engine.decide({ principal: { type: 'Agent', id }, action, resource: { type, id }, context });
          expect(decision.decision).toBe('deny');
          expect(decision.policyVersion).toBe(engine.version);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('policies', () => {
  const load = (policies: string, schema = CEDAR_SCHEMA) => loadPolicyEngine({ policies, schema });

  test('a forbid that errs denies what a permit allows', async () => {
    const erring = await load(
      `${CEDAR_POLICIES}\n@id("erring") @reason("Errs.") forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };`,
    );
    const decision = erring.decide(call('log-analyst', 'logs:StartQuery', { task: 'log-analysis' }));
    expect(decision).toMatchObject({ decision: 'deny', policies: ['erring'] });
    expect(decision.reason).toContain('could not be evaluated');
  });

  test('none at all permit nothing', async () => {
    const empty = await load('');
    const decision = empty.decide(call('log-analyst', 'logs:StartQuery', { task: 'log-analysis' }));
    expect(decision).toMatchObject({ decision: 'deny', reason: 'No policy permits this.', policies: [] });
  });

  test('another text or schema is another version', async () => {
    const versions = [
      engine.version,
      (await load(`${CEDAR_POLICIES} `)).version,
      (await load(CEDAR_POLICIES, `${CEDAR_SCHEMA} `)).version,
    ];
    expect(new Set(versions).size).toBe(3);
    expect((await loadPolicyEngine()).version).toBe(engine.version);
    expect(engine.version).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['that do not parse', 'permit (principal'],
    ['that the schema does not know', '@id("a") @reason("b") permit (principal == Robot::"x", action, resource);'],
    ['without an id', '@reason("b") permit (principal, action, resource);'],
    ['without a reason', '@id("a") permit (principal, action, resource);'],
    ['with an id twice', '@id("a") @reason("b") permit (principal, action, resource);'.repeat(2)],
    [
      'that could err on a missing attribute',
      '@id("a") @reason("b") permit (principal, action, resource) when { context.planDigest == "" };',
    ],
  ])('%s are not loaded', async (_title, text) => {
    await expect(load(text)).rejects.toMatchObject({ code: 'internal', reason: 'policy-broken' });
  });
});
