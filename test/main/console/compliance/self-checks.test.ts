import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSignIn, checkTokens } from '#main/console/compliance/self-checks/people-checks.ts';
import { checkLeastPrivilege } from '#main/console/compliance/self-checks/privilege-check.ts';
import { readSealed } from '#main/console/compliance/self-checks/sealed-rows.ts';
import { checkEnvelope, checkTenants } from '#main/console/compliance/self-checks/sealing-checks.ts';
import { checkContinuous } from '#main/console/compliance/self-checks/trail-checks.ts';
import type { ConsoleConfig } from '#main/console/config.ts';
import { assemble, type Parts } from '#main/console/parts.ts';
import { openRooms, type Rooms } from '#main/console/rooms.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { CHEAP } from '../../../support/peopled-console.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';

const SLOW = 60_000;
const PASSWORD = 'a password for this test only';
const VALUE = 'a secret value made up for this test';

let folder: string;
let secrets: MemorySecrets;
let config: ConsoleConfig;
let rooms: Rooms;
let parts: Parts;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'causeway-self-checks-'));
  secrets = new MemorySecrets();
  config = {
    folder,
    tenant: 'checked',
    device: { id: 'd-1', name: 'test-device' },
    secrets,
    sandboxFolders: [],
    passwordCost: CHEAP,
    version: '0.0.0-test',
    log: { error: () => undefined, warn: () => undefined },
    resources: path.join(PROJECT_ROOT, 'resources'),
  };
  rooms = await openRooms(config, { name: 'test', version: '0' });
  parts = await assemble(config, rooms);
  const person = { name: 'Demo Owner', email: 'owner@example.org', password: PASSWORD };
  const { principal } = await parts.identity.createOwner(person);
  await parts.vault.store(principal, { integration: 'demo', name: 'token', value: Buffer.from(VALUE) });
  await parts.vault.store(principal, { integration: 'demo', name: 'other', value: Buffer.from(VALUE) });
}, SLOW);
afterAll(async () => {
  parts.stopTimers();
  await parts.continuous.stop();
  await rooms.close();
  await rm(folder, { recursive: true, force: true });
});

/** Another state of a database of the workspace while `look` looks, put back afterwards. */
async function changed<T>(file: string, change: string, back: string, look: () => Promise<T>): Promise<T> {
  const db = new BetterSqlite3(path.join(rooms.folder, file));
  try {
    db.exec(change);
    return await look();
  } finally {
    db.exec(back);
    db.close();
  }
}

test('what is looked at holds, is quick, and says nothing secret', { timeout: SLOW }, async () => {
  const started = performance.now();
  const found = [
    await checkEnvelope(parts),
    await checkTenants(parts),
    await checkLeastPrivilege(parts),
    await checkTokens(parts),
    await checkSignIn(parts),
  ];
  expect(performance.now() - started).toBeLessThan(5000); // a tenth of it on a machine that does nothing else
  expect(found.map(({ result }) => result)).toEqual(['holds', 'holds', 'holds', 'holds', 'partial']);
  const said = JSON.stringify(found);
  for (const word of [PASSWORD, VALUE, 'Demo Owner', 'owner@example.org', '$argon2id'])
    expect(said).not.toContain(word);
  const [envelope, tenants, , tokens, signIn] = found.map(({ evidence }) => JSON.parse(evidence));
  expect(envelope.databases.map(({ file }: { file: string }) => file)).toEqual([
    'people.db',
    'workspace.db',
    'vault.db',
  ]);
  expect(envelope.dataKeys).toEqual({ unwrapped: 2, refused: [], shared: false });
  expect(tenants).toMatchObject({ others: 0, passed: [], unknown: [] });
  expect(tokens).toMatchObject({ sessions: 1, live: 1, long: 0, strangers: 0, shared: 0 });
  expect(signIn).toMatchObject({ passwords: 1, foreign: 0, weak: 1 });
});

test('SC-01: a value that does not open with the key of this workspace, and a lost wrapping key', async () => {
  const spoil = "UPDATE entry SET document = randomblob(64) WHERE kind = 'person'";
  const [row] = readSealed(rooms.folder)
    .flatMap(({ rows }) => rows)
    .filter(({ place }) => place.startsWith('people/person/'));
  const back = `UPDATE entry SET document = x'${row?.sealed.toString('hex')}' WHERE kind = 'person'`;
  const found = await changed('people.db', spoil, back, () => checkEnvelope(parts));
  expect(found).toMatchObject({ result: 'fails', detail: expect.stringContaining('people.db') });
  const name = `tenant.checked.vault.${parts.vault.list()[0]?.wrappingKey}`;
  const key = await secrets.get(name);
  await secrets.delete(name);
  const lost = await checkEnvelope(parts);
  await secrets.set(name, key ?? new Uint8Array());
  expect(lost).toMatchObject({ result: 'fails', detail: expect.stringContaining('data key') });
  expect((await checkEnvelope(parts)).result).toBe('holds');
});

test('SC-01 and SC-03: without its key nothing is claimed', async () => {
  const none = { ...parts, config: { ...config, secrets: new MemorySecrets() } };
  await expect(checkEnvelope(none)).rejects.toMatchObject({ reason: 'key-lost' });
  await expect(checkTenants(none)).rejects.toMatchObject({ reason: 'key-lost' });
});

test('SC-03: another workspace with keys of its own, with the same key, and with one that cannot be read', async () => {
  await mkdir(path.join(folder, 'tenants', 'beside'));
  await tenantKey(secrets, 'beside', 'people', true);
  const apart = await checkTenants(parts);
  expect(apart).toMatchObject({ result: 'holds', detail: expect.stringContaining('1 keys of 1 of 1 other') });
  const own = (await secrets.get('tenant.checked.people')) ?? new Uint8Array();
  await secrets.set('tenant.beside.people', Uint8Array.from(own));
  expect((await checkTenants(parts)).result).toBe('fails');
  const locked = {
    description: 'locked',
    durable: true,
    get: (name: string) => (name.includes('beside') ? Promise.reject(new Error('locked')) : secrets.get(name)),
    set: secrets.set.bind(secrets),
    delete: secrets.delete.bind(secrets),
  };
  const untold = await checkTenants({ ...parts, config: { ...config, secrets: locked } });
  expect(untold.result).toBe('partial');
  await rm(path.join(folder, 'tenants', 'beside'), { recursive: true });
});

test('AC-03: a policy that gives too much, a role that may too much, and a key beyond its owner', async () => {
  const engine = parts.policies.engine();
  const allow = { ...engine, decide: (ask: never) => ({ ...engine.decide(ask), decision: 'allow' as const }) };
  const policies = { ...parts.policies, engine: () => allow };
  const generous = await checkLeastPrivilege({ ...parts, policies });
  expect(generous.result).toBe('fails');
  expect(JSON.parse(generous.evidence).agents.tooMuch).toContain('remediator a lease for remediation');
  const everything = parts.permissions.allowed('owner');
  const permissions = { ...parts.permissions, allowed: () => everything };
  expect((await checkLeastPrivilege({ ...parts, permissions })).detail).toContain('viewer is allowed approvals.decide');
  const key = { ...({} as ReturnType<Parts['identity']['apiKeys']>[number]), id: 'key-1', owner: 'u-gone' };
  const apiKeys = () => [{ ...key, scopes: ['trail.read' as const], revokedAt: null }];
  const identity = { ...parts.identity, apiKeys, people: parts.identity.people };
  expect((await checkLeastPrivilege({ ...parts, identity })).detail).toContain('key-1 may do more than its owner');
});

test('AU-03: every record was read again, but for those of the last hour', async () => {
  const now = Date.parse('2026-03-10T00:00:00.000Z');
  const range = (first: number, last: number, checkedAt: string | null) => ({
    first,
    last,
    state: checkedAt === null ? ('unchecked' as const) : ('valid' as const),
    checkedAt,
  });
  const look = (time: string, ...ranges: readonly ReturnType<typeof range>[]) => {
    const coverage = () => ({
      ...parts.continuous.coverage(),
      records: 100_000,
      invalid: 0,
      problemCount: 0,
      ranges: [...ranges],
    });
    const store = { ...rooms.store, get: () => ({ record: { time } }) as ReturnType<Rooms['store']['get']> };
    return checkContinuous(
      { ...parts, continuous: { ...parts.continuous, coverage }, rooms: { ...rooms, store } },
      now,
    );
  };
  const read = range(1, 99_999, '2026-03-09T00:00:00.000Z');
  expect((await look('2026-03-09T23:30:00.000Z', read, range(100_000, 100_000, null))).result).toBe('holds');
  expect((await look('2026-03-09T22:30:00.000Z', read, range(100_000, 100_000, null))).result).toBe('partial');
  expect((await look('', range(1, 100_000, '2026-02-20T00:00:00.000Z'))).result).toBe('partial');
  expect((await look('', range(1, 100_000, null))).result).toBe('partial');
});
