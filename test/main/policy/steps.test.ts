import { describe, expect, test } from 'vitest';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { ALL_TERMS } from '#main/policy/invariants.ts';
import { requiredApprovals } from '#main/policy/quorum.ts';
import { breakGlassRequest, executionRequest, type PolicyRequest } from '#main/policy/request.ts';
import {
  dispatchRequest,
  erasureRequest,
  exportRequest,
  modelRequest,
  protectionRequest,
  secretRequest,
} from '#main/policy/step-requests.ts';
import { AGENT_OF_TASK, AgentName, TaskKind } from '#shared/model/task.ts';

const engine = await loadPolicyEngine();
const PLAN = 'a'.repeat(64);
const USER = { type: 'user', id: 'u-1', human: 'u-1' } as const;
const KEY = { type: 'api_key', id: 'key-1', human: 'u-1' } as const;
const AGENT = { type: 'Agent', id: 'remediator' } as const;
const SYSTEM = { type: 'System', id: 'vault' } as const;

/** `allow`, or the policies that deny; `none` when no policy decides. */
function ask(request: PolicyRequest): string {
  const { decision, policies } = engine.decide(request);
  return decision === 'allow' ? 'allow' : policies.join(' ') || 'none';
}

test('the orchestrator sends each agent to its own task, and nobody else sends anybody', () => {
  for (const dispatcher of AgentName.options) {
    for (const agent of AgentName.options) {
      for (const task of TaskKind.options) {
        const allowed = dispatcher === 'orchestrator' && AGENT_OF_TASK[task] === agent;
        const answer = ask(dispatchRequest({ dispatcher, agent, task }));
        expect([dispatcher, agent, task, answer]).toEqual([dispatcher, agent, task, allowed ? 'allow' : 'none']);
      }
    }
  }
});

test('no agent calls a language model, and is told so', () => {
  for (const agent of AgentName.options) expect(ask(modelRequest(agent, 'any', 'summary'))).toBe('no-model');
  expect(engine.decide(modelRequest('orchestrator', 'any', 'summary')).reason).toContain('language model');
});

test('people and API keys export the trail; only people erase; agents open no secret', () => {
  const system = (request: PolicyRequest): PolicyRequest => ({ ...request, principal: SYSTEM });
  expect(ask(exportRequest(USER, 'chain-1', 'ocsf'))).toBe('allow');
  expect(ask(exportRequest(KEY, 'chain-1', 'ocsf'))).toBe('allow');
  expect(ask(system(exportRequest(USER, 'chain-1', 'ocsf')))).toBe('none');
  expect(ask(erasureRequest(USER, 'u-2', 'request-1'))).toBe('allow');
  expect(ask(erasureRequest(KEY, 'u-2', 'request-1'))).toBe('erase-only-by-a-person');
  expect(ask(system(erasureRequest(USER, 'u-2', 'request-1')))).toBe('erase-only-by-a-person');
  const secret = { id: 's-1', integration: 'pagerduty' };
  expect(ask(secretRequest(SYSTEM, secret, 'send'))).toBe('allow');
  expect(ask(secretRequest(SYSTEM, secret, ''))).toBe('none');
  expect(ask(secretRequest(AGENT, secret, 'send'))).toBe('open-secret-not-by-agents');
});

test.each([
  ['a person with a reason', {}, 'allow'],
  ['not without a reason', { reasonGiven: false }, 'break-glass-needs-a-reason'],
  ['not too late', { expired: true }, 'break-glass-in-time'],
  ['not for another plan', { shownPlanDigest: 'b'.repeat(64) }, 'break-glass-what-was-shown'],
  ['not an API key', { by: KEY }, 'approve-not-by-api-key'],
])('approving alone: %s', (_title, changes, answer) => {
  const given = { by: USER, remediation: 'rem-1', planDigest: PLAN, shownPlanDigest: PLAN } as const;
  expect(ask(breakGlassRequest({ ...given, expired: false, reasonGiven: true, ...changes }))).toBe(answer);
});

test.each([
  ['with another person', {}, 'allow'],
  ['not without', { approvals: 0 }, 'change-protection-needs-two'],
  ['not by the requester', { requester: 'u-1' }, 'change-protection-needs-two'],
  [
    'not by another account of the requester',
    { by: { ...USER, id: 'u-3' }, requester: 'u-1' },
    'change-protection-needs-two',
  ],
  ['by the only human there is', { requester: 'u-1', approvals: 0, alone: true }, 'allow'],
  ['not by an API key', { by: KEY, alone: true }, 'none'],
])('changing a protection: %s', (_title, changes, answer) => {
  const given = { by: USER, kind: 'policy-change', changeDigest: PLAN, requester: 'u-2', approvals: 1, alone: false };
  expect(ask(protectionRequest({ ...given, ...changes }))).toBe(answer);
});

describe('the number of approvals', () => {
  test('is two for a critical incident of a real environment, otherwise one', () => {
    for (const terms of ALL_TERMS) {
      const two = terms.severity === 'critical' && terms.environmentKind === 'aws';
      expect([terms, requiredApprovals(engine, terms)]).toEqual([terms, two ? 2 : 1]);
    }
  });

  /** @securityTest Nothing is carried out below the number of approvals the policy asks for, except in an emergency, and nothing at all without one */
  test('is what carrying out asks for', () => {
    const terms = { severity: 'critical', environmentKind: 'aws', kind: 'rollback' };
    const carryOut = (approvals: number, breakGlass: boolean, agent = 'remediator') =>
      ask(executionRequest({ agent, remediation: 'rem-1', approvals, breakGlass, ...terms }));
    expect(carryOut(0, false)).toBe('execute-needs-approval execute-critical-needs-two');
    expect(carryOut(0, true)).toBe('execute-needs-approval');
    expect(carryOut(1, false)).toBe('execute-critical-needs-two');
    expect(carryOut(1, true)).toBe('allow');
    expect(carryOut(2, false)).toBe('allow');
    expect(carryOut(-1, true)).toBe('execute-needs-approval');
    expect(carryOut(1.5, true)).toBe('none');
    expect(carryOut(9, true, 'orchestrator')).toBe('none');
  });

  test('follows the policies; none that is enough is a denial', async () => {
    const load = (more: string) =>
      loadPolicyEngine({ policies: `${CEDAR_POLICIES}\n@id("x") @reason("More.") ${more};`, schema: CEDAR_SCHEMA });
    const terms = { severity: 'low', environmentKind: 'sandbox', kind: 'restart' };
    const head = 'forbid (principal, action == Action::"executeRemediation", resource)';
    expect(requiredApprovals(await load(`${head} unless { context.approvals >= 4 }`), terms)).toBe(4);
    for (const never of [head, `${head} unless { context.approvals >= 10 }`]) {
      const strict = await load(never);
      expect(() => requiredApprovals(strict, terms)).toThrow(
        expect.objectContaining({ code: 'denied', reason: 'quorum' }),
      );
    }
  });
});
