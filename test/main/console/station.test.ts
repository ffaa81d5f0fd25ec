import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freeSlug } from '#main/console/station.ts';
import { openQuickStation, type QuickStation } from '../../support/quick-station.ts';

let quick: QuickStation;
afterEach(() => quick.end());

const TITLE = 'Ställwerk & Söhne, Payments';

describe('the slug of a title', () => {
  it.each([
    ['Payments', 'payments'],
    ['  Ställwerk & Söhne  ', 'sta-llwerk-so-hne'],
    ['--a--', 'a'],
    ['結算', 'workspace'],
    ['x'.repeat(100), 'x'.repeat(40)],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ])('%s: %s', async (title, slug) => {
    quick = await openQuickStation();
    expect(freeSlug(title, [])).toBe(slug);
    expect(freeSlug(title, [slug])).toBe(`${slug}-2`);
    expect(freeSlug(title, [slug, `${slug}-2`])).toBe(`${slug}-3`);
  });
});

describe('the workspaces of a data folder', () => {
  it('are none at first; one is made, open, and listed by its title, which no file has', async () => {
    quick = await openQuickStation();
    const { station } = quick;
    expect(await station.list()).toEqual([]);
    expect(station.current()).toBeNull();
    await expect(station.open('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    const made = await station.create(`  ${TITLE} `);
    expect(station.current()).toBe(made);
    expect(made.identity.hasPeople()).toBe(false);
    expect(await station.list()).toEqual([{ tenant: made.tenant, title: TITLE }]);
    await station.close();
    expect(station.current()).toBeNull();
    const everything = readdirSync(quick.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
    expect(Buffer.concat(everything).includes('Ställwerk')).toBe(false);
    for (const title of ['', '   ', 'x'.repeat(101)]) {
      await expect(station.create(title)).rejects.toMatchObject({ code: 'bad-input' });
    }
  });

  it('are open one at a time: another is closed first, also when both are asked for at once', async () => {
    quick = await openQuickStation();
    const { station } = quick;
    const [first, second] = await Promise.all([station.create('Same name'), station.create('Same name')]);
    expect([first.tenant, second.tenant]).toEqual(['same-name', 'same-name-2']);
    expect(station.current()).toBe(second);
    await expect(
      first.identity.createOwner({ name: 'A', email: 'a@test.example', password: 'x'.repeat(20) }),
    ).rejects.toThrow();
    expect(await station.open('same-name-2')).toBe(second); // it is open
    const again = await station.open('same-name');
    expect(again).not.toBe(first);
    expect(station.current()).toBe(again);
  });

  it('are passed over when they are none, and shown by their slug when the keychain has no title', async () => {
    quick = await openQuickStation();
    const tenants = join(quick.folder, 'tenants');
    mkdirSync(join(tenants, 'Not A Tenant'), { recursive: true });
    mkdirSync(join(tenants, 'b-place'));
    writeFileSync(join(tenants, 'file'), '');
    expect(await quick.station.list()).toEqual([{ tenant: 'b-place', title: 'b-place' }]);
  });

  it('leave nothing behind when the keychain refuses the first thing', async () => {
    quick = await openQuickStation();
    quick.secrets.failure = new Error('locked');
    await expect(quick.station.create('Payments')).rejects.toThrow('locked');
    quick.secrets.failure = null;
    expect(await quick.station.list()).toEqual([]);
    expect(readdirSync(quick.folder)).toEqual([]);
    expect(quick.secrets.entries.size).toBe(0);
    expect(quick.station.current()).toBeNull();
    expect((await quick.station.create('Payments')).tenant).toBe('payments');
  });

  it('leave no title and no folder behind when the workspace could not be opened', async () => {
    // opening fails before anything is in the workspace
    quick = await openQuickStation({ sandboxFolders: ['/nowhere/at/all'] });
    await expect(quick.station.create('Payments')).rejects.toThrow();
    expect(readdirSync(join(quick.folder, 'tenants'))).toEqual([]);
    expect(quick.secrets.entries.size).toBe(0);
  });

  it('are not made in the place of one whose files are gone: its keys are still in the keychain', async () => {
    quick = await openQuickStation();
    const { station } = quick;
    await station.create('Payments');
    await station.close();
    rmSync(quick.tenantFolder('payments'), { recursive: true });
    expect(await station.list()).toEqual([]);
    expect((await station.create('Payments')).tenant).toBe('payments-2');
  });
});

/** @securityTest A workspace's files put into another's folder do not open there: each has keys of its own */
describe("another workspace's files", () => {
  it.each([
    ['workspace.db', 'audit-broken'],
    ['people.db', 'audit-broken'],
    ['audit.db', 'conflict'], // says whose trail it is
    ['vault.db', 'audit-broken'],
  ])('%s', async (name, code) => {
    quick = await openQuickStation();
    const { station } = quick;
    for (const [title, email] of [
      ['Mine', 'mine@test.example'],
      ['Theirs', 'theirs@test.example'],
    ] as const) {
      const { identity } = await station.create(title);
      await identity.createOwner({ name: `Owner of ${title}`, email, password: 'four plain words together' });
    }
    await station.close();
    const [mine, theirs] = [quick.tenantFolder('mine'), quick.tenantFolder('theirs')];
    expect(existsSync(join(theirs, name))).toBe(true);
    for (const end of ['-wal', '-shm']) rmSync(join(mine, name + end), { force: true });
    copyFileSync(join(theirs, name), join(mine, name));
    const refused = await station.open('mine').then(
      () => null,
      (error: unknown) => error,
    );
    expect(station.current()).toBeNull();
    expect(refused).toMatchObject({ code });
    await station.close();
    // the other one is as it was
    const { identity } = await station.open('theirs');
    expect(identity.people().map(({ email }) => email)).toEqual(['theirs@test.example']);
  });
});
