import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { type IdentityScene, MINUTE, OTHER_PASSWORD, OWNER, openScene, refusal } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
beforeEach(async () => {
  scene = await openScene();
  owner = (await scene.identity.createOwner(OWNER)).principal;
});
afterEach(() => scene.close());

const SUFFIXES = ['', '-wal', '-shm'];
const copy = (from: string, to: string) => {
  mkdirSync(to, { recursive: true });
  for (const suffix of SUFFIXES) {
    rmSync(join(to, `people.db${suffix}`), { force: true });
    if (existsSync(join(from, `people.db${suffix}`)))
      copyFileSync(join(from, `people.db${suffix}`), join(to, `people.db${suffix}`));
  }
};
const aside = () => join(scene.folder, 'aside');
const keep = () => copy(scene.folder, aside());
const putBack = () => {
  scene.identity.close();
  copy(aside(), scene.folder);
};
const ANCHOR = 'tenant.acme.people-anchor';
const anchor = () => JSON.parse(Buffer.from(scene.secrets.entries.get(ANCHOR) ?? []).toString('utf8'));

/** @securityTest An older people.db put back lets nobody in who was removed, and brings back no role, key, alias, device, password or code */
describe('an older people.db', () => {
  test.each<[string, (second: Principal) => Promise<() => Promise<unknown>>]>([
    [
      'a removal',
      async ({ id }) =>
        () =>
          scene.identity.remove(owner, id),
    ],
    [
      'a role',
      async ({ id }) =>
        () =>
          scene.identity.setRole(owner, id, 'viewer'),
    ],
    [
      'an alias',
      async ({ id }) =>
        () =>
          scene.identity.setAlias(owner, id, owner.id),
    ],
    [
      'a revoked key',
      async (second) => {
        const { apiKey } = await scene.identity.createApiKey(second, { label: 'k', scopes: ['trail.read'], days: 1 });
        return () => scene.identity.revokeApiKey(owner, apiKey.id);
      },
    ],
    ['a password', async (second) => () => scene.identity.changePassword(second, OTHER_PASSWORD, 'quite another one')],
    [
      'a withdrawn invitation',
      async () => {
        const { invitation } = await scene.identity.invite(owner, { email: 'x@example.test', role: 'admin' });
        return () => scene.identity.withdrawInvitation(owner, invitation.id);
      },
    ],
    [
      'a spent recovery code',
      async (second) => {
        const { secret } = await scene.identity.beginSecondFactor(second, OTHER_PASSWORD);
        const code = generateSync({ secret, epoch: scene.clock.time / 1000 });
        const { codes } = await scene.identity.confirmSecondFactor(second, code);
        const given = { email: 'admin@example.test', password: OTHER_PASSWORD, code: codes[0] ?? '' };
        return () => scene.identity.signIn(given);
      },
    ],
  ])('from before %s is refused', async (_what, prepare) => {
    const act = await prepare((await scene.join(owner, 'admin')).principal);
    keep();
    await act();
    putBack();
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-older');
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-older'); // opening it changed nothing
  });

  test('the newest copy opens again', async () => {
    const { principal } = await scene.join(owner, 'admin');
    await scene.identity.remove(owner, principal.id);
    scene.identity.close();
    keep();
    putBack();
    await scene.reopen();
    expect(scene.identity.people().map(({ id }) => id)).toEqual([owner.id]);
  });
});

describe('the keychain', () => {
  test('is behind when the program ended between the file and it, and catches up', async () => {
    const before = scene.secrets.entries.get(ANCHOR);
    const { generation } = anchor();
    await scene.identity.invite(owner, { email: 'x@example.test', role: 'viewer' });
    expect(anchor().generation).toBe(generation + 1);
    if (before !== undefined) scene.secrets.entries.set(ANCHOR, before);
    await scene.reopen();
    expect(scene.identity.invitations()).toHaveLength(1);
    expect(anchor().generation).toBe(generation + 1);
  });

  test('is not written for what happens all the time', async () => {
    const { generation } = anchor();
    const { token, principal } = await scene.identity.signIn(OWNER).then((outcome) => {
      if (outcome.step !== 'done') throw new Error('no second factor was set up');
      return outcome;
    });
    await refusal(scene.identity.signIn({ ...OWNER, password: 'wrong' }));
    scene.clock.time += MINUTE;
    await scene.identity.verifyToken(token, { touch: true });
    await scene.identity.lock(principal);
    await scene.identity.unlock(token, OWNER.password);
    await scene.identity.signOut(principal, false);
    expect(anchor().generation).toBe(generation);
  });

  test('that takes nothing stops further changes, until it does again', async () => {
    const { id } = (await scene.join(owner, 'viewer')).principal;
    scene.secrets.failure = new Error('locked');
    await scene.identity.setRole(owner, id, 'operator'); // done, and in the file
    expect(scene.warnings).toContain('the keychain could not note a change of the list of people');
    expect(await refusal(scene.identity.setRole(owner, id, 'admin'))).toBe('keychain-unavailable: anchor-behind');
    expect(scene.identity.people().find((person) => person.id === id)?.role).toBe('operator');
    expect((await scene.identity.signIn(OWNER)).step).toBe('done');
    scene.secrets.failure = null;
    await scene.identity.setRole(owner, id, 'admin');
    keep();
    const { generation } = anchor();
    await scene.identity.remove(owner, id);
    expect(anchor().generation).toBe(generation + 1);
    putBack();
    expect(await refusal(scene.reopen())).toBe('audit-broken: people-older');
  });
});
