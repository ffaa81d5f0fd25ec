import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Role } from '#shared/model/access.ts';
import { HOUR, type IdentityScene, OTHER_PASSWORD, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
beforeEach(async () => {
  scene = await openScene();
  owner = (await scene.identity.createOwner(OWNER)).principal;
});
afterEach(() => scene.close());

const invite = (role: Role, email = 'new@example.test', by = owner) => scene.identity.invite(by, { email, role });
const accept = (code: string, name = 'Nora New', password = OTHER_PASSWORD) =>
  scene.identity.acceptInvitation({ code, name, password });

describe('an invitation', () => {
  test('makes a person of the invited address and role, once', async () => {
    const { invitation, code } = await invite('operator');
    expect(invitation).toMatchObject({ role: 'operator', email: 'new@example.test' });
    expect(Date.parse(invitation.expiresAt) - scene.clock.time).toBe(72 * HOUR);
    expect(code.replaceAll('-', '')).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/); // 130 bits
    expect(scene.identity.invitations()).toEqual([invitation]);
    const { token, principal } = await accept(` ${code.toLowerCase()} `);
    expect(await scene.identity.verifyToken(token)).toMatchObject({ id: principal.id, role: 'operator' });
    expect(scene.identity.self(principal)).toMatchObject({ name: 'Nora New', email: 'new@example.test' });
    expect(scene.identity.invitations()).toEqual([]);
    expect(await refusal(accept(code))).toBe('denied: invitation');
    expect(scene.records('tenant.user_added').at(-1)).toMatchObject({ data: { user: principal.id, role: 'operator' } });
    expect(scene.records('tenant.configuration_changed').map(({ data }) => data.setting)).toEqual([
      'people.invitation',
      'people.invitation',
    ]);
  });

  test('is not spent by a password that is refused', async () => {
    const { code } = await invite('viewer');
    expect(await refusal(accept(code, 'Nora New', 'short'))).toBe('bad-input: password-short');
    await accept(code);
  });

  test('ends after 72 hours, or when withdrawn', async () => {
    const first = await invite('viewer');
    scene.clock.time += 72 * HOUR - 1;
    expect(scene.identity.invitations()).toHaveLength(1);
    scene.clock.time += 1;
    expect(scene.identity.invitations()).toEqual([]);
    expect(await refusal(accept(first.code))).toBe('denied: invitation');
    expect(await refusal(invite('viewer'))).toBe('sign-in-required: expiry');
    const again = await scene.identity.signIn(OWNER);
    if (again.step === 'done') owner = again.principal;
    const second = await invite('viewer');
    await scene.identity.withdrawInvitation(owner, second.invitation.id);
    expect(await refusal(accept(second.code))).toBe('denied: invitation');
    expect(await refusal(scene.identity.withdrawInvitation(owner, second.invitation.id))).toBe('not-found');
  });

  test('goes to one address once, and to nobody who is here', async () => {
    await invite('viewer');
    expect(await refusal(invite('viewer', 'NEW@example.test'))).toBe('conflict: invited');
    expect(await refusal(invite('viewer', OWNER.email))).toBe('conflict: email-taken');
    expect(await refusal(invite('viewer', 'nobody'))).toBe('bad-input: email');
  });

  /** @securityTest Codes of invitations cannot be tried one after the other */
  test('cannot be guessed', async () => {
    const { code } = await invite('viewer');
    for (let n = 0; n < 5; n++) expect(await refusal(accept(`${n}`))).toBe('denied: invitation');
    expect(await refusal(accept(code))).toBe('rate-limited: lockout');
    scene.clock.time += 30_000;
    await accept(code);
  });

  /** @securityTest Only an owner makes an owner; an invitation ends with whoever gave it */
  test('of an owner is an owner’s alone', async () => {
    const admin = await scene.join(owner, 'admin');
    expect(await refusal(invite('owner', undefined, admin.principal))).toBe('denied: owner-required');
    const second = await scene.join(owner, 'owner', 'second@example.test');
    const { code } = await invite('owner', undefined, second.principal);
    await scene.identity.setRole(owner, second.principal.id, 'admin');
    expect(await refusal(accept(code))).toBe('denied: invitation');
    const again = await scene.identity.signIn({ email: 'second@example.test', password: OTHER_PASSWORD });
    if (again.step !== 'done') throw new Error('no second factor was set up');
    const later = await invite('viewer', 'later@example.test', again.principal);
    await scene.identity.remove(owner, second.principal.id);
    expect(await refusal(accept(later.code))).toBe('denied: invitation');
  });
});

/** @securityTest An invitation counts only while who gave it still manages people */
test('an invitation does not outlive the rights of who gave it', async () => {
  const admin = (await scene.join(owner, 'admin')).principal;
  const { code } = await invite('admin', undefined, admin);
  await scene.identity.setRole(owner, admin.id, 'viewer');
  expect(await refusal(accept(code))).toBe('denied: invitation');
  await scene.identity.setRole(owner, admin.id, 'admin');
  expect(await refusal(accept(code))).toBe('done');
});

describe('roles', () => {
  /** @securityTest A changed role ends the sessions that were open under the old one */
  test('change for others, on record first, and end their sessions', async () => {
    const { token, principal } = await scene.join(owner, 'viewer');
    expect(await scene.identity.setRole(owner, principal.id, 'operator')).toMatchObject({
      role: 'operator',
      sessions: 0,
    });
    expect(await refusal(scene.identity.verifyToken(token))).toBe('sign-in-required: session');
    expect(scene.records('tenant.user_role_changed')).toMatchObject([
      { actor: { id: owner.id }, data: { user: principal.id, old: 'viewer', new: 'operator' } },
    ]);
    expect(scene.records('auth.user_signed_out').at(-1)?.data).toMatchObject({ reason: 'role-changed' });
    const again = await scene.identity.signIn({ email: 'viewer@example.test', password: OTHER_PASSWORD });
    expect(again).toMatchObject({ step: 'done', principal: { role: 'operator' } });
  });

  /** @securityTest Only an owner may make or change owners, nobody changes their own role, and the last owner stays */
  test('have rules no policy can change', async () => {
    const admin = await scene.join(owner, 'admin');
    const viewer = await scene.join(owner, 'viewer');
    const set = (by: Principal, person: string, role: Role) => refusal(scene.identity.setRole(by, person, role));
    expect(await set(admin.principal, viewer.principal.id, 'owner')).toBe('denied: owner-required');
    expect(await set(admin.principal, admin.principal.id, 'owner')).toBe('denied: own-account');
    expect(await set(owner, owner.id, 'viewer')).toBe('conflict: last-owner');
    expect(await refusal(scene.identity.remove(owner, owner.id))).toBe('conflict: last-owner');
    expect(await refusal(scene.identity.remove(admin.principal, owner.id))).toBe('conflict: last-owner');
    const second = await scene.join(owner, 'owner', 'second@example.test');
    expect(await set(admin.principal, owner.id, 'viewer')).toBe('denied: owner-required');
    expect(await refusal(scene.identity.remove(admin.principal, owner.id))).toBe('denied: owner-required');
    expect(await refusal(scene.identity.signOutPerson(admin.principal, owner.id))).toBe('denied: owner-required');
    expect(await set(owner, owner.id, 'viewer')).toBe('denied: own-account');
    expect(await set(second.principal, owner.id, 'viewer')).toBe('done');
    // what a principal says of itself does not count: this one was an owner
    expect(await set(owner, viewer.principal.id, 'owner')).toBe('sign-in-required: session');
    expect(await set({ ...owner, tenant: 'other' }, viewer.principal.id, 'admin')).toBe('denied: tenant');
    expect(await set({ ...owner, id: 'u-000000000000' }, viewer.principal.id, 'admin')).toBe('denied: permission');
    expect(await set({ ...second.principal, type: 'api_key' }, viewer.principal.id, 'admin')).toBe(
      'denied: human-required',
    );
    expect(await set(second.principal, 'u-000000000000', 'admin')).toBe('not-found');
  });

  /** @securityTest Nothing about people changes without its record */
  test.each<[string, (person: string) => Promise<unknown>]>([
    ['a role', (person) => scene.identity.setRole(owner, person, 'admin')],
    ['an alias', (person) => scene.identity.setAlias(owner, person, owner.id)],
    ['a removal', (person) => scene.identity.remove(owner, person)],
    ['a reset', (person) => scene.identity.resetSecondFactor(owner, person)],
    ['an invitation', () => invite('viewer')],
    ['a key', () => scene.identity.createApiKey(owner, { label: 'x', scopes: ['trail.read'], days: 1 })],
  ])('%s waits for the trail', async (_what, work) => {
    const { token, principal } = await scene.join(owner, 'viewer');
    const state = () => [scene.identity.people(), scene.identity.invitations(), scene.identity.apiKeys()];
    const before = state();
    scene.broken = new CausewayError('disk-full', 'No space.');
    expect(await refusal(work(principal.id))).toBe('audit-unavailable');
    expect(state()).toEqual(before);
    scene.broken = null;
    expect(await scene.identity.verifyToken(token)).toMatchObject({ role: 'viewer' });
  });

  test('are written only after their record', async () => {
    const { principal } = await scene.join(owner, 'viewer');
    const seen: string[] = [];
    const roleNow = () => scene.identity.people().find(({ id }) => id === principal.id)?.role;
    scene.onAppend = () => seen.push(roleNow() ?? '');
    await scene.identity.setRole(owner, principal.id, 'admin');
    expect(new Set(seen)).toEqual(new Set(['viewer']));
    expect(roleNow()).toBe('admin');
  });
});

/** @securityTest Who was signed in does nothing any more: not after signing out, being locked, removed, given another role, or the eight hours */
describe('a principal that is kept', () => {
  const tries = (by: Principal) => refusal(invite('viewer', `${by.session}@example.test`, by));
  test('of a session that ended or is locked does nothing', async () => {
    const { token, principal } = await scene.join(owner, 'admin');
    await scene.identity.lock(principal);
    expect(await tries(principal)).toBe('sign-in-required: locked');
    const proof = { method: 'password', password: OTHER_PASSWORD } as const;
    expect(await refusal(scene.identity.reauthenticate(principal, proof))).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, OTHER_PASSWORD);
    expect(await tries({ ...principal, session: owner.session })).toBe('sign-in-required: session');
    expect(await tries({ ...principal, role: 'owner' })).toBe('sign-in-required: session');
    await scene.identity.signOut(principal, false);
    expect(await tries(principal)).toBe('sign-in-required: session');
    expect(await tries(owner)).toBe('done');
    scene.clock.time += 8 * HOUR;
    expect(await tries(owner)).toBe('sign-in-required: expiry');
  });

  test('of a former role or a removed person does nothing', async () => {
    const { principal } = await scene.join(owner, 'admin');
    await scene.identity.setRole(owner, principal.id, 'viewer');
    expect(await tries(principal)).toBe('sign-in-required: session');
    await scene.identity.remove(owner, principal.id);
    expect(await tries(principal)).toBe('denied: permission');
  });

  test('of a key that was revoked or expired does nothing', async () => {
    const { id } = (await scene.join(owner, 'viewer')).principal;
    const make = () => scene.identity.createApiKey(owner, { label: 'k', scopes: ['people.manage'], days: 1 });
    const first = await make();
    const by = await scene.identity.verifyApiKey(first.key);
    const signOut = (key: Principal) => refusal(scene.identity.signOutPerson(key, id));
    expect(await signOut(by)).toBe('done');
    const later = await scene.identity.verifyApiKey((await make()).key);
    await scene.identity.revokeApiKey(owner, first.apiKey.id);
    expect(await signOut(by)).toBe('sign-in-required: api-key');
    scene.clock.time += 24 * HOUR;
    expect(await signOut(later)).toBe('sign-in-required: api-key');
  });
});

describe('aliases', () => {
  test('lead to one human, through keys and removed accounts', async () => {
    const a = (await scene.join(owner, 'operator', 'a@example.test')).principal;
    const b = (await scene.join(owner, 'operator', 'b@example.test')).principal;
    const c = (await scene.join(owner, 'operator', 'c@example.test')).principal;
    expect(await scene.identity.setAlias(owner, b.id, a.id)).toMatchObject({ aliasOf: a.id });
    await scene.identity.setAlias(owner, c.id, b.id);
    expect([a, b, c].map(({ id }) => scene.identity.humanBehind(id))).toEqual([a.id, a.id, a.id]);
    const { apiKey, key } = await scene.identity.createApiKey(c, { label: 'c', scopes: ['trail.read'], days: 1 });
    expect(scene.identity.humanBehind(apiKey.id)).toBe(a.id);
    expect(await scene.identity.verifyApiKey(key)).toMatchObject({ human: a.id, role: 'operator' });
    const session = await scene.identity.signIn({ email: 'c@example.test', password: OTHER_PASSWORD });
    expect(session).toMatchObject({ principal: { id: c.id, human: a.id } });
    await scene.identity.remove(owner, b.id);
    expect(scene.identity.humanBehind(c.id)).toBe(a.id);
    expect(scene.identity.humanBehind('agent-7')).toBe('agent-7');
    await scene.identity.setAlias(owner, c.id, null);
    expect(scene.identity.humanBehind(c.id)).toBe(c.id);
    await scene.identity.setAlias(owner, c.id, b.id); // somebody who was here before, under another pseudonym
    expect(scene.identity.humanBehind(c.id)).toBe(a.id);
  });

  /** @securityTest Aliases make no circle, and nobody takes themselves out of four eyes */
  test('are refused', async () => {
    const a = (await scene.join(owner, 'admin', 'a@example.test')).principal;
    const b = (await scene.join(owner, 'operator', 'b@example.test')).principal;
    await scene.identity.setAlias(owner, b.id, a.id);
    expect(await refusal(scene.identity.setAlias(owner, a.id, b.id))).toBe('conflict: alias-cycle');
    expect(await refusal(scene.identity.setAlias(owner, b.id, b.id))).toBe('conflict: alias-cycle');
    expect(await refusal(scene.identity.setAlias(owner, b.id, 'u-000000000000'))).toBe('not-found');
    await scene.identity.setAlias(owner, b.id, null);
    await scene.identity.setAlias(owner, a.id, b.id);
    expect(await refusal(scene.identity.setAlias(a, a.id, null))).toBe('denied: own-account');
    expect(await refusal(scene.identity.setAlias(a, owner.id, b.id))).toBe('denied: owner-required');
  });
});

let third = '';
/** @securityTest Nobody changes an account of their own human, by whichever of their accounts */
test.each<[string, (by: Principal, person: string) => Promise<unknown>]>([
  ['a role', (by, person) => scene.identity.setRole(by, person, 'viewer')],
  ['an alias', (by, person) => scene.identity.setAlias(by, person, third)],
  ['the second factor', (by, person) => scene.identity.resetSecondFactor(by, person)],
  ['a removal', (by, person) => scene.identity.remove(by, person)],
])('%s of an own second account is another human’s to change', async (_what, work) => {
  const first = (await scene.join(owner, 'admin', 'a@example.test')).principal;
  const second = (await scene.join(owner, 'admin', 'b@example.test')).principal;
  third = (await scene.join(owner, 'viewer', 'c@example.test')).principal.id;
  await scene.identity.setAlias(owner, second.id, first.id);
  expect(await refusal(work(second, first.id))).toBe('denied: own-account');
  expect(await refusal(work(first, second.id))).toBe('denied: own-account');
  expect(scene.identity.humanBehind(second.id)).toBe(first.id);
  expect(await refusal(work(owner, second.id))).toBe('done');
});

/** @securityTest Only an owner makes somebody one human with an owner: it takes the owner out of four eyes */
test('nobody but an owner makes an alias of an owner, or of an owner’s alias', async () => {
  const admin = (await scene.join(owner, 'admin')).principal;
  const operator = (await scene.join(owner, 'operator')).principal;
  const viewer = (await scene.join(owner, 'viewer')).principal;
  const set = (by: Principal, person: string, of: string | null) => refusal(scene.identity.setAlias(by, person, of));
  expect(await set(admin, operator.id, owner.id)).toBe('denied: owner-required');
  const second = (await scene.join(owner, 'owner', 'second@example.test')).principal;
  expect(await set(second, viewer.id, owner.id)).toBe('done');
  expect(await set(admin, operator.id, viewer.id)).toBe('denied: owner-required');
  expect(await set(admin, viewer.id, null)).toBe('denied: owner-required');
  expect(await set(admin, viewer.id, operator.id)).toBe('denied: owner-required');
});

describe('removal', () => {
  /** @securityTest A removed person's sessions, keys and devices end, and nothing personal of them stays */
  test('leaves the pseudonym', async () => {
    const { token, principal } = await scene.join(owner, 'operator', 'gone@example.test', 'Gwen Gone');
    const { key } = await scene.identity.createApiKey(principal, { label: 'k', scopes: ['trail.read'], days: 1 });
    expect(scene.identity.nameOf(principal.id)).toBe('Gwen Gone');
    await scene.identity.remove(owner, principal.id);
    expect(await refusal(scene.identity.verifyToken(token))).toBe('sign-in-required: session');
    expect(await refusal(scene.identity.verifyApiKey(key))).toBe('sign-in-required: api-key');
    expect(await refusal(scene.identity.signIn({ email: 'gone@example.test', password: OTHER_PASSWORD }))).toBe(
      'reauthentication-required: credentials',
    );
    expect(scene.identity.people().map(({ id }) => id)).toEqual([owner.id]);
    expect(scene.identity.nameOf(principal.id)).toBe(`Removed person ${principal.id}`);
    expect(scene.identity.nameOf('u-000000000000')).toBe('u-000000000000');
    expect(scene.records('tenant.user_removed')).toMatchObject([{ data: { user: principal.id } }]);
    expect(scene.records('auth.api_key_revoked')).toMatchObject([{ data: { reason: 'owner-removed' } }]);
    expect(scene.records('auth.user_signed_out').at(-1)?.data).toMatchObject({ reason: 'removed' });
    expect(await refusal(scene.identity.setRole(owner, principal.id, 'admin'))).toBe('not-found');
    const again = await scene.join(owner, 'viewer', 'gone@example.test');
    expect(again.principal.id).not.toBe(principal.id);
    await scene.reopen();
    expect(scene.identity.nameOf(principal.id)).toBe(`Removed person ${principal.id}`);
  });

  test('signing somebody out ends all their sessions', async () => {
    const { token, principal } = await scene.join(owner, 'operator');
    expect(await scene.identity.signOutPerson(owner, principal.id)).toMatchObject({ sessions: 0 });
    expect(await refusal(scene.identity.verifyToken(token))).toBe('sign-in-required: session');
    expect(scene.records('auth.user_signed_out')).toMatchObject([
      { actor: { id: owner.id }, data: { reason: 'revoked' } },
    ]);
  });
});
