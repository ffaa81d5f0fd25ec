import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approvalRules } from '#main/approvals/approval-rules.ts';
import { readStanding } from '#main/approvals/standing.ts';
import { type Desk, MINUTE, openDesk } from './desk.ts';
import {
  API_KEY,
  APPROVER,
  APPROVER_ALIAS,
  REQUESTER,
  REQUESTER_ALIAS,
  REQUESTER_KEY,
  SECOND,
  VIEWER,
} from './people.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.propose();
});
afterEach(() => desk.close());

/** @securityTest Nobody approves what they asked for, under whichever account, and nothing but a person approves at all */
describe('who may not approve', () => {
  it.each([
    ['the human the agent acts for', REQUESTER, 'approver-is-requester'],
    ['another account of that human', REQUESTER_ALIAS, 'approver-is-requester'],
    ['an API key of that human', REQUESTER_KEY, 'approver-not-person'],
    ['an API key of somebody who may approve', API_KEY, 'approver-not-person'],
    ['somebody whose role does not permit it', VIEWER, 'permission'],
  ] as const)('%s', async (_who, by, reason) => {
    await expect(desk.approvals.decide(by, desk.ask())).rejects.toMatchObject({ code: 'denied', reason });
    expect(desk.records('remediation.approved')).toEqual([]);
    expect(desk.records('auth.access_denied')).toMatchObject([
      { outcome: 'denied', actor: { id: by.id }, data: { permission: 'approvals.decide', role: by.role, reason } },
    ]);
    expect(desk.people.asked).toBe(0);
    expect(desk.kept().status).toBe('proposed');
  });

  it('says so where an approval is asked for, and lets the requester reject', async () => {
    const { mayNotDecide, mayBreakGlass } = desk.approvals.pending(REQUESTER, desk.kept());
    expect(mayNotDecide).toContain('You asked for this');
    expect(mayBreakGlass).toBe(true);
    expect(desk.approvals.pending(VIEWER, desk.kept())).toMatchObject({ mayBreakGlass: false });
    expect(desk.approvals.pending(APPROVER, desk.kept()).mayNotDecide).toBeNull();
    const rejected = await desk.approvals.decide(
      REQUESTER,
      desk.ask({ decision: 'reject', reauthentication: undefined }),
    );
    expect(rejected).toMatchObject({ complete: true, proposal: { remediation: { status: 'rejected' } } });
    expect(desk.people.asked).toBe(0);
    expect(desk.records('remediation.rejected')).toMatchObject([{ data: { reauthentication: 'none' } }]);
  });
});

/** @securityTest Approving needs a password or a code at that moment, before anything is on record */
describe('proving who approves', () => {
  it.each([
    ['nothing is given', undefined],
    ['the password is wrong', { method: 'password', password: 'wrong wrong wrong' }],
  ] as const)('is refused when %s', async (_title, reauthentication) => {
    const asked = desk.approvals.decide(APPROVER, desk.ask({ reauthentication }));
    await expect(asked).rejects.toMatchObject({ code: 'reauthentication-required' });
    expect(desk.records('remediation.approved')).toEqual([]);
    expect(desk.records('investigation.policy_decided')).toEqual([]);
  });

  it('stands in the record with its method', async () => {
    await desk.approvals.decide(APPROVER, desk.ask({ reauthentication: { method: 'totp', code: '123456' } }));
    expect(desk.records('remediation.approved')).toMatchObject([{ data: { reauthentication: 'totp' } }]);
  });

  it('does not stretch the time to decide', async () => {
    desk.people.meanwhile = () => {
      desk.test.clock.time += 30 * MINUTE;
    };
    await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ reason: 'expired' });
    expect(desk.records('remediation.approved')).toEqual([]);
    expect(desk.kept().status).toBe('expired');
  });

  it('keeps a second answer given at once from being taken', async () => {
    let second: Promise<unknown> = Promise.resolve();
    desk.people.meanwhile = () => {
      second = desk.approvals.decide(SECOND, desk.ask()).catch((error: unknown) => error);
    };
    await desk.approvals.decide(APPROVER, desk.ask());
    expect(await second).toMatchObject({ code: 'conflict', reason: 'deciding' });
    expect(desk.records('remediation.approved')).toHaveLength(1);
  });
});

describe('a plan that two people have to approve', () => {
  beforeEach(() => desk.propose('critical', 'aws'));

  it('waits until both have', async () => {
    expect(desk.kept().required).toBe(2);
    const first = await desk.approvals.decide(APPROVER, desk.ask());
    expect(first).toMatchObject({ complete: false, proposal: { remediation: { status: 'proposed', decision: null } } });
    expect(first.proposal.remediation.approvals).toMatchObject([{ by: APPROVER.id, record: first.record }]);
    expect(desk.approvals.pending(SECOND, desk.kept())).toMatchObject({
      required: 2,
      eligible: 2,
      given: [{ by: APPROVER.id, name: 'Demo Approver' }],
      mayNotDecide: null,
    });
    expect(desk.approvals.pending(APPROVER, desk.kept()).mayNotDecide).toContain('approved this already');
    desk.test.clock.time += MINUTE;
    const second = await desk.approvals.decide(SECOND, desk.ask());
    const { time = '' } = desk.records('remediation.approved')[1] ?? {};
    expect(second).toMatchObject({
      complete: true,
      proposal: {
        remediation: {
          status: 'approved',
          breakGlass: false,
          decision: { outcome: 'approved', by: SECOND.id, record: second.record },
          executeBy: new Date(Date.parse(time) + 15 * MINUTE).toISOString(),
        },
      },
    });
    expect(second.proposal.remediation.approvals).toHaveLength(2);
  });

  /** @securityTest One human is one approval, whatever number of accounts they have */
  it.each([APPROVER, APPROVER_ALIAS])('takes one approval of a human', async (again) => {
    await desk.approvals.decide(APPROVER, desk.ask());
    const asked = desk.approvals.decide(again, desk.ask());
    await expect(asked).rejects.toMatchObject({ code: 'conflict', reason: 'already-approved' });
    expect(desk.records('remediation.approved')).toHaveLength(1);
    expect(desk.records('auth.access_denied')).toMatchObject([{ data: { reason: 'already-approved' } }]);
  });

  it('ends with a single no, also of somebody who said yes before', async () => {
    await desk.approvals.decide(APPROVER, desk.ask());
    const no = await desk.approvals.decide(APPROVER, desk.ask({ decision: 'reject' }));
    expect(no).toMatchObject({ complete: true, proposal: { remediation: { status: 'rejected' } } });
    await expect(desk.approvals.decide(SECOND, desk.ask())).rejects.toMatchObject({ reason: 'not-waiting' });
  });

  it('expires with one approval', async () => {
    await desk.approvals.decide(APPROVER, desk.ask());
    desk.test.clock.time += 30 * MINUTE;
    const { settled } = await desk.approvals.expireDue();
    expect(settled).toMatchObject([{ remediation: { status: 'expired', executeBy: null } }]);
    await expect(desk.approvals.decide(SECOND, desk.ask())).rejects.toMatchObject({ reason: 'not-waiting' });
  });

  /** @securityTest An approval that only the chain knows counts, once, and is not given again */
  it('counts an approval that could not be kept', async () => {
    desk.keepable = 1; // the probe, not the approval after it
    await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ code: 'disk-full' });
    desk.keepable = Number.POSITIVE_INFINITY;
    expect(desk.kept().approvals).toEqual([]);
    await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ reason: 'already-approved' });
    const second = await desk.approvals.decide(SECOND, desk.ask());
    expect(second.complete).toBe(true);
    expect(second.proposal.remediation.approvals.map(({ by }) => by)).toEqual([APPROVER.id, SECOND.id]);
  });

  /** @securityTest The workspace cannot lower the number of approvals a plan needs, nor make some up */
  it('asks the chain how many are needed and given', async () => {
    const record = desk.kept().requestHash;
    const at = desk.kept().expiresAt;
    desk.setKept({ ...desk.kept(), required: 1, approvals: [{ by: SECOND.id, at, record }] });
    expect(desk.approvals.pending(APPROVER, desk.kept())).toMatchObject({ required: 2, given: [] });
    const first = await desk.approvals.decide(APPROVER, desk.ask());
    expect(first).toMatchObject({ complete: false, proposal: { remediation: { required: 2, status: 'proposed' } } });
  });

  /** @securityTest Approvals given under other guardrail policies than those in force do not count */
  it('counts no approval given under policies that were replaced meanwhile', async () => {
    await desk.approvals.decide(APPROVER, desk.ask());
    desk.engine.version = 'a'.repeat(64);
    expect(desk.approvals.pending(APPROVER, desk.kept())).toMatchObject({ given: [], mayNotDecide: null });
    const second = await desk.approvals.decide(SECOND, desk.ask());
    expect(second).toMatchObject({ complete: false });
    expect(second.proposal.remediation.approvals.map(({ by }) => by)).toEqual([SECOND.id]);
    expect((await desk.approvals.decide(APPROVER, desk.ask())).complete).toBe(true);
  });
});

/** @securityTest An approval counts only as long as whoever gave it is here and may approve */
describe('somebody who left after approving', () => {
  beforeEach(() => desk.propose('critical', 'aws'));

  it('is not one of the two', async () => {
    await desk.approvals.decide(APPROVER, desk.ask());
    desk.people.gone.add(APPROVER.id);
    expect(desk.approvals.pending(SECOND, desk.kept())).toMatchObject({ given: [] });
    expect((await desk.approvals.decide(SECOND, desk.ask())).complete).toBe(false);
  });

  it('approved nothing alone either', async () => {
    const { record } = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    const proposal = { remediation: desk.kept(), incident: 'inc-0001', investigation: 'inv-0001' };
    const { store, clock } = desk.test;
    const rules = approvalRules(desk.engine, desk.people);
    const before = await readStanding(store, proposal, rules, clock.now());
    expect(before.decision).toMatchObject({ outcome: 'approved', record });
    desk.people.gone.add(APPROVER.id);
    expect((await readStanding(store, proposal, rules, clock.now())).decision).toBeNull();
  });
});

describe('a policy under which nothing may be carried out', () => {
  it('lets nobody approve, and everybody reject', async () => {
    const { decide } = desk.engine;
    desk.engine.decide = (ask) => {
      const answer = decide(ask);
      return ask.action === 'executeRemediation' ? { ...answer, decision: 'deny' } : answer;
    };
    const asked = desk.approvals.decide(APPROVER, desk.ask());
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'quorum' });
    expect(desk.approvals.pending(APPROVER, desk.kept()).mayNotDecide).toContain('However many people');
    expect((await desk.approvals.decide(APPROVER, desk.ask({ decision: 'reject' }))).complete).toBe(true);
  });
});
