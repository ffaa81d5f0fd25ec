import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProposingWork, proposePlan } from '#main/investigation/propose.ts';
import { loadPolicyEngine, type PolicyEngine } from '#main/policy/engine.ts';
import { createGuard } from '#main/policy/guard.ts';
import type { Severity } from '#shared/model/incident.ts';
import { Remediation } from '#shared/model/investigation.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';

const { plan } = sampleRemediation();
let test: TestStore;
let engine: PolicyEngine;
beforeEach(async () => {
  test = await openTestStore();
  engine = await loadPolicyEngine();
});
afterEach(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

function propose(severity: Severity, kind: 'sandbox' | 'aws', asked: PolicyEngine = engine): Promise<Remediation> {
  const work: ProposingWork = {
    audit: test.store,
    clock: test.clock,
    incident: { id: 'inc-0001', severity },
    id: 'inv-0001',
    onBehalfOf: { type: 'user', id: 'u-000000000001' },
    environment: { id: 'prod-eu', kind },
    signal: new AbortController().signal,
  };
  return proposePlan(work, plan, { guard: createGuard({ audit: test.store, engine: asked }), engine: asked });
}

describe('a proposal', () => {
  /** @securityTest How many people have to approve is on record with what that rests on, before anybody is asked */
  it.each([
    ['critical', 'aws', 2],
    ['critical', 'sandbox', 1],
    ['high', 'aws', 1],
  ] as const)(
    'of a plan for a %s incident in an environment of kind %s asks for %i',
    async (severity, kind, number) => {
      const remediation = await propose(severity, kind);
      expect(Remediation.parse(remediation)).toEqual(remediation);
      expect(remediation).toMatchObject({
        status: 'proposed',
        required: number,
        approvals: [],
        executeBy: null,
        breakGlass: false,
        onBehalfOf: 'u-000000000001',
      });
      expect(test.store.getVerified(remediation.requestHash)?.record).toMatchObject({
        action: 'remediation.proposed',
        onBehalfOf: { type: 'user', id: 'u-000000000001' },
        data: {
          severity,
          environment: 'prod-eu',
          environmentKind: kind,
          approvalsRequired: number,
          executeWithinMs: 900_000,
          policyVersion: engine.version,
          expiresAt: remediation.expiresAt,
        },
      });
    },
  );

  it('is not made when no number of approvals would be enough', async () => {
    const asked: PolicyEngine = {
      ...engine,
      decide: (ask) => {
        const answer = engine.decide(ask);
        return ask.action === 'executeRemediation' ? { ...answer, decision: 'deny' } : answer;
      },
    };
    await expect(propose('high', 'aws', asked)).rejects.toMatchObject({ code: 'denied', reason: 'quorum' });
    expect(test.store.page({ action: 'remediation.proposed', limit: 1 }).rows).toEqual([]);
  });
});

describe('a remediation kept by an earlier version', () => {
  it('is read as one that needs a single approval', () => {
    const { required, approvals, executeBy, breakGlass, ...earlier } = sampleRemediation();
    expect([required, approvals, executeBy, breakGlass]).toEqual([1, [], null, false]);
    expect(Remediation.parse(earlier)).toEqual(sampleRemediation());
  });
});
