import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDecisionFiles, type DecisionFiles } from '#main/approvals/by-file/decision-files.ts';
import { readDeviceFile } from '#main/approvals/by-file/device-file.ts';
import { openRequestStore, type RequestStore } from '#main/approvals/protections/request-store.ts';
import { systemRandom } from '#main/platform/random.ts';
import type { DeviceView } from '#shared/ipc/access-views.ts';
import { type Desk, openDesk } from '../desk.ts';
import { APPROVER, REQUESTER } from '../people.ts';
import { closeAndRemove, openConsole, PASSWORD, type TestConsole, WHY } from './consoles.ts';

let desk: Desk;
let requests: RequestStore;
let files: DecisionFiles;
let there: TestConsole;
let registered: { device: DeviceView; spki: Uint8Array };

beforeEach(async () => {
  desk = await openDesk();
  const { store, secrets, clock, folder } = desk.test;
  requests = await openRequestStore({ folder, tenant: 'acme', secrets });
  files = createDecisionFiles({
    tenant: 'acme',
    audit: store,
    store: requests,
    secrets,
    clock,
    random: systemRandom,
    device: { id: 'd-here', name: 'here' },
    registered: (keyId) => (keyId === registered.device.keyId ? registered : null),
    people: desk.people,
  });
  there = await openConsole('u-cccccccccccc', 'd-there');
  await registerFor(APPROVER.id);
});
afterEach(async () => {
  requests.close();
  await desk.close();
  await closeAndRemove(there);
});

async function registerFor(person: string, registeredBy = person): Promise<void> {
  const { keyId, spki, label } = readDeviceFile(await there.files.exportDevice(there.me));
  const registeredAt = '2026-03-01T12:00:00.000Z';
  registered = { device: { id: 'dev-1', keyId, person, label, registeredAt, registeredBy }, spki };
  desk.people.bindings.set(keyId, { person, registeredBy });
}

async function answered(decision: 'approve' | 'reject'): Promise<Buffer> {
  const remediation = await desk.propose();
  const proposal = { remediation, incident: 'inc-0001', investigation: 'inv-0001' };
  const { bytes } = await files.saveRequest(REQUESTER, proposal);
  const { digest, keyId } = await there.files.openRequest(bytes);
  return there.files.answerRequest(there.me, { digest, decision, justification: WHY, proof: PASSWORD, trust: keyId });
}

const take = (bytes: Uint8Array) => files.takeAnswer(REQUESTER, bytes, (answer) => desk.approvals.decideByFile(answer));

it('approves a plan here by a file signed there, on record with the file and the key', async () => {
  const back = await answered('approve');
  const decided = await take(back);
  expect(decided.complete).toBe(true);
  expect(desk.kept().status).toBe('approved');
  expect(desk.records('remediation.approved')).toMatchObject([
    { actor: { id: APPROVER.id }, data: { channel: 'file', deviceKey: registered.device.keyId } },
  ]);
  await expect(take(back)).rejects.toMatchObject({ code: 'conflict', reason: 'answer-replayed' });
});

it('rejects a plan by file', async () => {
  await take(await answered('reject'));
  expect(desk.kept().status).toBe('rejected');
});

/** @securityTest Whoever asked for a plan cannot approve it by file either, from whatever console */
it('does not approve by a device of the one who asked', async () => {
  await registerFor(REQUESTER.id);
  await expect(take(await answered('approve'))).rejects.toMatchObject({
    code: 'denied',
    reason: 'approver-is-requester',
  });
  expect(desk.records('remediation.approved')).toEqual([]);
  expect(desk.kept().status).toBe('proposed');
});

/** @securityTest One person is not two: a key they made and registered as somebody else's device answers nothing */
it('does not take an answer by a key that somebody else registered for its person', async () => {
  await registerFor(APPROVER.id, REQUESTER.id);
  const back = await answered('approve');
  await expect(take(back)).rejects.toMatchObject({ code: 'denied', reason: 'answer-device-not-own' });
  expect(desk.records('remediation.approved')).toEqual([]);
  expect(desk.records('tenant.configuration_changed').at(-1)).toMatchObject({
    outcome: 'denied',
    target: { type: 'decision-file', id: 'answer-device-not-own' },
  });
  expect(desk.kept().status).toBe('proposed');
});
