import { createHash } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import type { LeaseRequest } from '#main/credentials/lease.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { CausewayError } from '#shared/errors.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import type { Links } from '#shared/model/audit-record.ts';
import {
  APPROVER,
  type ApprovalChanges,
  approve,
  approveAlso,
  CHECKOUT,
  openScene,
  PERSON,
  propose,
  type Scene,
} from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const MINUTE = 60_000;
const OTHER_DIGEST = 'e'.repeat(64);

interface Case {
  readonly title: string;
  readonly reason: string;
  readonly code: string;
  readonly approval?: ApprovalChanges;
  readonly request?: Partial<LeaseRequest>;
  /** Between approval and request, ms. */
  readonly wait?: number;
}

const REFUSALS: readonly Case[] = [
  {
    title: 'the digest approved is another plan',
    reason: 'wrong-plan',
    code: 'denied',
    approval: { approvedDigest: OTHER_DIGEST },
  },
  {
    title: 'the proposal claims a digest its plan does not have',
    reason: 'wrong-plan',
    code: 'denied',
    approval: { proposedDigest: OTHER_DIGEST },
  },
  {
    title: 'the plan names another remediation',
    reason: 'wrong-plan',
    code: 'denied',
    approval: { plan: { remediation: 'rem-0009' } },
  },
  {
    title: 'the approval names another remediation',
    reason: 'wrong-plan',
    code: 'denied',
    approval: { remediation: 'rem-0009' },
  },
  {
    title: 'the plan is for another incident',
    reason: 'wrong-plan',
    code: 'denied',
    request: { incident: 'inc-0002' },
  },
  {
    title: 'the plan is of another investigation',
    reason: 'wrong-plan',
    code: 'denied',
    request: { investigation: 'inv-0002' },
  },
  {
    title: 'the approver is the requester',
    reason: 'approver-is-requester',
    code: 'denied',
    approval: { requester: APPROVER },
  },
  {
    title: 'the approver owns the requesting agent',
    reason: 'approver-is-requester',
    code: 'denied',
    approval: { approver: PERSON },
  },
  {
    title: 'the approver is another account of who owns the agent',
    reason: 'approver-is-requester',
    code: 'denied',
    approval: { approver: { type: 'user', id: 'u-1001' } },
  },
  {
    title: 'the agent acts for an API key of the approver',
    reason: 'approver-is-requester',
    code: 'denied',
    approval: { onBehalfOf: { type: 'api_key', id: 'key-1000' }, approver: PERSON },
  },
  {
    title: 'it was signed by a key that the requester registered for the approver',
    reason: 'device-not-own',
    code: 'denied',
    approval: { approved: { channel: 'file', file: 'f'.repeat(64), deviceKey: 'fedcba9876543210' } },
  },
  {
    title: 'it was signed by a key that was never registered',
    reason: 'device-not-own',
    code: 'denied',
    approval: { approved: { channel: 'file', file: 'f'.repeat(64), deviceKey: 'a'.repeat(16) } },
  },
  {
    title: 'an agent approved',
    reason: 'approver-not-person',
    code: 'denied',
    approval: { approver: { type: 'agent', id: 'orchestrator' } },
  },
  {
    title: 'an API key approved',
    reason: 'approver-not-person',
    code: 'denied',
    approval: { approver: { type: 'api_key', id: 'key-2000' } },
  },
  {
    title: 'nobody proved at that moment who they are',
    reason: 'not-reauthenticated',
    code: 'denied',
    approval: { approved: { reauthentication: 'none' } },
  },
  {
    title: 'it was approved under other policies than those in force',
    reason: 'policy-changed',
    code: 'approval-required',
    approval: { approved: { policyVersion: OTHER_DIGEST } },
  },
  {
    title: 'one of two people approved',
    reason: 'quorum-not-reached',
    code: 'approval-required',
    approval: { proposed: { approvalsRequired: 2 } },
  },
  {
    title: 'the policy asks for more people than the proposal said',
    reason: 'quorum-not-reached',
    code: 'approval-required',
    approval: { proposed: { severity: 'critical', environmentKind: 'aws' } },
  },
  {
    title: 'it was given alone, without a reason for that',
    reason: 'approval-not-genuine',
    code: 'denied',
    approval: { approved: { rule: 'break-glass' } },
  },
  {
    title: 'it has a reason for being given alone, and another rule',
    reason: 'approval-not-genuine',
    code: 'denied',
    approval: { breakGlass: 'Nobody else is awake.', approved: { rule: 'approve-by-a-person' } },
  },
  {
    title: 'it came by file, and no file is named',
    reason: 'approval-not-genuine',
    code: 'denied',
    approval: { approved: { channel: 'file' } },
  },
  {
    title: 'the record is a rejection',
    reason: 'approval-not-genuine',
    code: 'denied',
    approval: { action: 'remediation.rejected' },
  },
  {
    title: 'the proposal had expired when it was approved',
    reason: 'approval-expired',
    code: 'approval-required',
    approval: { decidedAfter: 30 * MINUTE },
  },
  {
    title: 'the approval is older than 15 minutes',
    reason: 'execution-expired',
    code: 'approval-required',
    wait: 15 * MINUTE + 1,
  },
  {
    title: 'the time the proposal gave to carry it out has passed',
    reason: 'execution-expired',
    code: 'approval-required',
    approval: { proposed: { executeWithinMs: MINUTE } },
    wait: MINUTE + 1,
  },
  { title: 'the approval lies in the future', reason: 'approval-not-genuine', code: 'denied', wait: -6 * MINUTE },
  {
    title: 'other resources are asked for',
    reason: 'resources-differ',
    code: 'denied',
    request: { resources: [CHECKOUT.replace('checkout', 'payments')] },
  },
  {
    title: 'more resources are asked for',
    reason: 'resources-differ',
    code: 'denied',
    request: { resources: [CHECKOUT, CHECKOUT.replace('checkout', 'payments')] },
  },
  {
    title: 'the plan is for another environment',
    reason: 'resources-differ',
    code: 'denied',
    approval: { proposed: { environment: 'sandbox-2' } },
  },
  {
    title: 'the plan is for an environment of another kind',
    reason: 'resources-differ',
    code: 'denied',
    approval: { proposed: { environmentKind: 'aws' } },
  },
  {
    title: 'the plan is for another account',
    reason: 'resources-differ',
    code: 'denied',
    approval: { plan: { account: '000000000002' } },
  },
  {
    title: 'the plan wants actions no remediation has',
    reason: 'resources-differ',
    code: 'denied',
    approval: {
      plan: {
        credentials: { task: 'remediation', seconds: 900, actions: ['ecs:DeleteService'], resources: [CHECKOUT] },
      },
    },
  },
];

/** @securityTest A write lease needs approvals that hold in every detail, as many as the policy asks for */
describe('a write lease is refused, with the reason on record, when', () => {
  test.each(REFUSALS)('$title ($reason)', async ({ reason, code, approval: changes, request, wait }) => {
    const { approval } = await approve(scene, changes);
    scene.clock.time += wait ?? 0;
    const changed = changes?.plan?.remediation === undefined ? approval : { ...approval, remediation: 'rem-0001' };
    const asked = scene.broker.issue(scene.request('remediation', { approval: changed, ...request }));
    await expect(asked).rejects.toMatchObject({ code, reason });
    expectRefusal(reason);
  });

  test('there is no approval (no-approval)', async () => {
    await expect(scene.broker.issue(scene.request('remediation'))).rejects.toMatchObject({ code: 'approval-required' });
    expectRefusal('no-approval');
  });

  test.each([
    ['no record has this hash', 'a'.repeat(64)],
    ['the hash is none', "' OR 1=1 --"],
  ])('%s (approval-not-genuine)', async (_title, hash) => {
    const asked = scene.broker.issue(scene.request('remediation', { approval: { hash, remediation: 'rem-0001' } }));
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'approval-not-genuine' });
    expectRefusal('approval-not-genuine');
  });

  test('the approver has left the workspace, or may not approve any more (approver-gone)', async () => {
    const { approval } = await approve(scene);
    scene.rules.gone = [APPROVER.id];
    const asked = scene.broker.issue(scene.request('remediation', { approval }));
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'approver-gone' });
    expectRefusal('approver-gone');
  });

  test('the record is something else (approval-not-genuine)', async () => {
    await approve(scene);
    const hash = scene.store.get(2)?.hash ?? '';
    expect(scene.store.get(2)?.record.action).toBe('remediation.proposed');
    const asked = scene.broker.issue(scene.request('remediation', { approval: { hash, remediation: 'rem-0001' } }));
    await expect(asked).rejects.toMatchObject({ reason: 'approval-not-genuine' });
  });

  test('the approval was used, however often and in whatever order it is tried (approval-used)', async () => {
    const { approval } = await approve(scene);
    const request = scene.request('remediation', { approval });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => scene.broker.issue(request)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toHaveLength(4);
    for (const error of refused) expect(error).toMatchObject({ code: 'approval-required', reason: 'approval-used' });
    await scene.broker.revokeAll({}, 'task-finished');
    await expect(scene.broker.issue(request)).rejects.toMatchObject({ reason: 'approval-used' });
    expect(scene.records('credential.issued')).toHaveLength(1);
    expect(scene.records('credential.issue_refused')).toHaveLength(5);
  });
});

/** @securityTest A proposal that was rejected or expired gives no write lease, although an approval of it is on record too */
describe('a proposal that was also denied', () => {
  test.each(['remediation.rejected', 'remediation.expired', 'remediation.withdrawn'] as const)(
    '%s after the approval',
    async (action) => {
      const approved = await approve(scene);
      const { links } = scene.records('remediation.approved')[0] ?? {};
      await deny(action, links ?? {}, approved.planDigest);
      const asked = scene.broker.issue(scene.request('remediation', { approval: approved.approval }));
      await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'decided-otherwise' });
      expectRefusal('decided-otherwise');
    },
  );

  test('another proposal of the same id is not concerned', async () => {
    const approved = await approve(scene);
    const { links } = scene.records('remediation.approved')[0] ?? {};
    await deny('remediation.expired', { ...links, request: 'f'.repeat(64) }, approved.planDigest);
    const lease = await scene.broker.issue(scene.request('remediation', { approval: approved.approval }));
    expect(lease.state()).toBe('active');
  });

  test('a second approval of the same proposal gives no second lease (approval-used)', async () => {
    const { approval } = await approve(scene);
    await scene.broker.issue(scene.request('remediation', { approval }));
    const [first] = scene.records('remediation.approved');
    if (first === undefined) throw new Error('There is no approval');
    const { action, outcome, actor, target, links, device } = first;
    const second = await scene.store.append({
      action: 'remediation.approved',
      outcome,
      actor,
      target,
      ...(links && { links }),
      ...(device && { device }),
      data: { ...AUDIT_DATA['remediation.approved'].parse(first.data), justification: seal(PERSON.id, 'Once more.') },
    });
    expect(action).toBe('remediation.approved');
    const again = scene.request('remediation', { approval: { ...approval, hash: second.hash } });
    await expect(scene.broker.issue(again)).rejects.toMatchObject({ reason: 'approval-used' });
  });
});

async function deny(
  action: 'remediation.rejected' | 'remediation.expired' | 'remediation.withdrawn',
  links: Links,
  planDigest: string,
): Promise<void> {
  const common = { actor: PERSON, target: { type: 'remediation', id: 'rem-0001' }, links } as const;
  const at = new Date(scene.clock.now()).toISOString();
  if (action === 'remediation.rejected') {
    const data = {
      planDigest,
      justification: seal(PERSON.id, 'Not now, please.'),
      channel: 'terminal' as const,
      rule: scene.engine.approvalRule.id,
      policyVersion: scene.engine.version,
      reauthentication: 'none' as const,
    };
    await scene.store.append({ action, outcome: 'success', ...common, data });
  } else if (action === 'remediation.expired') {
    const data = { planDigest, expiredAt: at, reason: 'timeout' as const };
    await scene.store.append({ action, outcome: 'denied', ...common, data });
  } else {
    const data = { planDigest, reason: 'Its investigation was interrupted.' };
    await scene.store.append({ action, outcome: 'success', ...common, data });
  }
}

const SECOND = { type: 'user', id: 'u-3000' } as const;

/** @securityTest A write lease needs as many humans as the policy asks for, each once, and is issued once for all of them */
describe('a plan that several people have to approve', () => {
  const several = { proposed: { approvalsRequired: 2 } } as const;
  const approvalOf = (hash: string) => scene.request('remediation', { approval: { hash, remediation: 'rem-0001' } });

  test('gets its lease with the second approval, under either, and only once', async () => {
    const proposal = await propose(scene, several);
    const first = await approveAlso(scene, proposal);
    await expect(scene.broker.issue(approvalOf(first))).rejects.toMatchObject({ reason: 'quorum-not-reached' });
    const second = await approveAlso(scene, proposal, { approver: SECOND });
    expect((await scene.broker.issue(approvalOf(second))).state()).toBe('active');
    expect(scene.records('investigation.policy_decided').filter(({ data }) => data.decision === 'allow')).toMatchObject(
      [{ data: { action: 'issueLease' } }, { data: { action: 'executeRemediation' } }],
    );
    for (const hash of [first, second]) {
      await expect(scene.broker.issue(approvalOf(hash))).rejects.toMatchObject({ reason: 'approval-used' });
    }
  });

  test.each([
    ['the same account', APPROVER],
    ['another account of the same human', { type: 'user', id: 'u-2001' } as const],
  ])('is refused when %s approved twice (approver-twice)', async (_title, approver) => {
    const proposal = await propose(scene, several);
    await approveAlso(scene, proposal);
    const hash = await approveAlso(scene, proposal, { approver });
    await expect(scene.broker.issue(approvalOf(hash))).rejects.toMatchObject({
      code: 'denied',
      reason: 'approver-twice',
    });
    expectRefusal('approver-twice');
  });

  test.each<readonly [string, ApprovalChanges]>([
    ['of who asked for it', { approver: PERSON }],
    ['given under other policies', { approved: { policyVersion: OTHER_DIGEST } }],
    ['given without a password', { approved: { reauthentication: 'none' } }],
    ['of an API key', { approver: { type: 'api_key', id: 'key-3000' } }],
    ['of another plan', { approvedDigest: OTHER_DIGEST }],
    ['given alone', { breakGlass: 'Nobody else is awake.' }],
    [
      'signed by a key that is not their own',
      { approved: { channel: 'file', file: 'f'.repeat(64), deviceKey: 'fedcba9876543210' } },
    ],
  ])('does not count an approval %s (quorum-not-reached)', async (_title, changes) => {
    const proposal = await propose(scene, several);
    await approveAlso(scene, proposal, { approver: SECOND, ...changes });
    const hash = await approveAlso(scene, proposal);
    await expect(scene.broker.issue(approvalOf(hash))).rejects.toMatchObject({ reason: 'quorum-not-reached' });
    expectRefusal('quorum-not-reached');
  });

  test('gives nothing when one of the approvals was edited (approval-not-genuine)', async () => {
    const proposal = await propose(scene, several);
    await approveAlso(scene, proposal, { approver: PERSON });
    const { seq } = scene.store.head();
    const hash = await approveAlso(scene, proposal);
    writeFromOutside(
      `UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), '"id":"u-1000"', '"id":"u-3000"') AS BLOB)
       WHERE seq = ${seq}`,
    );
    // the record after it names another hash than what stands there now: what was decided cannot be told
    await expect(scene.broker.issue(approvalOf(hash))).rejects.toMatchObject({ reason: 'approval-not-genuine' });
    expectRefusal('approval-not-genuine');
  });

  test('is carried out within the time after the last approval that was needed (execution-expired)', async () => {
    const proposal = await propose(scene, several);
    await approveAlso(scene, proposal);
    const second = await approveAlso(scene, proposal, { approver: SECOND, decidedAfter: 10 * MINUTE });
    scene.clock.time += 10 * MINUTE;
    const third = await approveAlso(scene, proposal, { approver: { type: 'user', id: 'u-4000' } });
    scene.clock.time += 5 * MINUTE;
    await expect(scene.broker.issue(approvalOf(third))).rejects.toMatchObject({ reason: 'execution-expired' });
    scene.clock.time -= 2 * MINUTE;
    expect((await scene.broker.issue(approvalOf(second))).state()).toBe('active');
  });

  test('gets its lease with one approval given alone', async () => {
    const proposal = await propose(scene, several);
    const hash = await approveAlso(scene, proposal, { approver: PERSON, breakGlass: 'Nobody else is awake.' });
    expect((await scene.broker.issue(approvalOf(hash))).state()).toBe('active');
  });

  test.each<readonly [string, string, ApprovalChanges]>([
    ['without a password', 'not-reauthenticated', { approved: { reauthentication: 'none' } }],
    ['under other policies', 'policy-changed', { approved: { policyVersion: OTHER_DIGEST } }],
    ['too late', 'approval-expired', { decidedAfter: 30 * MINUTE }],
    ['by an agent', 'approver-not-person', { approver: { type: 'agent', id: 'orchestrator' } }],
    ['for another plan', 'wrong-plan', { approvedDigest: OTHER_DIGEST }],
  ])('gets none with one given alone %s (%s)', async (_title, reason, changes) => {
    const proposal = await propose(scene, several);
    const hash = await approveAlso(scene, proposal, { breakGlass: 'Nobody else is awake.', ...changes });
    await expect(scene.broker.issue(approvalOf(hash))).rejects.toMatchObject({ reason });
    expectRefusal(reason);
  });
});

test('a proposal of an earlier version, which said nothing of a quorum, needs one approval', async () => {
  const left = { severity: undefined, environment: undefined, environmentKind: undefined };
  const { approval } = await approve(scene, {
    proposed: { ...left, approvalsRequired: undefined, executeWithinMs: undefined },
  });
  expect((await scene.broker.issue(scene.request('remediation', { approval }))).state()).toBe('active');
});

test('an approval by file is good with the file and the key that signed it', async () => {
  const { approval } = await approve(scene, {
    approved: { channel: 'file', file: 'f'.repeat(64), deviceKey: '0123456789abcdef' },
  });
  expect((await scene.broker.issue(scene.request('remediation', { approval }))).state()).toBe('active');
});

test('an approval is good until the last millisecond of its 15 minutes', async () => {
  const { approval } = await approve(scene);
  scene.clock.time += 15 * MINUTE;
  expect((await scene.broker.issue(scene.request('remediation', { approval }))).state()).toBe('active');
});

test('an approval is not spent when the cloud refuses the session', async () => {
  const { approval } = await approve(scene);
  scene.cloud.interfere = () => ({ cut: true });
  await expect(scene.broker.issue(scene.request('remediation', { approval }))).rejects.toBeInstanceOf(CausewayError);
  scene.cloud.interfere = null;
  expect((await scene.broker.issue(scene.request('remediation', { approval }))).state()).toBe('active');
});

/** On record: the policy's denial, then the refusal; nothing reached the cloud, nothing was issued. */
function expectRefusal(reason: string): void {
  const [decided, refused] = scene.records().slice(-2);
  expect(decided).toMatchObject({
    action: 'investigation.policy_decided',
    outcome: 'denied',
    data: { action: 'issueLease', decision: 'deny', policies: ['lease-remediation-needs-approval'] },
  });
  expect(refused).toMatchObject({
    action: 'credential.issue_refused',
    outcome: 'denied',
    data: { task: 'remediation', reason },
  });
  expect(scene.records('credential.issued')).toEqual([]);
  expect(scene.cloud.exchanges).toEqual([]);
}

/** @securityTest The list kept for screens does not decide what an approval was used for; the records do */
describe('a database that was written to from outside', () => {
  test.each([
    [
      'the lease stands under another incident',
      "UPDATE trail SET incident = 'inc-9' WHERE action = 'credential.issued'",
    ],
    ['the lease stands under another action', "UPDATE trail SET action = 'x' WHERE action = 'credential.issued'"],
    ['the lease is not listed', "DELETE FROM trail WHERE action = 'credential.issued'"],
    [
      'the lease is not found by its hash',
      "UPDATE record SET hash = zeroblob(32) WHERE seq = (SELECT seq FROM trail WHERE action = 'credential.issued')",
    ],
  ])('%s: it is used all the same', async (_title, sql) => {
    const { approval } = await approve(scene);
    const request = scene.request('remediation', { approval });
    await scene.broker.issue(request);
    await scene.broker.revokeAll({}, 'task-finished');
    const sessions = scene.cloud.sessions().length;
    writeFromOutside(sql);
    await expect(scene.broker.issue(request)).rejects.toMatchObject({ reason: 'approval-used' });
    expect(scene.cloud.sessions()).toHaveLength(sessions);
  });

  test('the lease is no longer on record: nothing is issued', async () => {
    const { approval } = await approve(scene);
    const request = scene.request('remediation', { approval });
    await scene.broker.issue(request);
    await scene.broker.revokeAll({}, 'task-finished');
    const sessions = scene.cloud.sessions().length;
    const issued = scene.records('credential.issued')[0]?.seq ?? 0;
    writeFromOutside(
      `UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'credential.issued', 'credential.issued_') AS BLOB)
       WHERE seq = ${issued}`,
    );
    await expect(scene.broker.issue(request)).rejects.toMatchObject({ reason: 'approval-not-genuine' });
    writeFromOutside(`DELETE FROM trail WHERE seq = ${issued}; DELETE FROM record WHERE seq = ${issued}`);
    await expect(scene.broker.issue(request)).rejects.toMatchObject({ reason: 'approval-not-genuine' });
    expect(scene.cloud.sessions()).toHaveLength(sessions);
  });

  test('a refusal that is not listed refuses (decided-otherwise)', async () => {
    const approved = await approve(scene);
    const { links } = scene.records('remediation.approved')[0] ?? {};
    await deny('remediation.rejected', links ?? {}, approved.planDigest);
    writeFromOutside("DELETE FROM trail WHERE action = 'remediation.rejected'");
    const asked = scene.broker.issue(scene.request('remediation', { approval: approved.approval }));
    await expect(asked).rejects.toMatchObject({ reason: 'decided-otherwise' });
  });
});

/** @securityTest An approval or a proposal edited in the database gives no write lease, also with its hash made to fit */
describe('a record that was edited', () => {
  const edit = (seq: number, from: string, to: string) => {
    const bytes = scene.store.get(seq)?.bytes ?? new Uint8Array();
    const text = new TextDecoder().decode(bytes);
    expect(text).toContain(from);
    const edited = Buffer.from(text.replaceAll(from, to));
    const hash = createHash('sha256').update(edited).digest('hex');
    return { hash, sql: `UPDATE record SET bytes = x'${edited.toString('hex')}'`, where: ` WHERE seq = ${seq}` };
  };

  test.each([
    ['who approved', '"id":"u-1000"', '"id":"u-2000"', { approver: PERSON }],
    ['that nobody gave a password', '"none"', '"totp"', { approved: { reauthentication: 'none' } }],
    ['the plan approved', OTHER_DIGEST, canonicalDigest({}).digest, { approvedDigest: OTHER_DIGEST }],
  ] as const)('%s, in the approval', async (_title, from, to, changes) => {
    const { approval } = await approve(scene, changes);
    const { hash, sql, where } = edit(scene.store.head().seq, from, to);
    writeFromOutside(`${sql}${where}`);
    const asked = scene.broker.issue(scene.request('remediation', { approval }));
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'approval-not-genuine' });
    writeFromOutside(`${sql}, hash = x'${hash}'${where}`);
    const again = scene.broker.issue(scene.request('remediation', { approval: { ...approval, hash } }));
    await expect(again).rejects.toMatchObject({ code: 'denied', reason: 'approval-not-genuine' });
    expectRefusal('approval-not-genuine');
  });

  test('how many have to approve, in the proposal', async () => {
    const { approval } = await approve(scene, { proposed: { approvalsRequired: 2 } });
    const { sql, where } = edit(scene.store.head().seq - 1, '"approvalsRequired":2', '"approvalsRequired":1');
    writeFromOutside(`${sql}${where}`);
    const asked = scene.broker.issue(scene.request('remediation', { approval }));
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'approval-not-genuine' });
    expectRefusal('approval-not-genuine');
  });
});

function writeFromOutside(sql: string): void {
  const db = new BetterSqlite3(join(scene.folder, 'tenant', 'audit.db'));
  try {
    const guards = db
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
      .all();
    for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
    db.exec(sql);
    for (const guard of guards) db.exec(guard.sql);
  } finally {
    db.close();
  }
}
