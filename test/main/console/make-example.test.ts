import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openAuditStore } from '#main/audit/store.ts';
import { EXAMPLE } from '#main/console/example-year/example.ts';
import { systemRandom } from '#main/platform/random.ts';
import { EXAMPLE_GENERATOR, isSyntheticChain } from '#shared/model/synthetic.ts';
import { openQuickStation, type QuickStation } from '../../support/quick-station.ts';

let quick: QuickStation;
afterEach(() => quick.end());

const RECORDS = 2000;
const place = () => join(quick.folder, 'tenants', EXAMPLE.tenant);

/** Signs the example's owner in and says what the window is told of the workspace. */
async function infoOf({ station }: QuickStation) {
  const workspace = station.current();
  if (workspace === null) throw new Error('no workspace is open');
  const result = await workspace.identity.signIn({ email: EXAMPLE.email, password: EXAMPLE.password });
  if (result.step !== 'done') throw new Error('a second factor is asked for');
  return workspace.as(result.principal).info();
}

describe('the example workspace', { timeout: 240_000 }, () => {
  it('can be loaded again when its folder was deleted, also after policies and secrets were changed in it', async () => {
    quick = await openQuickStation();
    const { station, secrets } = quick;
    await station.loadExample({ records: RECORDS });
    const first = await infoOf(quick);
    expect(first.synthetic).toBe(true);
    await station.close();
    rmSync(place(), { recursive: true });
    // as an older one would have left them
    const anchor = Buffer.from(JSON.stringify({ version: 'a'.repeat(64), seq: 1999 }), 'utf8');
    await secrets.set(`tenant.${EXAMPLE.tenant}.policy-anchor`, anchor);
    const vault = Buffer.from(JSON.stringify({ counter: 9, digest: 'b'.repeat(64) }), 'utf8');
    await secrets.set(`tenant.${EXAMPLE.tenant}.vault-anchor`, vault);

    expect(await station.loadExample({ records: RECORDS })).toMatchObject({ tenant: EXAMPLE.tenant });
    const second = await infoOf(quick);
    expect(second.synthetic).toBe(true);
    expect(second.chain).not.toBe(first.chain);
    expect(await station.list()).toEqual([{ tenant: EXAMPLE.tenant, title: EXAMPLE.title }]);
    await station.close();
    await station.open(EXAMPLE.tenant); // and after a restart
    expect((await infoOf(quick)).chain).toBe(second.chain);
  });

  it('leaves no key when the keychain does not take all of them, and can be loaded then', async () => {
    quick = await openQuickStation();
    const { station, secrets } = quick;
    const before = [...secrets.entries.keys()];
    const { set } = secrets;
    let left = 4;
    secrets.set = async (name, value) => {
      if (left === 0) throw new Error('the keychain is full');
      left--;
      await set.call(secrets, name, value);
    };
    await expect(station.loadExample({ records: RECORDS })).rejects.toThrow('the keychain is full');
    expect([...secrets.entries.keys()]).toEqual(before);
    expect(existsSync(place())).toBe(false);
    secrets.set = set;
    await station.loadExample({ records: RECORDS });
    expect((await infoOf(quick)).synthetic).toBe(true);
  });

  it('leaves nothing when it is cancelled, and opens again what was open', async () => {
    quick = await openQuickStation();
    const { station, secrets, folder } = quick;
    const { tenant } = await station.create('Real');
    const list = await station.list();
    const entries = new Map(secrets.entries);
    const stop = new AbortController();
    const loading = station.loadExample({ signal: stop.signal, onProgress: (done) => done > 0 && stop.abort() });
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    expect(station.current()?.tenant).toBe(tenant);
    expect(await station.list()).toEqual(list);
    expect(readdirSync(join(folder, 'tenants'))).toEqual([tenant]);
    expect([...secrets.entries.keys()]).toEqual([...entries.keys()]);

    const before = station.loadExample({ signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: 'cancelled' });
    const last = new AbortController();
    const whole = (done: number, total: number) => done === total && last.abort();
    const late = station.loadExample({ records: RECORDS, signal: last.signal, onProgress: whole });
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(join(folder, 'tenants'))).toEqual([tenant]);
    expect([...secrets.entries.keys()]).toEqual([...entries.keys()]);
    await station.loadExample({ records: RECORDS });
    expect((await infoOf(quick)).synthetic).toBe(true);
  });

  it('is not waited for when the station is closed, and leaves nothing then', async () => {
    quick = await openQuickStation();
    const { station, secrets, folder } = quick;
    const began = Promise.withResolvers<void>();
    const loading = station.loadExample({ onProgress: () => began.resolve() });
    await began.promise;
    const [loaded] = await Promise.allSettled([loading, station.close()]);
    expect(loaded).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    expect(station.current()).toBe(null);
    expect(readdirSync(join(folder, 'tenants'))).toEqual([]);
    expect(secrets.entries.size).toBe(0);
  });

  it('cannot be made of a workspace: what exists is not written on as an example is', async () => {
    quick = await openQuickStation();
    const made = await quick.station.create('Real');
    await quick.station.close();
    const { secrets } = quick;
    const folder = quick.tenantFolder(made.tenant);
    const clock = { now: () => Date.now() };
    const generator = { name: EXAMPLE_GENERATOR, version: '0' };
    const options = { folder, tenant: made.tenant, secrets, clock, random: systemRandom, generator };
    const refused = openAuditStore({ ...options, example: { recordClock: clock } });
    await expect(refused).rejects.toMatchObject({ code: 'conflict', reason: 'example' });
    const store = await openAuditStore(options);
    expect(isSyntheticChain(store.get(1)?.record.data)).toBe(false);
    await store.close();
  });
});
