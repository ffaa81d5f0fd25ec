import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Principal } from '#main/identity/principal.ts';
import { HOUR, type IdentityScene, OWNER, openScene } from './scene.ts';

let scene: IdentityScene;
let owner: Principal;
beforeEach(async () => {
  scene = await openScene();
  owner = (await scene.identity.createOwner(OWNER)).principal;
});
afterEach(() => scene.close());

const WAIT = 72 * HOUR;
const alone = () => scene.identity.alone('protections.decide', WAIT);

/** @securityTest Nobody becomes the only human who may decide a protection change by making the second one disappear */
describe('one human who holds a permission', () => {
  test('is alone at once where there never was a second', async () => {
    expect(alone()).toBe(true);
    await scene.join(owner, 'operator'); // may not decide protection changes: no second one
    await scene.join(owner, 'viewer');
    expect(alone()).toBe(true);
    expect(scene.identity.alone('trail.read', 0)).toBe(false);
  });

  test.each<[string, (second: string) => Promise<unknown>]>([
    ['was made an alias', (second) => scene.identity.setAlias(owner, second, owner.id)],
    ['was removed', (second) => scene.identity.remove(owner, second)],
    ['lost the role', (second) => scene.identity.setRole(owner, second, 'viewer')],
  ])('is not alone for so long after the second %s, nor after a restart', async (_what, work) => {
    const second = (await scene.join(owner, 'admin')).principal;
    expect(alone()).toBe(false);
    scene.clock.time += HOUR;
    await work(second.id);
    expect(alone()).toBe(false);
    scene.clock.time += WAIT - 1;
    await scene.reopen();
    expect(alone()).toBe(false);
    scene.clock.time += 1;
    expect(alone()).toBe(true);
    scene.clock.time -= 2 * WAIT; // a clock set back
    expect(alone()).toBe(false);
  });

  test('is not told where nobody knows what a role may do', async () => {
    await scene.reopen({ allowed: undefined });
    expect(alone()).toBe(false);
  });
});
