import { afterEach, describe, expect, it } from 'vitest';
import { DECIDE_WITHIN_MS } from '#main/approvals/judge-approval.ts';
import { APPROVER, OPERATOR } from '../../support/peopled-console.ts';
import {
  answeredCalls,
  decision,
  type Investigated,
  investigateAlarm,
  JUSTIFICATION,
  movableClock,
  openScene,
  operations,
  proposalOf,
  recordsOf,
  type Scene,
  type SceneOptions,
} from './scene.ts';

let scene: Scene;
afterEach(() => scene.close());

async function proposed(options: SceneOptions = {}): Promise<Investigated> {
  scene = await openScene(options);
  return investigateAlarm(scene);
}

function expectNothingExecuted(found: Investigated): void {
  expect(operations(scene.console)).not.toContain('ecs:UpdateService');
  expect(recordsOf(scene.console, 'credential.issued').map(({ data }) => data.task)).not.toContain('remediation');
  expect(recordsOf(scene.console, 'remediation.executed')).toEqual([]);
  expect(scene.console.getIncident(found.incident.id).incident.status).toBe('needs-attention');
  expect(scene.console.pendingApprovals()).toEqual([]);
}

/** @securityTest Without an approval of exactly this plan, in time, nothing is changed */
describe('deciding on a proposal', () => {
  it('executes nothing when it is rejected', async () => {
    const found = await proposed();
    expect(scene.console.pendingApprovals().map(({ remediation }) => remediation.id)).toEqual([proposalOf(found).id]);
    const rejected = await scene.console.decide(decision(found, 'reject'));
    expect(rejected).toMatchObject({
      status: 'rejected',
      decision: { outcome: 'rejected', by: scene.console.second.id },
    });
    await scene.console.settled(found.investigation.id);
    const [record] = recordsOf(scene.console, 'remediation.rejected');
    expect(record?.hash).toBe(rejected.decision?.record);
    expect(record?.record.links?.request).toBe(proposalOf(found).requestHash);
    expectNothingExecuted(found);
  });

  it('executes nothing when the time to decide has passed, and has that on record', async () => {
    const clock = movableClock();
    const found = await proposed({ config: { clock } });
    clock.forward(DECIDE_WITHIN_MS);
    expect(scene.console.pendingApprovals()).toEqual([]);
    await expect(scene.console.decide(decision(found, 'approve'))).rejects.toMatchObject({
      code: 'conflict',
      reason: 'expired',
    });
    expect(recordsOf(scene.console, 'remediation.expired').map(({ data }) => data)).toEqual([
      { planDigest: proposalOf(found).planDigest, expiredAt: proposalOf(found).expiresAt, reason: 'timeout' },
    ]);
    expect(recordsOf(scene.console, 'remediation.approved')).toEqual([]);
    expectNothingExecuted(found);
    await expect(scene.console.decide(decision(found, 'approve'))).rejects.toMatchObject({ reason: 'not-waiting' });
  });

  it('refuses an approval of another plan, and the plan keeps waiting', async () => {
    const found = await proposed();
    const other = { ...decision(found, 'approve'), planDigest: 'a'.repeat(64) };
    await expect(scene.console.decide(other)).rejects.toMatchObject({ code: 'conflict', reason: 'plan-digest' });
    expect(recordsOf(scene.console, 'remediation.approved')).toEqual([]);
    expect(scene.console.pendingApprovals()).toHaveLength(1);
    expect(operations(scene.console)).not.toContain('ecs:UpdateService');
  });

  it('demands a justification of 10 to 2,000 characters', async () => {
    const found = await proposed();
    for (const justification of ['', ' '.repeat(40), 'too short', 'x'.repeat(2001)]) {
      const input = { ...decision(found, 'approve'), justification };
      await expect(scene.console.decide(input)).rejects.toMatchObject({ code: 'bad-input', reason: 'justification' });
    }
    expect(scene.console.pendingApprovals()).toHaveLength(1);
  });

  it('accepts one of two answers given at once', async () => {
    const found = await proposed();
    const both = await Promise.allSettled([
      scene.console.decide(decision(found, 'approve')),
      scene.console.decide(decision(found, 'reject')),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await scene.console.settled(found.investigation.id)).remediation?.status).toBe('verified');
    expect(recordsOf(scene.console, 'remediation.rejected')).toEqual([]);
    expect(answeredCalls(scene.console).filter(({ data }) => data.operation === 'ecs:UpdateService')).toHaveLength(1);
  });

  it.each([
    ['approve', 'resolved'],
    ['reject', 'needs-attention'],
  ] as const)('takes an answer (%s) given the moment the plan is shown', async (word, status) => {
    scene = await openScene();
    const { console } = scene;
    const answered = new Promise((resolve, reject) => {
      console.subscribe((event) => {
        if (event.type !== 'investigation' || event.investigation.remediation?.status !== 'proposed') return;
        console.decide(decision(event, word)).then(resolve, reject);
      });
    });
    const incident = await console.raiseSandboxAlarm('test-bad-deployment');
    const { id } = await console.startInvestigation(incident.id);
    await answered;
    await console.settled(id);
    expect(console.getIncident(incident.id).incident.status).toBe(status);
    const moves = recordsOf(console, 'incident.status_changed').map(({ data }) => data.new);
    expect(moves.slice(0, 2)).toEqual(['investigating', 'awaiting-approval']);
    expect(moves.at(-1)).toBe(status);
  });

  it('does not know a proposal that never was', async () => {
    const found = await proposed();
    const input = { ...decision(found, 'approve'), remediation: 'rem-9999' };
    await expect(scene.console.decide(input)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('denies what waits when the window is lost', async () => {
    const found = await proposed();
    await scene.console.denyPending('window-lost');
    expect(recordsOf(scene.console, 'remediation.expired')[0]?.data.reason).toBe('window-lost');
    await expect(scene.console.decide(decision(found, 'approve'))).rejects.toMatchObject({ code: 'conflict' });
    expectNothingExecuted(found);
  });

  it('seals the justification and the names; the record holds neither', async () => {
    const found = await proposed();
    await scene.console.decide(decision(found, 'reject'));
    const [record] = recordsOf(scene.console, 'remediation.rejected');
    const text = scene.console.trailRecord(record?.seq ?? 0).bytes;
    for (const personal of [JUSTIFICATION, APPROVER.name, OPERATOR.name, 'demo-device']) {
      expect(text).not.toContain(personal);
    }
    const timeline = scene.console.getIncident(found.incident.id).timeline;
    expect(timeline.find(({ action }) => action === 'remediation.rejected')?.text).toContain(JUSTIFICATION);
  });
});
