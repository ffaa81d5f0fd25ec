import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { seal } from '#main/audit/seal.ts';
import { keepSearchIndex } from '#main/audit/search/search-keeper.ts';
import { openAuditStore } from '#main/audit/store.ts';
import { openVault, type Vault } from '#main/credentials/vault/vault.ts';
import { type Identity, openIdentity } from '#main/identity/identity.ts';
import type { Principal } from '#main/identity/principal.ts';
import { emptyInvestigation } from '#main/investigation/new-investigation.ts';
import { type Log, openLogFile } from '#main/platform/log.ts';
import { systemRandom } from '#main/platform/random.ts';
import { openDatabase } from '#main/platform/sqlite.ts';
import { openTenantWorkspaceDb, type WorkspaceDb } from '#main/platform/workspace-db.ts';
import { WORKSPACE_MIGRATIONS } from '#main/platform/workspace-db-schema.ts';
import type { Incident } from '#shared/model/incident.ts';
import { openScene, type Scene } from '../main/credentials/scene.ts';
import { TEST_GENERATOR } from '../support/audit-store.ts';
import { findInFolder, findInText } from '../support/find-in-folder.ts';
import { MemorySecrets } from '../support/memory-secrets.ts';

/** What nobody may read without the keychain, whatever it is kept in. */
const SECRET = 'integration-secret-canary-4711';
const SECRET_NAME = 'Token of the placeholder on call';
const EMAIL = 'placeholder.person@example.test';
const PERSON_NAME = 'Placeholder Person the First';
const PASSWORD = 'a placeholder passphrase of the test';
const TITLE = 'Checkout of Placeholder Street fails';
const ALARM = 'placeholder-checkout-alarm';
const LOG_LINE = 'ERROR payment of placeholder customer 8150 was refused';
const JUSTIFICATION = 'The placeholder on call saw the same last week';
const NEEDLES = [SECRET, SECRET_NAME, EMAIL, PERSON_NAME, PASSWORD, TITLE, ALARM, LOG_LINE, JUSTIFICATION];

const TENANT = 'acme';
const device = { id: 'd-000000000000', name: 'placeholder-laptop-of-the-test' };
const bytes = (text: string) => new TextEncoder().encode(text);
const content = bytes(JSON.stringify({ events: Array.from({ length: 20 }, () => ({ message: LOG_LINE })) }));
const digest = createHash('sha256').update(content).digest('hex');

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());
/** The data folder: the scenario beside it is the cloud's. */
const folder = () => join(scene.folder, 'tenant');

interface Rooms {
  readonly db: WorkspaceDb;
  readonly vault: Vault;
  readonly identity: Identity;
  readonly log: Log;
  close(): Promise<void>;
}

async function openRooms(secrets = scene.secrets, tenant = TENANT): Promise<Rooms> {
  const common = { folder: folder(), tenant, secrets, clock: scene.clock, random: systemRandom, audit: scene.store };
  const db = await openTenantWorkspaceDb({ file: join(folder(), 'workspace.db'), tenant, secrets });
  const vault = await openVault(common);
  const passwordCost = { memoryKiB: 64, passes: 1, lanes: 1 };
  const identity = await openIdentity({ ...common, device, passwordCost });
  return {
    db,
    vault,
    identity,
    log: openLogFile(join(folder(), 'logs', 'console.log')),
    close: async () => {
      identity.close();
      await vault.close();
      db.close();
    },
  };
}

const incident: Incident = {
  id: 'inc-0001',
  title: TITLE,
  severity: 'high',
  status: 'open',
  source: { kind: 'pagerduty', alarmName: ALARM, payloadDigest: 'a'.repeat(64), account: null, region: null },
  environment: 'test',
  signal: { service: 'checkout', metric: 'checkout.latency', kind: 'latency' },
  startedAt: '2026-01-01T00:00:00.000Z',
  openedAt: '2026-01-01T00:00:01.000Z',
  investigation: null,
};

/** Everything that is worth stealing, put where the product puts it. */
async function work({ db, vault, identity }: Rooms): Promise<{ readonly by: Principal; readonly secret: string }> {
  const { principal: by } = await identity.createOwner({ name: PERSON_NAME, email: EMAIL, password: PASSWORD });
  const actor = { type: by.type, id: by.id, name: seal(by.id, PERSON_NAME) };
  db.putIncident(incident);
  db.putInvestigation(emptyInvestigation('inv-0001', 'inc-0001', '2026-01-01T00:00:00.000Z'));
  const info = { digest, operation: 'logs:GetLogEvents', agent: 'log-analyst', bytes: content.length };
  db.putEvidence({ ...info, collectedAt: '2026-01-01T00:00:00.000Z' }, content);
  await scene.store.append({
    action: 'incident.created',
    outcome: 'success',
    actor,
    target: { type: 'incident', id: incident.id },
    links: { incident: incident.id },
    data: {
      severity: 'high',
      source: 'pagerduty',
      payloadDigest: incident.source.payloadDigest,
      title: seal(incident.id, TITLE),
      service: 'checkout',
      metric: 'checkout.latency',
      environment: 'test',
      account: null,
      region: null,
      startedAt: incident.startedAt,
    },
  });
  await scene.store.append({
    action: 'incident.note_added',
    outcome: 'success',
    actor,
    target: { type: 'incident', id: incident.id },
    data: { note: seal(by.id, JUSTIFICATION) },
  });
  const stored = await vault.store(by, { integration: 'pagerduty', name: SECRET_NAME, value: bytes(SECRET) });
  await vault.use(stored.id, 'notify', { type: 'system', id: 'causeway' }, async () => undefined);
  await vault.rotate(by);
  return { by, secret: stored.id };
}

/** Secret key and session token of every session that was seen on the wire. */
function sessionSecrets(): readonly string[] {
  const found = scene.cloud
    .sessions()
    .flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken.slice(0, 60)]);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

async function buildIndex(): Promise<void> {
  const errors: unknown[] = [];
  const search = keepSearchIndex({
    folder: folder(),
    chain: scene.store.chain,
    onError: (error) => errors.push(error),
  });
  await expect
    .poll(
      () => {
        search.index();
        search.grow();
        return search.last();
      },
      { timeout: 15_000, interval: 200 },
    )
    .toBe(scene.store.head().seq);
  await search.close();
  expect(errors).toEqual([]);
}

describe('a stolen data folder', () => {
  /** @securityTest A stolen data folder shows no secret, no name, no e-mail, no title, no log line and no justification */
  test('is unreadable, while the program runs and afterwards', async () => {
    const lease = await scene.broker.issue(scene.request('infrastructure-inspection'));
    await lease.clients.ecs.send(new DescribeServicesCommand({ cluster: 'prod', services: ['checkout'] }));
    const rooms = await openRooms();
    await work(rooms);
    await buildIndex();
    const needles = [...NEEDLES, device.name, ...sessionSecrets()];
    expect(findInFolder(folder(), needles)).toEqual([]); // with the logs of the databases
    await scene.broker.close();
    await rooms.close();
    await scene.store.close();
    expect(findInFolder(folder(), needles)).toEqual([]);
    // the same, seen with the keychain: it was all there
    const again = await openRooms();
    expect(again.db.getIncident('inc-0001').title).toBe(TITLE);
    expect(Buffer.from(again.db.readEvidence(digest).content).includes(LOG_LINE)).toBe(true);
    expect(again.identity.people().map(({ name }) => name)).toEqual([PERSON_NAME]);
    expect(again.vault.list().map(({ name }) => name)).toEqual([SECRET_NAME]);
    await again.close();
  });

  /** @securityTest A stolen data folder opens with no other keychain: not an empty one, nor another workspace's */
  test('opens with its own keychain only', async () => {
    const rooms = await openRooms();
    await work(rooms);
    await rooms.close();
    await scene.store.close();
    const open = (secrets: MemorySecrets, tenant: string) => {
      const common = { folder: folder(), tenant, secrets, clock: scene.clock, random: systemRandom };
      const audit = { append: () => Promise.reject(new Error('not written')) };
      return [
        openTenantWorkspaceDb({ file: join(folder(), 'workspace.db'), tenant, secrets }),
        openVault({ ...common, audit }),
        openIdentity({ ...common, audit, device }),
        openAuditStore({ ...common, generator: TEST_GENERATOR }),
      ];
    };
    for (const tenant of [TENANT, 'other']) {
      const empty = new MemorySecrets();
      const outcomes = await Promise.allSettled(open(empty, tenant));
      expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
      expect(empty.entries.size).toBe(0); // and no new key covers that the old one is missing
    }
    // a thief with a workspace of their own, its keys under the name of this one
    const keychains = new MemorySecrets();
    for (const [name] of scene.secrets.entries) keychains.entries.set(name, new Uint8Array(32).fill(9));
    const outcomes = await Promise.allSettled(open(keychains, TENANT));
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'opened'));
    for (const code of codes) expect(['audit-broken', 'keychain-unavailable']).toContain(code);
    expect(findInFolder(folder(), NEEDLES)).toEqual([]);
  });
});

describe('what fails', () => {
  /** @securityTest No error, and nothing logged of one, shows what was to be kept secret */
  test('says nothing of what it failed with', async () => {
    const rooms = await openRooms();
    const { by, secret } = await work(rooms);
    const { db, vault, identity, log } = rooms;
    const errors: unknown[] = [];
    const fail = async (action: () => unknown) => {
      try {
        await action();
      } catch (error) {
        errors.push(error);
        log.error({ err: error }, 'failed');
        return;
      }
      expect.unreachable('should have failed');
    };
    const note = {
      action: 'incident.note_added',
      outcome: 'success',
      actor: { type: 'user', id: by.id },
      target: { type: 'incident', id: 'inc-0001' },
    } as const;
    // not of its schema: a value in the clear, and one too many
    const inClear: unknown = { note: JUSTIFICATION };
    const tooMany: unknown = { note: seal(by.id, JUSTIFICATION), reason: TITLE };
    await fail(() => scene.store.append({ ...note, data: inClear as { note: never } }));
    await fail(() => scene.store.append({ ...note, data: tooMany as { note: never } }));
    await fail(() => identity.createOwner({ name: PERSON_NAME, email: EMAIL, password: PASSWORD }));
    await fail(() => identity.signIn({ email: EMAIL, password: `${PASSWORD} but wrong` }));
    await fail(() => vault.store(by, { integration: SECRET_NAME, name: SECRET_NAME, value: bytes(SECRET) }));
    await fail(() => vault.store(by, { integration: 'slack', name: SECRET_NAME.repeat(9), value: bytes(SECRET) }));
    const other = openDatabase(join(folder(), 'workspace.db'), { what: 'the test', migrations: WORKSPACE_MIGRATIONS });
    other.exec("UPDATE incident SET status = 'resolved'; UPDATE evidence SET content = info");
    other.close();
    await fail(() => db.getIncident('inc-0001'));
    await fail(() => db.readEvidence(digest));
    await rooms.close();
    await scene.store.close(); // nothing can be recorded any more
    const again = await openVault({
      folder: folder(),
      tenant: TENANT,
      secrets: scene.secrets,
      clock: scene.clock,
      random: systemRandom,
      audit: scene.store,
    });
    await fail(() => again.store(by, { integration: 'slack', name: SECRET_NAME, value: bytes(SECRET) }));
    await fail(() => again.use(secret, 'notify', by, async () => undefined));
    scene.secrets.failure = new Error('the keychain is locked');
    await fail(() => openRooms());
    scene.secrets.failure = null;
    await again.close();
    expect(errors).toHaveLength(11);
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error);
      const shown = inspect(error, { depth: 12, showHidden: true, getters: true, maxStringLength: null });
      expect(findInText(shown, NEEDLES), shown.slice(0, 200)).toEqual([]);
    }
    expect(findInFolder(folder(), NEEDLES)).toEqual([]);
    expect(findInFolder(folder(), ['failed'])).not.toEqual([]); // the log is really there
  });
});

test('the search finds what is there, in every form it can have', () => {
  const place = mkdtempSync(join(tmpdir(), 'causeway-find-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const padding = Buffer.from('some bytes before it ');
  const forms: Readonly<Record<string, Buffer>> = {
    plain: bytes(SECRET) as Buffer,
    wide: Buffer.from(SECRET, 'utf16le'),
    big: Buffer.from(SECRET, 'utf16le').swap16(),
    hex: Buffer.from(Buffer.from(SECRET).toString('hex')),
    base64: Buffer.from(Buffer.from(SECRET).toString('base64')),
    shifted: Buffer.from(Buffer.from(`xx${SECRET}y`).toString('base64url')),
    escaped: Buffer.from(encodeURIComponent(JUSTIFICATION)),
    zlib: Buffer.concat([padding, deflateSync(`${padding}${SECRET}`)]),
    gzip: Buffer.concat([padding, gzipSync(`${padding}${SECRET}`)]),
  };
  for (const [name, form] of Object.entries(forms)) writeFileSync(join(place, name), form);
  writeFileSync(join(place, `${SECRET}.txt`), 'nothing');
  const files = new Set(findInFolder(place, [SECRET, JUSTIFICATION]).map(({ file }) => file));
  expect([...files].sort()).toEqual([...Object.keys(forms), `${SECRET}.txt`].sort());
  expect(() => findInFolder(place, ['abc'])).toThrow(RangeError);
});
