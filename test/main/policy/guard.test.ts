import { afterEach, beforeEach, expect, test } from 'vitest';
import { canonicalDigest } from '#main/platform/digest.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { createGuard, type Guard } from '#main/policy/guard.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';

const engine = await loadPolicyEngine();
const WHO = {
  actor: { type: 'agent', id: 'log-analyst' },
  onBehalfOf: { type: 'user', id: 'u-1000' },
  links: { incident: 'inc-0001', investigation: 'inv-0001' },
} as const;
const context = { lease: 'lease-1', task: 'log-analysis', approved: false, withinApproval: false };
const request = (action: string) => ({
  principal: { type: 'Agent', id: 'log-analyst' } as const,
  action,
  resource: { type: 'CloudResource', id: '*' },
  context,
});

let scene: TestStore;
let guard: Guard;
beforeEach(async () => {
  scene = await openTestStore();
  guard = createGuard({ audit: scene.store, engine });
});
afterEach(() => removeFolder(scene.folder));

test('an allowed step is on record before it may happen', async () => {
  const decision = await guard(request('logs:StartQuery'), WHO);
  expect(decision.decision).toBe('allow');
  expect(scene.store.get(2)?.record).toMatchObject({
    action: 'investigation.policy_decided',
    outcome: 'success',
    ...WHO,
    target: { type: 'CloudResource', id: '*' },
    data: {
      decision: 'allow',
      principal: 'Agent::log-analyst',
      action: 'logs:StartQuery',
      reason: decision.reason,
      policies: ['read-logs'],
      policyVersion: engine.version,
      contextDigest: canonicalDigest(context).digest,
      requestDigest: canonicalDigest(request('logs:StartQuery')).digest,
    },
  });
});

test('a denied step is on record and throws the reason', async () => {
  await expect(guard(request('ecs:UpdateService'), WHO)).rejects.toMatchObject({
    code: 'denied',
    reason: 'policy-denied',
    message: expect.stringContaining('approval'),
  });
  expect(scene.store.get(2)?.record).toMatchObject({ outcome: 'denied', data: { decision: 'deny' } });
});

test('what cannot be recorded is not allowed', async () => {
  await scene.store.close();
  await expect(guard(request('logs:StartQuery'), WHO)).rejects.toMatchObject({ code: 'audit-unavailable' });
});
