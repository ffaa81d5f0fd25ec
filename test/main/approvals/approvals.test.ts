import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Approvals, createApprovals } from '#main/approvals/approvals.ts';
import type { Proposal, ProposalBook } from '#main/approvals/proposal-book.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { createGuard } from '#main/policy/guard.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { openTestStore, removeFolder, type TestStore } from '../../support/audit-store.ts';
import { sampleRemediation } from '../../support/sample-remediation.ts';

let test: TestStore;
let kept: Remediation;
let failing: string | null;
let approvals: Approvals;

const EXPIRES = Date.parse('2026-03-01T12:30:00.000Z');

const book: ProposalBook = {
  read: (): Proposal => ({ remediation: kept, incident: 'inc-0001', investigation: 'inv-0001' }),
  listWaiting: () => (kept.status === 'proposed' ? [book.read(kept.id)] : []),
  save: (remediation) => {
    kept = remediation;
  },
};

beforeEach(async () => {
  test = await openTestStore();
  failing = null;
  const engine = await loadPolicyEngine();
  const { store, clock } = test;
  const audit = {
    getVerified: (hash: string) => store.getVerified(hash),
    append: ((input) => {
      if (input.action === failing) throw new CausewayError('audit-unavailable', 'The disk failed.');
      return store.append(input);
    }) as typeof store.append,
  };
  const { plan } = sampleRemediation();
  const planDigest = canonicalDigest(plan).digest;
  const expiresAt = new Date(EXPIRES).toISOString();
  const { hash } = await store.append({
    action: 'remediation.proposed',
    outcome: 'success',
    actor: { type: 'agent', id: 'remediator' },
    target: { type: 'remediation', id: 'rem-0001' },
    links: { incident: 'inc-0001', investigation: 'inv-0001', remediation: 'rem-0001' },
    data: { plan, planDigest, rule: engine.approvalRule.id, policyVersion: engine.version, expiresAt },
  });
  kept = sampleRemediation({ planDigest, requestHash: hash, expiresAt });
  approvals = createApprovals({
    audit,
    guard: createGuard({ audit, engine }),
    engine,
    clock,
    user: { id: 'u-1', name: 'Demo Person' },
    device: { id: 'd-1', name: 'demo-device' },
    book,
  });
});

afterEach(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

const decide = (word: 'approve' | 'reject' = 'approve', planDigest = kept.planDigest) =>
  approvals.decide({
    remediation: 'rem-0001',
    planDigest,
    decision: word,
    justification: 'Because it is right.',
    channel: 'dialog',
  });

function actions(): readonly string[] {
  return test.store.page({ limit: 100 }).rows.map(({ action }) => action);
}

describe('approvals', () => {
  it('records an approval with its request, rule, policy version and device', async () => {
    const { record, proposal } = await decide();
    const stored = test.store.getVerified(record)?.record;
    expect(stored).toMatchObject({
      action: 'remediation.approved',
      actor: { type: 'user', id: 'u-1' },
      device: { id: 'd-1' },
      links: { request: kept.requestHash, remediation: 'rem-0001' },
      data: { channel: 'dialog', reauthentication: 'none', planDigest: kept.planDigest },
    });
    expect(proposal.remediation.status).toBe('approved');
    expect(actions().slice(0, 2)).toEqual(['remediation.approved', 'investigation.policy_decided']);
  });

  /** @securityTest A decision whose record or whose policy decision cannot be written is no decision */
  it.each(['remediation.approved', 'investigation.policy_decided'])(
    'decides nothing when %s cannot be written',
    async (action) => {
      failing = action;
      await expect(decide()).rejects.toMatchObject({ code: 'audit-unavailable' });
      expect(kept.status).toBe('proposed');
      expect(actions()).not.toContain('remediation.approved');
      failing = null;
      expect((await decide()).proposal.remediation.status).toBe('approved');
    },
  );

  it('is in time one millisecond before the end and too late at it', async () => {
    test.clock.time = EXPIRES;
    await expect(decide()).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
    expect(kept).toMatchObject({ status: 'expired', decision: { outcome: 'expired' } });
    expect(actions()[0]).toBe('remediation.expired');
    kept = { ...kept, status: 'proposed', decision: null };
    test.clock.time = EXPIRES - 1;
    expect((await decide('reject')).proposal.remediation.status).toBe('rejected');
  });

  it('does not keep an expiry that cannot be recorded', async () => {
    test.clock.time = EXPIRES;
    failing = 'remediation.expired';
    await expect(approvals.expireDue()).rejects.toMatchObject({ code: 'audit-unavailable' });
    expect(kept.status).toBe('proposed');
    await expect(decide()).rejects.toMatchObject({ code: 'audit-unavailable' });
  });

  /** @securityTest A policy that denies is the end of it: no approval is written */
  it('writes no approval when the policy denies', async () => {
    const policies = `
      @id("nobody") @reason("Nobody may approve today.")
      forbid (principal, action == Action::"approveRemediation", resource);`;
    const { CEDAR_SCHEMA } = await import('#main/policy/cedar/schema.ts');
    const engine = { ...(await loadPolicyEngine({ policies, schema: CEDAR_SCHEMA })) };
    const strict = createApprovals({
      audit: test.store,
      guard: createGuard({ audit: test.store, engine }),
      engine,
      clock: test.clock,
      user: { id: 'u-1', name: 'Demo Person' },
      device: { id: 'd-1', name: 'demo-device' },
      book,
    });
    const input = { remediation: 'rem-0001', planDigest: kept.planDigest, decision: 'approve' } as const;
    const attempt = strict.decide({ ...input, justification: 'Because it is right.', channel: 'dialog' });
    await expect(attempt).rejects.toMatchObject({ code: 'denied', message: expect.stringContaining('Nobody may') });
    expect(kept.status).toBe('proposed');
    expect(actions()[0]).toBe('investigation.policy_decided');
    expect(actions()).not.toContain('remediation.approved');
  });

  it.each([
    ['the plan', (now: Remediation) => ({ ...now, plan: { ...now.plan, summary: 'Something else.' } })],
    [
      'the digest and the plan',
      (now: Remediation) => {
        const plan = { ...now.plan, summary: 'Something else.' };
        return { ...now, plan, planDigest: canonicalDigest(plan).digest };
      },
    ],
    ['the time it expires', (now: Remediation) => ({ ...now, expiresAt: '2026-03-02T12:30:00.000Z' })],
    ['the record it points at', (now: Remediation) => ({ ...now, requestHash: 'f'.repeat(64) })],
  ])('refuses when %s is not what is on record', async (_, change) => {
    kept = change(kept);
    await expect(decide('approve', kept.planDigest)).rejects.toMatchObject({ code: 'audit-broken' });
    expect(actions()).not.toContain('remediation.approved');
  });

  it('denies everything that waits, with the reason', async () => {
    const denied = await approvals.denyAll('shutdown');
    expect(denied.map(({ remediation }) => remediation.status)).toEqual(['expired']);
    expect(await approvals.denyAll('shutdown')).toEqual([]);
    expect(actions().filter((action) => action === 'remediation.expired')).toHaveLength(1);
  });
});
