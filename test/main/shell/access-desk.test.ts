import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccessState } from '#shared/ipc/access-views.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import { PERMISSIONS } from '#shared/model/access.ts';
import { APPROVER, OPERATOR } from '../../support/peopled-console.ts';
import { makeWorkspace, openQuickDesk, type QuickDesk, recordsIn, signInBeside } from '../../support/quick-station.ts';

/** A whole workspace is opened on a machine that does other things, too. */
const SLOW = { timeout: 60_000 };
const MINUTE = 60_000;

let quick: QuickDesk;
let ahead = 0;
const clock = { now: () => Date.now() + ahead, sleep: async () => undefined };
beforeEach(async () => {
  ahead = 0;
  quick = await openQuickDesk({ clock });
});
afterEach(async () => {
  await quick.end();
  vi.useRealTimers();
});

const state = () => quick.desk.flows['access.state']({});
const flows = () => quick.desk.flows;

/** What the page is sent, and what the desktop hears of. */
function listen() {
  const page: ConsoleEvent[] = [];
  const desktop: ConsoleEvent[] = [];
  quick.desk.subscribe('signed-in', (event) => page.push(event));
  quick.desk.subscribe('always', (event) => desktop.push(event));
  return { page, desktop };
}

/** A second person in the open workspace. */
async function inviteApprover() {
  const { workspace, principal } = await quick.desk.admit('people.manage');
  const { code } = await workspace.identity.invite(principal, { email: APPROVER.email, role: 'viewer' });
  const { name, password } = APPROVER;
  return { code, name, password };
}

describe('the first run', SLOW, () => {
  it('makes a workspace with its owner, who is signed in by it and may do everything', async () => {
    expect(await state()).toMatchObject({ stage: 'first-run', workspaces: [], workspace: null, person: null });
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ reason: 'no-workspace' });
    const made = await flows()['access.createWorkspace']({ title: 'First place', ...OPERATOR });
    expect(AccessState.parse(made)).toEqual(made);
    expect(made).toMatchObject({
      stage: 'open',
      workspace: { tenant: 'first-place', title: 'First place' },
      needsOwner: false,
      person: { name: OPERATOR.name, email: OPERATOR.email, role: 'owner' },
    });
    expect([...made.permissions].sort()).toEqual([...PERMISSIONS].sort());
    // the page has everything it needs, and no token: those begin like this
    expect(JSON.stringify(made)).not.toMatch(/eyJ|token/i);
    const { principal, console } = await quick.desk.admit('incidents.read');
    expect(console.info().user).toEqual({ id: principal.id, name: OPERATOR.name });
  });

  it('leaves no workspace behind when the owner is refused', async () => {
    const owner = { ...OPERATOR, password: 'operator operator' };
    await expect(flows()['access.createWorkspace']({ title: 'First place', ...owner })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(await state()).toMatchObject({ stage: 'first-run', workspaces: [] });
  });

  it('of a workspace that has no people yet is to make its owner', async () => {
    await quick.station.create('Older');
    expect(await state()).toMatchObject({ stage: 'sign-in', needsOwner: true, person: null });
    expect(await flows()['access.createOwner'](OPERATOR)).toMatchObject({ stage: 'open', needsOwner: false });
    await expect(flows()['access.createOwner'](OPERATOR)).rejects.toMatchObject({ reason: 'has-people' });
  });
});

/** @securityTest Nobody is admitted without a session that holds: not before signing in, not while locked, not afterwards */
describe('a session at the window', SLOW, () => {
  it('ends with signing out, on record, and begins with signing in', async () => {
    const workspace = await makeWorkspace(quick);
    expect(await flows()['access.signOut']({ everywhere: false })).toMatchObject({ stage: 'sign-in', person: null });
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ code: 'sign-in-required' });
    await expect(quick.desk.stayAwake()).rejects.toMatchObject({ code: 'sign-in-required' });
    const wrong = flows()['access.signIn']({ ...OPERATOR, password: 'not the password at all' });
    await expect(wrong).rejects.toMatchObject({ code: 'reauthentication-required' });
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ code: 'sign-in-required' });
    expect(await flows()['access.signIn'](OPERATOR)).toMatchObject({ step: 'done', state: { stage: 'open' } });
    const { principal } = await quick.desk.admit('signed-in');
    expect(recordsIn(workspace, principal, 'auth.user_signed_out')).toHaveLength(1);
  });

  it('is locked and unlocked by its person; nobody is admitted meanwhile, and the page hears nothing', async () => {
    const workspace = await makeWorkspace(quick);
    const { console } = await quick.desk.admit('signed-in');
    const { page, desktop } = listen();
    expect(await flows()['access.lock']({})).toMatchObject({ stage: 'locked', permissions: [] });
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ code: 'sign-in-required', reason: 'locked' });
    expect(new Set(page.map(({ type }) => type))).toEqual(new Set(['access'])); // that it is to ask again
    await console.exportChain(`${quick.folder}/x.chain.jsonl`, false);
    expect(desktop.map(({ type }) => type)).toContain('chain');
    expect(new Set(page.map(({ type }) => type))).toEqual(new Set(['access']));
    const wrong = flows()['access.unlock']({ password: 'not the password at all' });
    await expect(wrong).rejects.toMatchObject({ code: 'reauthentication-required' });
    expect(await state()).toMatchObject({ stage: 'locked' });
    expect(await flows()['access.unlock']({ password: OPERATOR.password })).toMatchObject({ stage: 'open' });
    const { principal } = await quick.desk.admit('signed-in');
    await console.exportChain(`${quick.folder}/y.chain.jsonl`, false);
    expect(page.map(({ type }) => type)).toContain('chain');
    expect(recordsIn(workspace, principal, 'auth.user_signed_out')).toEqual([]);
  });

  it('is replaced by the next: whoever signs in after somebody has signed them out', async () => {
    const workspace = await makeWorkspace(quick);
    const { principal: owner } = await quick.desk.admit('signed-in');
    const accepted = await flows()['access.acceptInvitation'](await inviteApprover());
    expect(accepted).toMatchObject({ stage: 'open', person: { role: 'viewer', name: APPROVER.name } });
    const { principal } = await quick.desk.admit('trail.read');
    expect(principal.id).not.toBe(owner.id);
    const [left] = recordsIn(workspace, principal, 'auth.user_signed_out');
    expect(left?.record.actor.id).toBe(owner.id);
    expect(workspace.identity.people().find(({ id }) => id === owner.id)?.sessions).toBe(0);
    await expect(quick.desk.admit('people.manage')).rejects.toMatchObject({ code: 'denied', reason: 'permission' });
  });

  it('is never told as free while one person takes the place of another', async () => {
    await makeWorkspace(quick);
    const invitation = await inviteApprover();
    const told: Promise<AccessState>[] = [];
    quick.desk.subscribe('always', () => told.push(state()));
    await flows()['access.acceptInvitation'](invitation);
    expect(told.length).toBeGreaterThan(2);
    expect(new Set((await Promise.all(told)).map(({ stage }) => stage))).toEqual(new Set(['open']));
  });

  it('stays whose it is when somebody fails to sign in over it', async () => {
    await makeWorkspace(quick);
    const { principal } = await quick.desk.admit('signed-in');
    await expect(flows()['access.signIn']({ ...OPERATOR, password: 'not the password' })).rejects.toThrow();
    expect((await quick.desk.admit('signed-in')).principal.session).toBe(principal.session);
  });

  it('locks by itself when nobody did anything, and staying awake puts that off', async () => {
    await makeWorkspace(quick);
    const { idleLockMs } = await state();
    ahead = idleLockMs - MINUTE;
    await quick.desk.stayAwake();
    ahead += idleLockMs - MINUTE;
    expect(await state()).toMatchObject({ stage: 'open' });
    ahead += 2 * MINUTE;
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ reason: 'locked' });
    await expect(quick.desk.stayAwake()).rejects.toMatchObject({ reason: 'locked' });
    expect(await state()).toMatchObject({ stage: 'locked' });
  });
});

describe('a session that ends elsewhere', SLOW, () => {
  it('is found out about without the page asking: it is told once, and hears nothing more', async () => {
    await quick.desk.close();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    quick = await openQuickDesk({ clock });
    const workspace = await makeWorkspace(quick);
    const beside = await signInBeside(workspace, OPERATOR);
    await new Promise((resolve) => setTimeout(resolve, 300)); // what that made the desk look at and tell is over
    const { page, desktop } = listen();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(page.filter(({ type }) => type === 'access')).toEqual([]);
    await workspace.identity.signOut(beside.principal, true); // everywhere
    await vi.waitUntil(() => page.some(({ type }) => type === 'access'), { timeout: 5_000 });
    page.length = 0;
    desktop.length = 0;
    await workspace.as(beside.principal).exportChain(`${quick.folder}/x.chain.jsonl`, false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(desktop.map(({ type }) => type)).toContain('chain');
    expect(page.filter(({ type }) => type !== 'access')).toEqual([]);
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ code: 'sign-in-required', reason: 'session' });
    expect(await state()).toMatchObject({ stage: 'sign-in' });
  });

  it('is found out about by looking, where nobody tells: it locks while nobody does anything', async () => {
    await quick.desk.close();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    quick = await openQuickDesk({ clock });
    await makeWorkspace(quick);
    const { idleLockMs } = await state();
    const { page } = listen();
    ahead = idleLockMs + MINUTE;
    await vi.advanceTimersByTimeAsync(6_000);
    await vi.waitUntil(() => page.some(({ type }) => type === 'access'), { timeout: 5_000 });
    expect(await state()).toMatchObject({ stage: 'locked' });
  });

  it('is known at the next call when the person was removed', async () => {
    const workspace = await makeWorkspace(quick);
    const { principal: owner } = await quick.desk.admit('signed-in');
    await flows()['access.acceptInvitation'](await inviteApprover());
    const { principal } = await quick.desk.admit('trail.read');
    const { principal: again } = await signInBeside(workspace, OPERATOR);
    await workspace.identity.remove(again, principal.id);
    await expect(quick.desk.admit('trail.read')).rejects.toMatchObject({ code: 'sign-in-required' });
    expect(again.id).toBe(owner.id);
  });
});

describe('several workspaces', SLOW, () => {
  it('are chosen from; choosing another signs out of the one before', async () => {
    await makeWorkspace(quick, 'First place');
    await flows()['access.createWorkspace']({ title: 'Second place', ...APPROVER });
    const there = await state();
    expect(there).toMatchObject({ stage: 'open', workspace: { tenant: 'second-place' }, person: { role: 'owner' } });
    expect(there.workspaces.map(({ tenant }) => tenant)).toEqual(['first-place', 'second-place']);
    // the same one again changes nothing
    expect(await flows()['access.chooseWorkspace']({ tenant: 'second-place' })).toMatchObject({ stage: 'open' });
    const back = await flows()['access.chooseWorkspace']({ tenant: 'first-place' });
    expect(back).toMatchObject({ stage: 'sign-in', workspace: { tenant: 'first-place' }, person: null });
    await expect(quick.desk.admit('signed-in')).rejects.toMatchObject({ reason: 'no-session' });
    await expect(flows()['access.signIn'](APPROVER)).rejects.toMatchObject({ code: 'reauthentication-required' });
    expect(await flows()['access.signIn'](OPERATOR)).toMatchObject({ state: { stage: 'open' } });
    const workspace = quick.desk.workspace();
    if (workspace === null) throw new Error('none is open');
    const { principal } = await quick.desk.admit('trail.read');
    // of the first session here, when the second workspace was made
    expect(recordsIn(workspace, principal, 'auth.user_signed_out')).toHaveLength(1);
    await expect(flows()['access.chooseWorkspace']({ tenant: 'no-such' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are chosen from at the start when there is more than one', async () => {
    await quick.station.create('A');
    await quick.station.create('B');
    await quick.station.close();
    expect(await state()).toMatchObject({ stage: 'choose', workspace: null });
    await expect(flows()['access.signIn'](OPERATOR)).rejects.toMatchObject({ reason: 'no-workspace' });
    await expect(flows()['access.createOwner'](OPERATOR)).rejects.toMatchObject({ reason: 'no-workspace' });
  });
});

it('a window that closes ends its session, on record', SLOW, async () => {
  const workspace = await makeWorkspace(quick);
  await quick.desk.close();
  const { principal } = await signInBeside(workspace, OPERATOR);
  expect(recordsIn(workspace, principal, 'auth.user_signed_out')).toHaveLength(1);
  expect(quick.errors).toEqual([]);
});
