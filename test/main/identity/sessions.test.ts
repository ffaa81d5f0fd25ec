import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CausewayError } from '#shared/errors.ts';
import { HOUR, type IdentityScene, MINUTE, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let token: string;
let person: string;
beforeEach(async () => {
  scene = await openScene();
  const owner = await scene.identity.createOwner(OWNER);
  token = owner.token;
  person = owner.principal.id;
});
afterEach(() => scene.close());

const { email, password } = OWNER;
const verify = (jwt: string) => refusal(scene.identity.verifyToken(jwt));
const rejected = () => scene.records('auth.token_rejected').map(({ data }) => data.reason);
/** When the token ends, milliseconds since the epoch. */
const endOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).exp * 1000;

describe('a session', () => {
  test('ends after eight hours, to the second, and that is on record once', async () => {
    for (let quarter = 0; quarter < 4 * 8; quarter++) {
      scene.clock.time += 14 * MINUTE;
      await scene.identity.verifyToken(token, { touch: true });
    }
    const end = endOf(token);
    while (scene.clock.time < end - 10 * MINUTE) {
      scene.clock.time += 10 * MINUTE;
      await scene.identity.verifyToken(token, { touch: true });
    }
    scene.clock.time = end - 1;
    expect(await verify(token)).toBe('done');
    scene.clock.time = end;
    expect(await verify(token)).toBe('sign-in-required: expiry');
    expect(await verify(token)).toBe('sign-in-required: expiry');
    scene.clock.time = end + HOUR;
    expect(await verify(token)).toBe('sign-in-required: expiry');
    expect(rejected()).toEqual(['expiry']);
    expect(scene.records('auth.user_signed_out').map(({ data }) => data.reason)).toEqual(['expired']);
    expect(scene.identity.people()[0]?.sessions).toBe(0);
  });

  /** @securityTest A session nobody uses locks after fifteen minutes, and only the password opens it again */
  test('locks when idle; looking does not keep it awake, doing does', async () => {
    scene.clock.time += 14 * MINUTE;
    expect(await verify(token)).toBe('done');
    scene.clock.time += MINUTE;
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(await scene.identity.verifyToken(token, { evenLocked: true, touch: true })).toMatchObject({ id: person });
    expect(await verify(token)).toBe('sign-in-required: locked');
    expect(scene.records('tenant.configuration_changed')).toMatchObject([{ data: { new: 'locked (idle)' } }]);
    expect(await refusal(scene.identity.unlock(token, 'wrong'))).toBe('reauthentication-required: password');
    expect(await scene.identity.unlock(token, password)).toMatchObject({ id: person });
    scene.clock.time += 14 * MINUTE;
    await scene.identity.verifyToken(token, { touch: true });
    scene.clock.time += 14 * MINUTE;
    expect(await verify(token)).toBe('done');
  });

  test('stays locked across a restart, and locks when nobody was there during one', async () => {
    const principal = await scene.identity.verifyToken(token);
    await scene.identity.lock(principal);
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    await scene.reopen();
    expect(await verify(token)).toBe('done');
    scene.clock.time += 15 * MINUTE;
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: locked');
  });

  test('another idle time can be asked for', async () => {
    await scene.reopen({ idleLockMs: MINUTE });
    scene.clock.time += MINUTE;
    expect(await verify(token)).toBe('sign-in-required: locked');
  });

  /** @securityTest A clock an hour ahead or behind opens nothing that is over, and locks rather than trusts */
  test('with a wrong clock', async () => {
    scene.clock.time -= HOUR; // behind: the session begins in the future
    expect(await verify(token)).toBe('sign-in-required: not-yet-valid');
    const behind = await scene.identity.signIn({ email, password });
    if (behind.step !== 'done') throw new Error('no second factor was set up');
    expect(await verify(behind.token)).toBe('done'); // signing in again is always possible
    scene.clock.time += HOUR; // set right
    expect(await verify(token)).toBe('done');
    expect(await verify(behind.token)).toBe('sign-in-required: locked');
    scene.clock.time += HOUR; // ahead
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    await scene.identity.verifyToken(token, { touch: true });
    scene.clock.time -= HOUR; // set right: how long nobody was there cannot be told
    expect(await verify(token)).toBe('sign-in-required: locked');
    await scene.identity.unlock(token, password);
    expect(await verify(token)).toBe('done');
    expect(endOf(token) - scene.clock.time).toBe(8 * HOUR);
  });

  test('ends by signing out, here or everywhere', async () => {
    const here = await scene.identity.verifyToken(token);
    const second = await scene.identity.signIn({ email, password });
    const third = await scene.identity.signIn({ email, password });
    if (second.step !== 'done' || third.step !== 'done') throw new Error('no second factor was set up');
    await scene.identity.signOut(here, false);
    expect(await verify(token)).toBe('sign-in-required: session');
    expect(await verify(second.token)).toBe('done');
    await scene.identity.signOut(second.principal, true);
    expect(await verify(second.token)).toBe('sign-in-required: session');
    expect(await verify(third.token)).toBe('sign-in-required: session');
    expect(scene.records('auth.user_signed_out').map(({ data }) => data.reason)).toEqual([
      'signed-out',
      'everywhere',
      'everywhere',
    ]);
    expect(await refusal(scene.identity.unlock(token, password))).toBe('sign-in-required: session');
  });

  test('ends also when that cannot be recorded, which is made up for', async () => {
    const principal = await scene.identity.verifyToken(token);
    scene.broken = new CausewayError('disk-full', 'No space.');
    await scene.identity.signOut(principal, false);
    expect(await verify(token)).toBe('sign-in-required: session');
    scene.broken = null;
    await scene.reopen();
    expect(scene.records('auth.user_signed_out')).toMatchObject([{ actor: { id: person } }]);
    expect(scene.warnings).toContain('something that happened could not be recorded at once');
  });

  test('tells its listeners', async () => {
    const told: string[] = [];
    const stop = scene.identity.subscribe((what) => told.push(what));
    await scene.identity.lock(await scene.identity.verifyToken(token));
    expect(told).toEqual(['access']);
    stop();
    await scene.identity.unlock(token, password);
    expect(told).toEqual(['access']);
  });
});

describe('the token key', () => {
  /** @securityTest A token key that is lost or damaged is replaced, and every session ends */
  test.each([
    ['lost', () => scene.secrets.entries.delete('tenant.acme.token-key')],
    ['damaged', () => scene.secrets.entries.set('tenant.acme.token-key', Buffer.from('nothing'))],
  ])('%s', async (_what, damage) => {
    damage();
    await scene.reopen();
    expect(await verify(token)).toBe('sign-in-required: signature');
    expect(scene.records('auth.user_signed_out')).toMatchObject([{ data: { reason: 'revoked' } }]);
    expect((await scene.identity.signIn({ email, password })).step).toBe('done');
  });

  test('nothing opens while the keychain does not answer', async () => {
    scene.secrets.failure = new CausewayError('keychain-unavailable', 'Locked.');
    expect(await refusal(scene.reopen())).toBe('keychain-unavailable');
    scene.secrets.failure = null;
    await scene.reopen();
    expect(await verify(token)).toBe('done');
  });
});
