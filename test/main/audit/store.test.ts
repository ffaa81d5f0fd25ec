import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECKPOINT_MS, CHECKPOINT_RECORDS } from '#main/audit/checkpoint-writer.ts';
import { seal } from '#main/audit/seal.ts';
import { openAuditStore } from '#main/audit/store.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../support/audit-store.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

const opened: TestStore[] = [];
async function open(before?: TestStore): Promise<TestStore> {
  const made = await openTestStore(before?.folder, before?.secrets, before?.clock);
  opened.push(made);
  return made;
}
afterEach(async () => {
  for (const { store, folder } of opened.splice(0)) {
    await store.close().catch(() => undefined);
    removeFolder(folder);
  }
});

/** What the store says contradicts its history; only then nothing is written. */
async function found(opened: TestStore | Promise<TestStore>): Promise<readonly string[]> {
  const { state, breaks } = (await opened).store.standing();
  expect(state).toBe('blocked');
  return breaks.map(({ kind }) => kind);
}

async function refusal(promise: Promise<unknown>): Promise<{ code: string; reason: string | undefined }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof CausewayError) return { code: error.code, reason: error.reason };
    throw error;
  }
  throw new Error('it was not refused');
}

/** Everything SQLite keeps of a store, as a thief or a restore would copy it. */
function copyStore(from: string, to: string): void {
  for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true });
  for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

describe('append', () => {
  it('begins with tenant.created and its keys', async () => {
    const { store } = await open();
    const first = store.get(1);
    expect(first?.record).toMatchObject({ action: 'tenant.created', seq: 1, tenant: 'acme', prev: '0'.repeat(64) });
    expect(first?.record.data.keys).toMatchObject([{ id: store.keyId, alg: 'Ed25519', fromSeq: 1 }]);
    expect(store.latestCheckpoint()?.size).toBe(1);
  });

  it('links, hashes and signs each record', async () => {
    const { store, clock } = await open();
    const records = await Promise.all(Array.from({ length: 300 }, (_, index) => store.append(roleInput(`u${index}`))));
    expect(records.map((record) => record.seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
    for (const [index, record] of records.entries()) {
      expect(record.record.prev).toBe(index === 0 ? store.get(1)?.hash : records[index - 1]?.hash);
      expect(record.record.time).toBe(new Date(clock.time).toISOString());
    }
    expect(store.head()).toEqual({ seq: 301, hash: records.at(-1)?.hash });
    expect(store.getByHash(records[7]?.hash ?? '')?.seq).toBe(9);
    expect(store.getVerified(records[7]?.hash ?? '')?.seq).toBe(9);
    expect(store.getVerified('0'.repeat(64))).toBeNull();
    expect(store.checkRecord(9).map((check) => check.state)).toEqual(['holds', 'holds', 'holds', 'holds', 'open']);
    expect((await store.verify()).problems).toEqual([]);
  });

  it('refuses what is not of the schema, and writes nothing', async () => {
    const { store } = await open();
    const bad = { ...roleInput('u'), data: { user: 'u', old: 'a', new: 'b', extra: 1 } };
    expect(await refusal(store.append(bad as never))).toEqual({ code: 'bad-input', reason: 'schema' });
    const half = { ...roleInput('u'), data: { user: 'u', old: 'a' } };
    expect(await refusal(store.append(half as never))).toMatchObject({ code: 'bad-input' });
    const surrogate = { ...roleInput('u'), data: { user: '\ud800', old: 'a', new: 'b' } };
    expect(await refusal(store.append(surrogate))).toEqual({ code: 'bad-input', reason: 'canonical' });
    const deep = JSON.parse('['.repeat(63) + ']'.repeat(63));
    expect(await refusal(store.append({ ...noteInput('i', 'x'), data: { note: seal('u', deep) } }))).toEqual({
      code: 'bad-input',
      reason: 'canonical',
    });
    const large = seal('u', 'x'.repeat(4 * 1024 * 1024));
    expect(await refusal(store.append({ ...noteInput('i', 'x'), data: { note: large } }))).toMatchObject({
      code: 'too-large',
    });
    expect(await refusal(store.append(noteInput('i', '\udc00')))).toMatchObject({ code: 'bad-input' });
    expect(store.head().seq).toBe(1);
  });

  it("refuses a person's name in clear", async () => {
    const { store } = await open();
    const clear = { ...noteInput('i', 'x'), actor: { type: 'user' as const, id: 'u', name: 'Somebody' } };
    expect(await refusal(store.append(clear))).toEqual({ code: 'bad-input', reason: 'not-sealed' });
  });

  it('one bad record among many does not take the others with it', async () => {
    const { store } = await open();
    const bad = { ...roleInput('u'), data: { user: '\ud800', old: 'a', new: 'b' } };
    const results = await Promise.allSettled([
      store.append(roleInput('a')),
      store.append(bad),
      store.append(roleInput('b')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.head().seq).toBe(3);
    expect((await store.verify()).verdict).toBe('valid');
  });

  it('two writers on one file never fork it', async () => {
    const one = await open();
    const two = await open(one);
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? one : two).store.append(roleInput(`u${index}`))),
    );
    await one.store.append(roleInput('last'));
    expect(one.store.head().seq).toBe(42);
    expect((await one.store.verify()).problems).toEqual([]);
  });
});

describe('sealed values', () => {
  it('stand in the record as digests and are kept encrypted beside it', async () => {
    const { store, path } = await open();
    const { seq, bytes } = await store.append(noteInput('inc-1', 'call Quentin', 'person-canary'));
    expect(Buffer.from(bytes).toString()).not.toContain('Quentin');
    expect(store.disclosures(seq)).toEqual([
      { path: '/actor/name', value: 'Name of person-canary' },
      { path: '/data/note', value: 'call Quentin' },
    ]);
    await store.close();
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path).includes('Quentin')).toBe(false);
  });

  it('anywhere in the data', async () => {
    const { store } = await open();
    const record = await store.append({
      action: 'tenant.user_added',
      outcome: 'success',
      actor: { type: 'system', id: 'causeway' },
      device: { id: 'd', name: seal('u', 'a laptop') },
      target: { type: 'user', id: 'u' },
      data: { user: 'u', role: 'viewer', name: seal('u', 'N'), email: undefined },
    });
    expect(store.disclosures(record.seq).map(({ path }) => path)).toEqual(['/data/name', '/device/name']);
    expect((await store.verify()).sealed).toEqual({ disclosed: 2, withheld: 0, erased: 0, mismatched: 0 });
  });
});

describe('the trail', () => {
  it('pages, filters and counts', async () => {
    const { store, clock } = await open();
    for (let index = 0; index < 30; index++) {
      clock.time += 60_000;
      await store.append(
        index % 3 === 0 ? noteInput(`inc-${index % 2}`, 'x', `user-${index % 5}`) : roleInput(`u${index}`),
      );
    }
    const first = store.page({ limit: 10 });
    expect(first).toMatchObject({ total: 31, head: 31 });
    expect(first.rows.map((row) => row.seq)).toEqual([31, 30, 29, 28, 27, 26, 25, 24, 23, 22]);
    expect(store.page({ limit: 5, before: 22 }).rows[0]?.seq).toBe(21);
    expect(store.page({ limit: 50, category: 'incident' }).total).toBe(10);
    expect(store.page({ limit: 50, action: 'tenant.user_role_changed' }).total).toBe(20);
    expect(store.page({ limit: 50, category: 'incident', action: 'tenant.created' }).total).toBe(0);
    expect(store.page({ limit: 50, incident: 'inc-1' }).rows.every((row) => row.incident === 'inc-1')).toBe(true);
    expect(store.page({ limit: 50, actor: 'user-3' }).total).toBe(2);
    expect(store.page({ limit: 50, outcome: 'success' }).total).toBe(31);
    expect(store.page({ limit: 50, outcome: 'denied' }).total).toBe(0);
    expect(store.page({ limit: 50, text: 'U28' }).rows.map((row) => row.targetId)).toEqual(['u28']);
    expect(store.page({ limit: 50, text: "%' OR 1 --" }).total).toBe(0);
    const from = new Date(clock.time - 4 * 60_000).toISOString();
    expect(store.page({ limit: 50, from }).total).toBe(5);
    expect(store.page({ limit: 50, to: from }).total).toBe(27);
    expect(store.page({ limit: 1 }).rows[0]).toEqual({
      seq: 31,
      time: new Date(clock.time).toISOString(),
      action: 'tenant.user_role_changed',
      outcome: 'success',
      actorType: 'system',
      actorId: 'causeway',
      targetType: 'user',
      targetId: 'u29',
      incident: null,
      hash: store.head().hash,
    });
  });
});

describe('checkpoints', () => {
  it('are written every 1,000 records, every 15 minutes of writing, and at the end', async () => {
    const { store, clock, folder, secrets } = await open();
    await Promise.all(
      Array.from({ length: CHECKPOINT_RECORDS + 500 }, (_, index) => store.append(roleInput(`u${index}`))),
    );
    const size = store.latestCheckpoint()?.size ?? 0;
    expect(size).toBeGreaterThan(500);
    expect(store.head().seq - size).toBeLessThanOrEqual(CHECKPOINT_RECORDS);
    clock.time += CHECKPOINT_MS;
    await store.append(roleInput('late'));
    expect(store.latestCheckpoint()?.size).toBe(CHECKPOINT_RECORDS + 501);
    await store.close();
    const again = await open({ folder, secrets, clock } as TestStore);
    expect(again.store.latestCheckpoint()?.size).toBe(CHECKPOINT_RECORDS + 502);
    expect((await again.store.verify()).problems).toEqual([]);
  });

  it('that cannot be kept stop the writing when they are due', async () => {
    const { store, clock, secrets } = await open();
    await store.append(roleInput('a'));
    secrets.failure = new CausewayError('keychain-unavailable', 'locked');
    await store.append(roleInput('b'));
    clock.time += CHECKPOINT_MS;
    expect((await refusal(store.append(roleInput('c')))).code).toBe('keychain-unavailable');
    expect((await refusal(store.append(roleInput('c again')))).code).toBe('keychain-unavailable');
    expect(store.head().seq).toBe(3);
    await expect(store.checkpoint()).rejects.toMatchObject({ code: 'keychain-unavailable' });
    secrets.failure = null;
    await store.append(roleInput('d'));
    expect(store.head().seq).toBe(4);
  });
});

/** @securityTest A database that was rolled back, forked, replaced or deleted is named for what it is when opened */
describe('opening', () => {
  it('goes on where it ended, also past stored subtrees', async () => {
    const first = await open();
    await Promise.all(Array.from({ length: 900 }, (_, index) => first.store.append(roleInput(`u${index}`))));
    await first.store.close();
    const again = await open(first);
    expect(again.store.head()).toEqual({ seq: 901, hash: again.store.get(901)?.hash });
    await again.store.append(roleInput('next'));
    await again.store.checkpoint();
    expect(again.store.checkRecord(300).every((check) => check.state === 'holds')).toBe(true);
    expect((await again.store.verify()).problems).toEqual([]);
  });

  it('tells a restored backup (rolled back)', async () => {
    const first = await open();
    await first.store.append(roleInput('a'));
    await first.store.close();
    const backup = await open();
    await backup.store.close();
    copyStore(first.folder, backup.folder);
    const second = await open(first);
    await second.store.append(roleInput('b'));
    await second.store.close();
    copyStore(backup.folder, first.folder);
    expect(await found(open(first))).toEqual(['rolled-back']);
  });

  it('tells a fork', async () => {
    const first = await open();
    await first.store.close();
    const other = await open();
    await other.store.close();
    copyStore(first.folder, other.folder);
    const otherSecrets = new MemorySecrets();
    for (const [name, secret] of first.secrets.entries) otherSecrets.entries.set(name, secret);
    const mine = await open(first);
    await mine.store.append(roleInput('mine'));
    await mine.store.close();
    const theirs = await openTestStore(other.folder, otherSecrets);
    await theirs.store.append(roleInput('theirs'));
    await theirs.store.append(roleInput('theirs too'));
    await theirs.store.close();
    copyStore(other.folder, first.folder);
    expect(await found(open(first))).toEqual(['forked']);
  });

  it('tells a deleted and a replaced database', async () => {
    const first = await open();
    await first.store.append(roleInput('a'));
    await first.store.close();
    const stranger = await open();
    await stranger.store.close();
    for (const [name, secret] of stranger.secrets.entries) {
      if (!name.startsWith('audit.workspace.')) first.secrets.entries.set(name, secret);
    }
    copyStore(stranger.folder, first.folder);
    expect(await refusal(open(first))).toEqual({ code: 'audit-broken', reason: 'chain-replaced' });
    for (const name of readdirSync(first.folder)) rmSync(join(first.folder, name));
    expect(await refusal(open(first))).toEqual({ code: 'audit-broken', reason: 'database-missing' });
    expect(existsSync(first.path)).toBe(false);
  });

  it('never makes a second key', async () => {
    const first = await open();
    await first.store.close();
    const empty = { ...first, secrets: new MemorySecrets() };
    expect(await refusal(open(empty))).toEqual({ code: 'keychain-unavailable', reason: 'key-missing' });
    expect(empty.secrets.entries.size).toBe(0);
    const other = await open();
    const name = `audit.${first.store.chain}.signing-key`;
    const otherKey = other.secrets.entries.get(`audit.${other.store.chain}.signing-key`);
    first.secrets.entries.set(name, otherKey ?? new Uint8Array());
    const reading = await open(first);
    expect(await found(reading)).toContain('first-record');
    await expect(reading.store.append(roleInput('x'))).rejects.toMatchObject({ reason: 'history-blocked' });
    await reading.store.close();
    first.secrets.entries.set(name, new Uint8Array([1, 2, 3]));
    expect(await refusal(open(first))).toEqual({ code: 'keychain-unavailable', reason: 'key-unreadable' });
  });

  it('refuses without a keychain, before anything is written', async () => {
    const secrets = new MemorySecrets();
    secrets.failure = new CausewayError('keychain-unavailable', 'no keychain');
    const { folder } = await open();
    const options = {
      tenant: 'acme',
      secrets,
      clock: { now: () => 0 },
      random: systemRandom,
      generator: TEST_GENERATOR,
    };
    const fresh = join(folder, 'fresh');
    expect((await refusal(openAuditStore({ ...options, folder: fresh }))).code).toBe('keychain-unavailable');
    expect(readdirSync(fresh)).toEqual([]);
  });

  it("refuses another tenant's folder", async () => {
    const { folder, secrets, clock, store } = await open();
    await store.close();
    const options = { folder, secrets, clock, random: systemRandom, generator: TEST_GENERATOR };
    expect((await refusal(openAuditStore({ ...options, tenant: 'other' }))).reason).toBe('other-tenant');
  });

  it('refuses to read and write once closed', async () => {
    const { store } = await open();
    await store.close();
    expect((await refusal(store.append(roleInput('a')))).code).toBe('audit-unavailable');
    expect(() => store.get(1)).toThrow(CausewayError);
  });
});
