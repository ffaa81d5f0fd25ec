import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approvalRules } from '#main/approvals/approval-rules.ts';
import { type ApprovedRequest, checkApproval } from '#main/credentials/approval-check.ts';
import { type Desk, MINUTE, openDesk } from '../approvals/desk.ts';
import { APPROVER, REQUESTER, SECOND } from '../approvals/people.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.propose('critical', 'aws');
});
afterEach(() => desk.close());

/** Asks as the broker does, under an approval the people of the workspace gave. */
function check(record: string, changes: Partial<ApprovedRequest> = {}) {
  const { plan } = desk.kept();
  const request: ApprovedRequest = {
    environment: { id: 'prod-eu', kind: 'aws', account: plan.account, region: plan.region },
    incident: plan.incident,
    investigation: plan.investigation,
    resources: plan.credentials.resources,
    approval: { hash: record, remediation: plan.remediation },
    ...changes,
  };
  return checkApproval(desk.test.store, request, desk.test.clock.now(), approvalRules(desk.engine, desk.people));
}

/** @securityTest What people approve, and only that, is what the broker finds approved in the trail */
describe('approvals as people give them', () => {
  test('are enough when as many as the policy asks for have', async () => {
    const first = await desk.approvals.decide(APPROVER, desk.ask());
    expect(await check(first.record)).toMatchObject({ verified: false, reason: 'quorum-not-reached' });
    const second = await desk.approvals.decide(SECOND, desk.ask());
    const terms = { severity: 'critical', environmentKind: 'aws', kind: 'rollback' };
    for (const { record } of [first, second]) {
      expect(await check(record)).toMatchObject({
        verified: true,
        planDigest: desk.kept().planDigest,
        execution: { approvals: 2, breakGlass: false, ...terms },
      });
    }
  });

  test('count by file and in the dialog alike', async () => {
    await desk.approvals.decideByFile(desk.answer());
    const { record } = await desk.approvals.decide(SECOND, desk.ask());
    expect(await check(record)).toMatchObject({ verified: true, execution: { approvals: 2 } });
  });

  test('are enough from one person who broke the glass, and say so', async () => {
    const { record } = await desk.approvals.breakGlass(REQUESTER, desk.emergency());
    expect(await check(record)).toMatchObject({ verified: true, execution: { approvals: 1, breakGlass: true } });
  });

  test('are for the environment of the proposal, and no other of the same account', async () => {
    const { record } = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    const { account, region } = desk.kept().plan;
    for (const environment of [
      { id: 'prod-us', kind: 'aws', account, region },
      { id: 'prod-eu', kind: 'sandbox', account, region },
    ] as const) {
      expect(await check(record, { environment })).toMatchObject({ verified: false, reason: 'resources-differ' });
    }
  });

  test('end with the time to carry them out, and with the policies they were given under', async () => {
    const { record, proposal } = await desk.approvals.breakGlass(APPROVER, desk.emergency());
    desk.test.clock.time = Date.parse(proposal.remediation.executeBy ?? '');
    expect(await check(record)).toMatchObject({ verified: true });
    const { version } = desk.engine;
    desk.engine.version = 'a'.repeat(64);
    expect(await check(record)).toMatchObject({ verified: false, reason: 'policy-changed' });
    desk.engine.version = version;
    desk.test.clock.time += 1;
    expect(await check(record)).toMatchObject({ verified: false, reason: 'execution-expired' });
    desk.test.clock.time -= 30 * MINUTE;
    expect(await check(record)).toMatchObject({ verified: false, reason: 'approval-not-genuine' });
  });

  test('need as many as a policy of now asks for, when it asks for more than the one of then', async () => {
    await desk.propose('high', 'aws');
    const { decide } = desk.engine;
    const { record } = await desk.approvals.decide(APPROVER, desk.ask());
    expect(await check(record)).toMatchObject({ verified: true });
    desk.engine.decide = (ask) => {
      const answer = decide(ask);
      const few = ask.action === 'executeRemediation' && Number(ask.context.approvals) < 3;
      return few ? { ...answer, decision: 'deny' } : answer;
    };
    expect(await check(record)).toMatchObject({ verified: false, reason: 'quorum-not-reached' });
    desk.engine.decide = (ask) => ({ ...decide(ask), decision: 'deny' });
    expect(await check(record)).toMatchObject({ verified: false, reason: 'quorum-not-reached' });
  });
});
