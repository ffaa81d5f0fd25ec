import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VerifiedAnswer } from '#main/approvals/decision.ts';
import { type Desk, MINUTE, openDesk } from './desk.ts';
import { APPROVER, APPROVER_ALIAS, DEVICE_KEY, REQUESTER, REQUESTER_ALIAS, SECOND, VIEWER } from './people.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.propose('critical', 'aws');
});
afterEach(() => desk.close());

/** Says that they registered the key that signs the answers. */
function bind(person: string): string {
  desk.people.bindings.set(DEVICE_KEY, { person, registeredBy: person });
  return person;
}
const later = (ms: number) => new Date(desk.test.clock.time + ms).toISOString();

describe('a decision by file', () => {
  it('counts as one of the approvals, with the file and the key that signed it', async () => {
    const first = await desk.approvals.decideByFile(desk.answer());
    expect(first).toMatchObject({ complete: false, proposal: { remediation: { approvals: [{ by: APPROVER.id }] } } });
    expect(desk.records('remediation.approved')).toMatchObject([
      {
        actor: { type: 'user', id: APPROVER.id },
        device: { id: 'd-u-000000000002' },
        data: {
          channel: 'file',
          reauthentication: 'totp',
          file: 'f'.repeat(64),
          deviceKey: '0123456789abcdef',
        },
      },
    ]);
    expect((await desk.approvals.decide(SECOND, desk.ask())).complete).toBe(true);
  });

  it('may say no', async () => {
    const rejected = await desk.approvals.decideByFile(desk.answer({ decision: 'reject' }));
    expect(rejected).toMatchObject({ complete: true, proposal: { remediation: { status: 'rejected' } } });
    expect(desk.records('remediation.rejected')).toMatchObject([{ data: { channel: 'file' } }]);
  });

  /** @securityTest An answer by file is to this plan, of now, by somebody who may give it, and counts once */
  it.each<readonly [string, () => Partial<VerifiedAnswer>, object]>([
    ['another plan', () => ({ planDigest: 'f'.repeat(64) }), { code: 'conflict', reason: 'plan-digest' }],
    ['another request', () => ({ requestHash: 'f'.repeat(64) }), { code: 'conflict', reason: 'other-request' }],
    ['other policies', () => ({ policyVersion: 'f'.repeat(64) }), { code: 'conflict', reason: 'policy-changed' }],
    ['a time before the request', () => ({ decidedAt: later(-6 * MINUTE) }), { reason: 'answer-stale' }],
    ['a time to come', () => ({ decidedAt: later(6 * MINUTE) }), { reason: 'answer-stale' }],
    ['the requester', () => ({ person: bind(REQUESTER.id) }), { code: 'denied', reason: 'approver-is-requester' }],
    ['their other account', () => ({ person: bind(REQUESTER_ALIAS.id) }), { reason: 'approver-is-requester' }],
    ['somebody who may not', () => ({ person: VIEWER.id }), { code: 'denied', reason: 'approver-not-eligible' }],
    ['nobody known here', () => ({ person: 'u-0000000000ff' }), { reason: 'approver-not-eligible' }],
    ['no justification', () => ({ justification: '' }), { code: 'bad-input' }],
  ])('is refused with %s', async (_title, changes, error) => {
    await expect(desk.approvals.decideByFile(desk.answer(changes()))).rejects.toMatchObject(error);
    expect(desk.records('remediation.approved')).toEqual([]);
    expect(desk.kept().status).toBe('proposed');
  });

  /** @securityTest A device key that somebody else registered for a person decides nothing in their name */
  it.each<readonly [string, { person: string; registeredBy: string } | null]>([
    ['registered for them by somebody else', { person: APPROVER.id, registeredBy: REQUESTER.id }],
    ['of somebody else', { person: SECOND.id, registeredBy: SECOND.id }],
    ['never registered here', null],
  ])('is refused when its key was %s', async (_how, bound) => {
    if (bound === null) desk.people.bindings.delete(DEVICE_KEY);
    else desk.people.bindings.set(DEVICE_KEY, bound);
    const asked = desk.approvals.decideByFile(desk.answer());
    await expect(asked).rejects.toMatchObject({ code: 'denied', reason: 'device-not-own' });
    expect(desk.records('remediation.approved')).toEqual([]);
    expect(desk.records('auth.access_denied')).toMatchObject([{ data: { reason: 'device-not-own' } }]);
  });

  /** @securityTest An approval on record whose key turns out not to be its person's own does not count */
  it('that is on record does not count by a key that is not its own', async () => {
    await desk.approvals.decideByFile(desk.answer());
    expect(desk.approvals.pending(SECOND, desk.kept()).given).toHaveLength(1);
    desk.people.bindings.set(DEVICE_KEY, { person: APPROVER.id, registeredBy: REQUESTER.id });
    expect(desk.approvals.pending(SECOND, desk.kept()).given).toEqual([]);
    expect((await desk.approvals.decide(SECOND, desk.ask())).complete).toBe(false);
  });

  it('counts once, also under another account', async () => {
    desk.people.bindings.set('b'.repeat(16), { person: APPROVER_ALIAS.id, registeredBy: APPROVER_ALIAS.id });
    const answer = desk.answer();
    await desk.approvals.decideByFile(answer);
    for (const again of [answer, { ...answer, person: APPROVER_ALIAS.id, deviceKey: 'b'.repeat(16) }]) {
      await expect(desk.approvals.decideByFile(again)).rejects.toMatchObject({ reason: 'already-approved' });
    }
    expect(desk.records('remediation.approved')).toHaveLength(1);
  });

  it('is too late when the time to decide has passed, whenever it was given', async () => {
    const answer = desk.answer();
    desk.test.clock.time += 30 * MINUTE;
    await expect(desk.approvals.decideByFile(answer)).rejects.toMatchObject({ code: 'conflict', reason: 'expired' });
  });
});
