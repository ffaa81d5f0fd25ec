import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { type IdentityScene, OTHER_PASSWORD, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
beforeEach(async () => {
  scene = await openScene();
  owner = (await scene.identity.createOwner(OWNER)).principal;
});
afterEach(() => scene.close());

/** The trail fails from this record on. */
const failAt = (action: AuditAction) => {
  scene.onAppend = (input) => {
    if (input.action !== action) return;
    scene.broken = new Error('the disk is gone');
    throw scene.broken;
  };
};
const recover = async () => {
  scene.onAppend = null;
  scene.broken = null;
  await scene.reopen(); // what is owed is written
};
const outcomes = (action: AuditAction) => scene.records(action).map(({ outcome }) => outcome);

/** @securityTest What is on record as done was done: the record that says so comes last, and what did not happen is taken back on record */
describe('an act whose records or change fail midway', () => {
  const joined = async () => {
    const person = await scene.join(owner, 'operator');
    await scene.identity.createApiKey(person.principal, { label: 'k', scopes: ['trail.read'], days: 1 });
    return person;
  };

  test('a removal', async () => {
    const { token, principal } = await joined();
    failAt('tenant.user_removed');
    expect(await refusal(scene.identity.remove(owner, principal.id))).toBe('audit-unavailable');
    await recover();
    expect(await scene.identity.verifyToken(token)).toMatchObject({ id: principal.id });
    expect(outcomes('tenant.user_removed')).toEqual([]);
    expect(outcomes('auth.api_key_revoked')).toEqual(['success', 'failure']);
    expect(outcomes('auth.user_signed_out')).toEqual(['success', 'failure']);
    await scene.identity.remove(owner, principal.id);
    expect(scene.records().at(-1)).toMatchObject({ action: 'tenant.user_removed', outcome: 'success' });
  });

  test.each<[string, AuditAction, (person: string) => Promise<unknown>]>([
    ['a role', 'tenant.user_role_changed', (person) => scene.identity.setRole(owner, person, 'viewer')],
    ['a second factor', 'auth.mfa_enrolled', (person) => scene.identity.resetSecondFactor(owner, person)],
  ])('%s', async (_what, action, work) => {
    const { token, principal } = await joined();
    failAt(action);
    expect(await refusal(work(principal.id))).toBe('audit-unavailable');
    await recover();
    expect(outcomes(action)).toEqual([]);
    expect(outcomes('auth.user_signed_out')).toEqual(['success', 'failure']);
    expect(await scene.identity.verifyToken(token)).toMatchObject({ role: 'operator' });
  });

  test('a sign-in', async () => {
    const before = outcomes('auth.user_signed_in').length;
    failAt('auth.user_signed_in');
    expect(await refusal(scene.identity.signIn(OWNER))).toBe('audit-unavailable');
    await recover();
    expect(outcomes('auth.user_signed_in')).toHaveLength(before);
    expect(outcomes('auth.token_issued').at(-1)).toBe('failure');
    expect(scene.identity.people()[0]?.sessions).toBe(1);
  });

  test('somebody new', async () => {
    const { code } = await scene.identity.invite(owner, { email: 'new@example.test', role: 'viewer' });
    const accept = () => scene.identity.acceptInvitation({ code, name: 'Nora New', password: OTHER_PASSWORD });
    failAt('tenant.user_added');
    expect(await refusal(accept())).toBe('audit-unavailable');
    await recover();
    expect(outcomes('tenant.user_added')).toEqual(['success']); // the owner
    expect(outcomes('auth.password_changed')).toEqual(['success', 'success', 'failure']);
    expect(await refusal(accept())).toBe('done'); // the invitation is still open
  });

  test('a change that fails after its record', async () => {
    const { principal } = await joined();
    scene.secrets.failure = new Error('locked');
    await scene.identity.setRole(owner, principal.id, 'admin'); // the keychain does not take this, so nothing more is changed
    expect(await refusal(scene.identity.remove(owner, principal.id))).toBe('keychain-unavailable: anchor-behind');
    expect(outcomes('tenant.user_removed')).toEqual(['success', 'failure']);
    const added = { email: 'new@example.test', role: 'viewer' as const };
    expect(await refusal(scene.identity.invite(owner, added))).toBe('keychain-unavailable: anchor-behind');
    expect(outcomes('tenant.configuration_changed').slice(-2)).toEqual(['success', 'failure']);
    scene.secrets.failure = null;
    await scene.identity.remove(owner, principal.id);
    expect(outcomes('tenant.user_removed')).toEqual(['success', 'failure', 'success']);
  });
});
