import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { type IdentityScene, MINUTE, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
let token: string;
beforeEach(async () => {
  scene = await openScene();
  ({ principal: owner, token } = await scene.identity.createOwner(OWNER));
});
afterEach(() => scene.close());

const { email, password } = OWNER;

/** @securityTest While the trail's broken history waits to be acknowledged, people can sign in, and nothing else that needs a record happens */
describe('while the trail writes nothing', () => {
  /** As the store does with a broken history: it rejects. */
  const stop = () => {
    scene.canRecord = false;
    scene.broken = new Error('history-blocked');
  };
  const goOn = () => {
    scene.canRecord = true;
    scene.broken = null;
  };

  test('people sign in, lock, unlock and re-authenticate, and it is recorded afterwards', async () => {
    stop();
    const head = scene.store.head().seq;
    const result = await scene.identity.signIn({ email, password });
    if (result.step !== 'done') throw new Error('no second factor was set up');
    expect(await refusal(scene.identity.signIn({ email, password: 'wrong' }))).toBe(
      'reauthentication-required: credentials',
    );
    await scene.identity.lock(result.principal);
    expect(await refusal(scene.identity.verifyToken(result.token))).toBe('sign-in-required: locked');
    await scene.identity.unlock(result.token, password);
    expect(await scene.identity.reauthenticate(result.principal, { method: 'password', password })).toBe('password');
    await scene.identity.signOut(owner, false);
    expect(scene.store.head().seq).toBe(head);
    await scene.reopen();
    expect(scene.store.head().seq).toBe(head);
    const [from, to] = [scene.clock.time, scene.clock.time + MINUTE];
    goOn();
    scene.clock.time = to;
    await scene.identity.verifyToken(result.token);
    const later = scene.records().slice(head);
    expect(later.map(({ action }) => action)).toEqual([
      'tenant.configuration_changed',
      'auth.token_issued',
      'auth.user_signed_in',
      'auth.sign_in_failed',
      'tenant.configuration_changed',
      'auth.user_signed_in',
      'auth.user_signed_out',
    ]);
    expect(later[0]).toMatchObject({ data: { setting: 'sign-ins-recorded-later' } });
    expect(later[0]?.data.new).toContain(`The next 6 records are of ${new Date(from).toISOString()}`);
    expect(later[2]?.data).toMatchObject({ session: result.principal.session });
    await scene.identity.verifyToken(result.token);
    expect(scene.store.head().seq).toBe(head + 7); // once
  });

  test('nothing else that needs a record happens', async () => {
    stop();
    const { identity } = scene;
    const other = 'u-000000000000';
    const refused = [
      identity.changePassword(owner, password, 'another winding long road'),
      identity.invite(owner, { email: 'x@example.test', role: 'viewer' }),
      identity.createApiKey(owner, { label: 'x', scopes: ['trail.read'], days: 1 }),
    ];
    for (const work of refused) expect(await refusal(work)).toBe('audit-unavailable: cannot-record');
    expect(await refusal(identity.setRole(owner, other, 'admin'))).toBe('not-found');
    goOn();
    expect((await identity.signIn({ email, password })).step).toBe('done');
  });

  test('wrong passwords still lock the account', async () => {
    stop();
    for (let n = 0; n < 5; n++) await refusal(scene.identity.signIn({ email, password: 'wrong' }));
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('rate-limited: lockout');
    goOn();
    await scene.identity.verifyToken(token);
    expect(scene.records('auth.sign_in_failed')).toHaveLength(5);
    expect(scene.records('auth.rate_limited')).toHaveLength(1);
  });

  test('what is owed does not grow without bound, and what is left out is told', async () => {
    stop();
    for (let n = 0; n < 300; n++) await scene.identity.signIn({ email, password });
    goOn();
    await scene.identity.verifyToken(token);
    const late = scene.records('tenant.configuration_changed').at(-1);
    expect(late?.data.new).toMatch(/^The next 500 records .* 100 more were not kept$/);
    expect(scene.records('auth.user_signed_in')).toHaveLength(1 + 250);
  }, 120_000);

  test('a trail that fails on its own is something else: then nobody signs in', async () => {
    scene.broken = new Error('the disk is gone');
    expect(await refusal(scene.identity.signIn({ email, password }))).toBe('audit-unavailable');
  });
});
