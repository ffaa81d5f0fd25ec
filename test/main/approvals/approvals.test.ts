import BetterSqlite3 from 'better-sqlite3';
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
import { APPROVER, PROOF, REQUESTER, type TestPeople, testPeople } from './people.ts';

let test: TestStore;
let people: TestPeople;
let kept: Remediation;
let failing: string | null;
/** Keeping fails from the nth time on. */
let keepable: number;
let approvals: Approvals;

const EXPIRES = Date.parse('2026-03-01T12:30:00.000Z');

const book: ProposalBook = {
  read: (): Proposal => ({ remediation: kept, incident: 'inc-0001', investigation: 'inv-0001' }),
  listWaiting: () => (kept.status === 'proposed' ? [book.read(kept.id)] : []),
  probe: () => keep(),
  save: (remediation) => {
    keep();
    kept = remediation;
  },
};

const keep = () => {
  keepable -= 1;
  if (keepable < 0) throw new CausewayError('disk-full', 'The disk is full.');
};

beforeEach(async () => {
  test = await openTestStore();
  people = testPeople();
  failing = null;
  keepable = Number.POSITIVE_INFINITY;
  const engine = await loadPolicyEngine();
  const { store, clock } = test;
  const audit = {
    getVerified: (hash: string) => store.getVerified(hash),
    decisionsAfter: store.decisionsAfter.bind(store),
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
    onBehalfOf: { type: 'user', id: REQUESTER.id },
    target: { type: 'remediation', id: 'rem-0001' },
    links: { incident: 'inc-0001', investigation: 'inv-0001', remediation: 'rem-0001' },
    data: { plan, planDigest, rule: engine.approvalRule.id, policyVersion: engine.version, expiresAt },
  });
  kept = sampleRemediation({ planDigest, requestHash: hash, expiresAt });
  approvals = createApprovals({
    monotonic: () => 0,
    audit,
    guard: createGuard({ audit, engine }),
    engine,
    clock,
    people,
    store,
    book,
  });
});

afterEach(async () => {
  await test.store.close();
  removeFolder(test.folder);
});

const decide = (word: 'approve' | 'reject' = 'approve', planDigest = kept.planDigest) =>
  approvals.decide(APPROVER, {
    remediation: 'rem-0001',
    planDigest,
    decision: word,
    justification: 'Because it is right.',
    channel: 'dialog',
    reauthentication: PROOF,
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
      actor: { type: 'user', id: APPROVER.id },
      device: { id: APPROVER.device.id },
      links: { request: kept.requestHash, remediation: 'rem-0001' },
      data: { channel: 'dialog', reauthentication: 'password', planDigest: kept.planDigest },
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

  it('is in time one millisecond before the end', async () => {
    test.clock.time = EXPIRES - 1;
    expect((await decide('reject')).proposal.remediation.status).toBe('rejected');
  });

  it('is too late at the end', async () => {
    test.clock.time = EXPIRES;
    await expect(decide()).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
    expect(kept).toMatchObject({ status: 'expired', decision: { outcome: 'expired' } });
    expect(actions()[0]).toBe('remediation.expired');
  });

  it('does not keep an expiry that cannot be recorded', async () => {
    test.clock.time = EXPIRES;
    failing = 'remediation.expired';
    expect((await approvals.expireDue()).failures).toMatchObject([{ code: 'audit-unavailable' }]);
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
      monotonic: () => 0,
      audit: test.store,
      guard: createGuard({ audit: test.store, engine }),
      engine,
      clock: test.clock,
      people,
      store: test.store,
      book,
    });
    const input = { remediation: 'rem-0001', planDigest: kept.planDigest, decision: 'approve' } as const;
    const attempt = strict.decide(APPROVER, {
      ...input,
      justification: 'Because it is right.',
      channel: 'dialog',
      reauthentication: PROOF,
    });
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
    const { settled } = await approvals.denyAll('shutdown');
    expect(settled.map(({ remediation }) => remediation.status)).toEqual(['expired']);
    expect((await approvals.denyAll('shutdown')).settled).toEqual([]);
    expect(actions().filter((action) => action === 'remediation.expired')).toHaveLength(1);
  });

  it('decides nothing when the workspace cannot keep it', async () => {
    keepable = 0;
    await expect(decide()).rejects.toMatchObject({ code: 'disk-full' });
    expect(actions()).toEqual(['remediation.proposed', expect.any(String)]);
  });

  /** @securityTest What the chain has decided cannot be decided again, whatever the workspace says */
  it.each([
    ['reject', 'approve', 'rejected'],
    ['approve', 'reject', 'approved'],
    ['approve', 'approve', 'approved'],
  ] as const)('refuses after a %s that only the chain knows to %s', async (first, second, status) => {
    keepable = 1; // the probe before the record, not the decision after it
    await expect(decide(first)).rejects.toMatchObject({ code: 'disk-full' });
    expect(kept.status).toBe('proposed');
    keepable = 10;
    const before = actions();
    await expect(decide(second)).rejects.toMatchObject({ code: 'conflict', reason: 'decided-on-record' });
    expect(actions()).toEqual(before);
    expect(kept).toMatchObject({ status, decision: { outcome: status, by: APPROVER.id } });
  });

  /** @securityTest A decision that was taken off the list kept for screens stands in the chain all the same */
  it('refuses what was decided also where the list does not show it', async () => {
    keepable = 1;
    await decide('reject').catch(() => undefined);
    keepable = 10;
    const db = new BetterSqlite3(test.path);
    const guard = db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'trail_update'").pluck().get();
    db.exec("DROP TRIGGER trail_update; UPDATE trail SET incident = 'inc-9' WHERE action = 'remediation.rejected'");
    db.exec(String(guard));
    db.close();
    await expect(decide('approve')).rejects.toMatchObject({ code: 'conflict', reason: 'decided-on-record' });
    expect(actions()).not.toContain('remediation.approved');
  });

  /** @securityTest A plan that was approved does not expire as well, and one that expired cannot be approved */
  it('records no expiry of what the chain has decided', async () => {
    keepable = 1;
    await decide('reject').catch(() => undefined);
    keepable = 10;
    expect((await approvals.denyAll('shutdown')).settled).toMatchObject([{ remediation: { status: 'rejected' } }]);
    expect(actions()).not.toContain('remediation.expired');
  });

  it('refuses an approval after an expiry that only the chain knows', async () => {
    keepable = 0;
    expect((await approvals.denyAll('window-lost')).failures).toHaveLength(1);
    expect(kept.status).toBe('proposed');
    keepable = 10;
    await expect(decide()).rejects.toMatchObject({ reason: 'decided-on-record' });
    expect(kept.status).toBe('expired');
  });
});

describe('denying several', () => {
  const waiting = new Map<string, Remediation>();
  const several: ProposalBook = {
    read: (id) => ({ remediation: waiting.get(id) ?? kept, incident: 'inc-0001', investigation: 'inv-0001' }),
    listWaiting: () => [...waiting.keys()].map((id) => several.read(id)),
    probe: () => undefined,
    save: (remediation) => {
      waiting.set(remediation.id, remediation);
    },
  };

  beforeEach(() => {
    waiting.clear();
    for (const [index, id] of ['rem-0001', 'rem-0002'].entries()) {
      waiting.set(id, { ...kept, id, requestHash: index === 0 ? kept.requestHash : 'b'.repeat(64) });
    }
  });

  async function createFor(append: typeof test.store.append): Promise<Approvals> {
    const engine = await loadPolicyEngine();
    const audit = {
      getVerified: (hash: string) => test.store.getVerified(hash),
      decisionsAfter: test.store.decisionsAfter.bind(test.store),
    };
    return createApprovals({
      monotonic: () => 0,
      audit: { ...audit, append },
      guard: createGuard({ audit: test.store, engine }),
      engine,
      clock: test.clock,
      people,
      store: test.store,
      book: several,
    });
  }

  it('goes on after one that fails', async () => {
    let first = true;
    const own = await createFor(async (input) => {
      if (first) {
        first = false;
        throw new CausewayError('disk-full', 'The disk is full.');
      }
      return test.store.append(input);
    });
    const { settled, failures } = await own.denyAll('window-lost');
    expect(failures).toMatchObject([{ code: 'disk-full' }]);
    expect(settled.map(({ remediation }) => remediation.id)).toEqual(['rem-0002']);
  });

  /** @securityTest A plan approved while others are being denied is not expired as well */
  it('leaves alone what was decided meanwhile', async () => {
    const own = await createFor(async (input) => {
      const second = several.read('rem-0002').remediation;
      several.save({ ...second, status: 'approved' });
      return test.store.append(input);
    });
    const { settled } = await own.denyAll('window-lost');
    expect(settled.map(({ remediation }) => remediation.id)).toEqual(['rem-0001']);
    expect(actions().filter((action) => action === 'remediation.expired')).toHaveLength(1);
    expect(several.read('rem-0002').remediation.status).toBe('approved');
  });
});
