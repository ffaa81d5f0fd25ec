import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Workspace } from '#main/console.ts';
import type { Principal } from '#main/identity/principal.ts';
import { wallClock } from '#main/platform/clock.ts';
import { APPROVER, OPERATOR, OWN_PROOF } from '../../support/peopled-console.ts';
import { makeWorkspace, openQuickDesk, type QuickDesk, recordsIn, signInBeside } from '../../support/quick-station.ts';

const SLOW = { timeout: 60_000 };
const HOUR = 3_600_000;

let ahead: number;
let quick: QuickDesk;
let workspace: Workspace;
let owner: Principal;

beforeEach(async () => {
  ahead = 0;
  quick = await openQuickDesk({ clock: { ...wallClock, now: () => wallClock.now() + ahead } });
  workspace = await makeWorkspace(quick);
  await signIn();
});
afterEach(() => quick.end());

async function signIn(): Promise<void> {
  ({ principal: owner } = await signInBeside(workspace, OPERATOR));
}

async function join(role: 'admin' | 'operator'): Promise<Principal> {
  const { code } = await workspace.identity.invite(owner, { email: APPROVER.email, role });
  const { name, password } = APPROVER;
  return (await workspace.identity.acceptInvitation({ code, name, password })).principal;
}

const rotate = () =>
  workspace.as(owner).signingKeys.rotate({ kind: 'keychain' }, 'Somebody may have seen the old key.', OWN_PROOF);
const rotations = () => recordsIn(workspace, owner, 'credential.key_rotated').length;

async function expectWaiting(): Promise<void> {
  const before = rotations();
  expect(await rotate()).toMatchObject({ state: 'waiting' });
  expect(rotations()).toBe(before);
}

it('one person decides alone in a workspace that never had a second one who may', SLOW, async () => {
  expect(await rotate()).toEqual({ state: 'done' });
  await join('operator'); // who may not decide on protections
  expect(await rotate()).toEqual({ state: 'done' });
  expect(rotations()).toBe(2);
});

/** @securityTest Nobody gets around the second person by sending them away, demoting them or calling them an alias, in less than 72 hours */
it.each<readonly [string, (second: Principal) => Promise<unknown>]>([
  ['removed', ({ id }) => workspace.identity.remove(owner, id)],
  ['demoted', ({ id }) => workspace.identity.setRole(owner, id, 'operator')],
  ['declared an alias', ({ id }) => workspace.identity.setAlias(owner, id, owner.id)],
])('one person does not decide alone after the second was %s, until 72 hours later', SLOW, async (_how, loseThem) => {
  const second = await join('admin');
  await expectWaiting();
  await loseThem(second);
  await expectWaiting();
  ahead = 71 * HOUR;
  await signIn();
  await expectWaiting();
  ahead = 73 * HOUR;
  await signIn();
  expect(await rotate()).toEqual({ state: 'done' });
});

/** @securityTest A device is registered by its person alone, whoever manages people, and asked for at the console's own door */
it('nobody registers a device for somebody else through the files of the console', SLOW, async () => {
  const second = await join('admin');
  const { files } = workspace.as(owner);
  const file = `${quick.folder}/own.causeway-device`;
  const { keyId } = await files.exportDevice(file);
  expect(await files.lookAtDevice(file)).toMatchObject({ keyId, person: OPERATOR.name });
  await expect(files.registerDevice(file, second.id)).rejects.toMatchObject({ code: 'denied', reason: 'own-device' });
  const other = files.registerDevice(file, owner.id, '0'.repeat(16));
  await expect(other).rejects.toMatchObject({ code: 'conflict', reason: 'device-key-differs' });
  expect(await files.registerDevice(file, owner.id, keyId)).toMatchObject({ person: owner.id, registeredBy: owner.id });
  await expect(workspace.as(second).files.registerDevice(file, second.id)).rejects.toMatchObject({ code: 'conflict' });
});
