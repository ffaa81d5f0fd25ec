import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityScene, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

describe('the owner', () => {
  test('is made while there are no people, and is signed in by it', async () => {
    expect(scene.identity.hasPeople()).toBe(false);
    const { token, principal } = await scene.identity.createOwner(OWNER);
    expect(principal).toMatchObject({ type: 'user', role: 'owner', tenant: 'acme', name: OWNER.name });
    expect(principal.human).toBe(principal.id);
    expect(await scene.identity.verifyToken(token)).toEqual(principal);
    expect(scene.identity.hasPeople()).toBe(true);
    const actions = scene.records().map(({ action }) => action);
    expect(actions.slice(1)).toEqual([
      'tenant.user_added',
      'auth.password_changed',
      'auth.user_signed_in',
      'auth.token_issued',
    ]);
    expect(scene.records('auth.password_changed')[0]?.data).toMatchObject({ parameters: 'm=64,t=1,p=1' });
    expect(await refusal(scene.identity.createOwner({ ...OWNER, email: 'two@example.test' }))).toBe(
      'conflict: has-people',
    );
  });
});
