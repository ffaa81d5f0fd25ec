import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDueReviews } from '#main/approvals/due-reviews.ts';
import { type Desk, MINUTE, openDesk } from './desk.ts';
import { API_KEY, APPROVER, PROOF, REQUESTER, REQUESTER_ALIAS, SECOND, VIEWER } from './people.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.propose('critical', 'aws');
});
afterEach(() => desk.close());

const BECAUSE = 'It was the only thing to do.';

describe('breaking the glass', () => {
  it('approves alone, also for the requester, with a record of its own', async () => {
    const decided = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    expect(decided).toMatchObject({
      complete: true,
      proposal: { remediation: { status: 'approved', breakGlass: true, decision: { by: REQUESTER.id } } },
    });
    const [record] = desk.records('remediation.approved');
    expect(record).toMatchObject({
      actor: { type: 'user', id: REQUESTER.id },
      data: { rule: 'break-glass', reauthentication: 'password', breakGlass: { sealed: expect.any(String) } },
    });
    expect(desk.records('investigation.policy_decided')).toMatchObject([{ data: { action: 'breakGlass' } }]);
    expect(decided.proposal.remediation.executeBy).toBe(
      new Date(Date.parse(record?.time ?? '') + 15 * MINUTE).toISOString(),
    );
  });

  it('counts alone after an ordinary approval that was not enough', async () => {
    await desk.approvals.decide(APPROVER, desk.ask());
    const decided = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    expect(decided).toMatchObject({ complete: true, proposal: { remediation: { breakGlass: true } } });
  });

  /** @securityTest Approving alone needs a role that may, a person, a reason and a password */
  it.each([
    ['a role that may not', SECOND, {}, { code: 'denied', reason: 'permission' }],
    ['a viewer', VIEWER, {}, { code: 'denied', reason: 'permission' }],
    ['an API key', API_KEY, {}, { code: 'denied', reason: 'approver-not-person' }],
    ['no reason', APPROVER, { reason: ' because ' }, { code: 'bad-input', reason: 'reason' }],
    ['no justification', APPROVER, { justification: '' }, { code: 'bad-input', reason: 'justification' }],
    ['another plan', APPROVER, { planDigest: 'f'.repeat(64) }, { code: 'conflict', reason: 'plan-digest' }],
    [
      'a wrong password',
      APPROVER,
      { reauthentication: { method: 'password', password: 'wrong wrong wrong' } },
      { code: 'reauthentication-required' },
    ],
  ] as const)('is refused with %s', async (_title, by, changes, error) => {
    await expect(desk.approvals.breakGlass(by, desk.emergency(changes))).rejects.toMatchObject(error);
    expect(desk.records('remediation.approved')).toEqual([]);
    if (error.code === 'denied') {
      expect(desk.records('auth.access_denied')).toMatchObject([
        { actor: { id: by.id }, data: { permission: 'approvals.break-glass', reason: error.reason } },
      ]);
    }
  });

  it('is too late at the end of the time to decide', async () => {
    desk.test.clock.time += 30 * MINUTE;
    await expect(desk.approvals.breakGlass(APPROVER, desk.emergency())).rejects.toMatchObject({ reason: 'expired' });
  });
});

describe('the review afterwards', () => {
  const review = (record: string, verdict: 'justified' | 'not-justified' = 'justified') => ({
    record,
    verdict,
    justification: BECAUSE,
    reauthentication: PROOF,
  });

  it('is due until another human has given it', async () => {
    expect(desk.approvals.reviews(SECOND)).toEqual([]);
    const { record } = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    expect(desk.approvals.reviews(SECOND)).toEqual([
      {
        record,
        remediation: 'rem-0001',
        incident: 'inc-0001',
        by: REQUESTER.id,
        byName: 'Demo Requester',
        at: desk.records('remediation.approved')[0]?.time,
        reason: 'Nobody else is awake.',
        summary: 'Roll back checkout to revision 41',
        mayNotReview: null,
      },
    ]);
    expect(await desk.approvals.review(SECOND, review(record))).toEqual([]);
    expect(desk.records('tenant.protection_change_approved')).toMatchObject([
      {
        outcome: 'success',
        actor: { type: 'user', id: SECOND.id },
        links: { approval: record, remediation: 'rem-0001' },
        data: {
          change: 'break-glass-review',
          changeDigest: record,
          requestedBy: REQUESTER.id,
          reauthentication: 'password',
        },
      },
    ]);
    const again = desk.approvals.review(SECOND, review(record));
    await expect(again).rejects.toMatchObject({ code: 'conflict', reason: 'not-due' });
  });

  it('says when it was not justified', async () => {
    const { record } = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    expect(await desk.approvals.review(SECOND, review(record, 'not-justified'))).toEqual([]);
    expect(desk.records('tenant.protection_change_approved')).toMatchObject([{ outcome: 'failure' }]);
  });

  /** @securityTest Nobody reviews what they approved alone, under whichever account */
  it.each([
    ['who approved', REQUESTER, 'review-own'],
    ['another account of them', REQUESTER_ALIAS, 'review-own'],
    ['an API key', API_KEY, 'approver-not-person'],
    ['a role that may not', VIEWER, 'permission'],
  ] as const)('is refused to %s', async (_title, by, reason) => {
    const { record } = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    await expect(desk.approvals.review(by, review(record))).rejects.toMatchObject({ code: 'denied', reason });
    expect(desk.approvals.reviews(by)).toMatchObject([{ record, mayNotReview: expect.any(String) }]);
    expect(desk.records('auth.access_denied')).toMatchObject([
      { data: { permission: 'approvals.review', role: by.role, reason } },
    ]);
  });

  it('needs a password', async () => {
    const { record } = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    const wrong = { method: 'password', password: 'wrong wrong wrong' } as const;
    const asked = desk.approvals.review(SECOND, { ...review(record), reauthentication: wrong });
    await expect(asked).rejects.toMatchObject({ code: 'reauthentication-required' });
    expect(desk.approvals.reviews(SECOND)).toHaveLength(1);
  });

  /** @securityTest What is due is read from the trail: a lost or edited workspace takes nothing away */
  it('is due again after the program was opened anew, and no longer when it was given', async () => {
    const { record } = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    await desk.propose('critical', 'aws', 'rem-0002');
    const { record: other } = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    await desk.approvals.review(SECOND, review(record));
    const { store } = desk.test;
    const anew = createDueReviews({ audit: store, store, people: desk.people });
    expect(anew.list(SECOND).map((due) => due.record)).toEqual([other]);
  });
});
