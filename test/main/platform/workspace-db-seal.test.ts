import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { emptyInvestigation } from '#main/investigation/new-investigation.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { type Database, openDatabase } from '#main/platform/sqlite.ts';
import {
  type DamagedRow,
  openTenantWorkspaceDb,
  openWorkspaceDb,
  type WorkspaceDb,
} from '#main/platform/workspace-db.ts';
import { WORKSPACE_MIGRATIONS } from '#main/platform/workspace-db-schema.ts';
import { isSealedWorkspace } from '#main/platform/workspace-db-seal.ts';
import type { Incident } from '#shared/model/incident.ts';
import { findInFolder } from '../../support/find-in-folder.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

const TITLE = 'Checkout of Placeholder Street is slow';
const ALARM = 'checkout-p95-alarm-of-the-test';
const LINE = 'user=someone@example.test could not pay';
const NEEDLES = [TITLE, ALARM, LINE];
const cipher = createCipher(Buffer.alloc(32, 7), 'acme');

let folder: string;
const file = () => join(folder, 'workspace.db');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-sealed-'));
  const made = folder;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

const incident = (id: string): Incident => ({
  id,
  title: TITLE,
  severity: 'high',
  status: 'open',
  source: { kind: 'pagerduty', alarmName: ALARM, payloadDigest: 'a'.repeat(64), account: null, region: null },
  environment: 'test',
  signal: { service: 'a', metric: 'a.latency', kind: 'latency' },
  startedAt: '2026-01-01T00:00:00.000Z',
  openedAt: '2026-01-01T00:00:01.000Z',
  investigation: null,
});
const investigation = emptyInvestigation('inv-0001', 'inc-0001', '2026-01-01T00:00:00.000Z');
const content = Buffer.from(JSON.stringify({ rows: Array.from({ length: 50 }, (_, row) => `${LINE} ${row}`) }));
const digest = createHash('sha256').update(content).digest('hex');
const collectedAt = '2026-01-01T00:00:00.000Z';
const info = { digest, operation: 'logs:GetLogEvents', agent: 'log-analyst', bytes: content.length, collectedAt };

function fill(db: WorkspaceDb): void {
  db.putIncident(incident('inc-0001'));
  db.putInvestigation(investigation);
  db.putEvidence(info, content);
}

function raw<T>(work: (db: Database) => T, migrations = WORKSPACE_MIGRATIONS): T {
  const db = openDatabase(file(), { what: 'the test', migrations });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** A workspace as version 1 wrote it, with enough in it to fill overflow and free pages. */
function writePlain(incidents = 40): void {
  raw(
    (db) => {
      const put = db.prepare('INSERT INTO incident VALUES (?, ?, ?, ?, ?)');
      for (let n = 1; n <= incidents; n++) {
        const one = incident(`inc-${String(n).padStart(4, '0')}`);
        put.run(one.id, one.openedAt, one.status, one.source.payloadDigest, JSON.stringify(one));
      }
      db.prepare('INSERT INTO investigation VALUES (?, ?, ?, NULL, NULL, ?)').run(
        'inv-0001',
        'inc-0001',
        'running',
        JSON.stringify(investigation),
      );
      const packed = deflateRawSync(content, { level: 3 });
      db.prepare('INSERT INTO evidence VALUES (?, ?, ?)').run(digest, JSON.stringify(info), packed);
      db.exec("INSERT INTO counter VALUES ('inc', 40)");
      db.exec("DELETE FROM incident WHERE id = 'inc-0039'"); // stays on a free place of its page
    },
    WORKSPACE_MIGRATIONS.slice(0, 1),
  );
}

/** @securityTest Incidents, investigations and evidence rest encrypted: neither the file nor its log shows them */
test('nothing of what is kept can be read in the files', () => {
  const db = openWorkspaceDb(file(), { cipher });
  fill(db);
  expect(readFileSync(`${file()}-wal`).length).toBeGreaterThan(0);
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
  db.close();
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
  const packed = deflateRawSync(content, { level: 3 });
  expect(readFileSync(file()).includes(packed.subarray(0, 24))).toBe(false);
  const again = openWorkspaceDb(file(), { cipher });
  expect(again.getIncident('inc-0001').title).toBe(TITLE);
  expect(Buffer.from(again.readEvidence(digest).content).equals(content)).toBe(true);
  again.close();
});

/** @securityTest A workspace file of another tenant or another key does not open, and is left as it is */
test('the file opens with its own tenant and key only', () => {
  openWorkspaceDb(file(), { cipher }).close();
  const before = readFileSync(file());
  for (const other of [createCipher(Buffer.alloc(32, 7), 'other'), createCipher(Buffer.alloc(32, 8), 'acme')]) {
    expect(() => openWorkspaceDb(file(), { cipher: other })).toThrowError(
      expect.objectContaining({ code: 'audit-broken', reason: 'workspace-key' }),
    );
  }
  expect(readFileSync(file()).equals(before)).toBe(true);
  raw((db) => db.exec('DELETE FROM protection'));
  expect(() => openWorkspaceDb(file(), { cipher })).toThrowError(expect.objectContaining({ reason: 'workspace-key' }));
});

/** @securityTest An encrypted document opens in its own row only, beside the columns it was written with */
test.each([
  [
    'another row',
    "UPDATE incident SET document = (SELECT document FROM incident WHERE id = 'inc-0002') WHERE id = 'inc-0001'",
  ],
  ['another status beside it', "UPDATE incident SET status = 'resolved' WHERE id = 'inc-0001'"],
  ['another payload beside it', `UPDATE incident SET payload_digest = '${'b'.repeat(64)}' WHERE id = 'inc-0001'`],
  [
    'other bytes',
    "UPDATE incident SET document = CAST(substr(document, 1, 40) || x'00ff' AS BLOB) WHERE id = 'inc-0001'",
  ],
])('a document with %s is damaged', (_what, sql) => {
  const told: DamagedRow[] = [];
  const db = openWorkspaceDb(file(), { cipher, onDamaged: (row) => told.push(row) });
  db.putIncident(incident('inc-0001'));
  db.putIncident({ ...incident('inc-0002'), severity: 'low' });
  raw((other) => other.exec(sql));
  expect(() => db.getIncident('inc-0001')).toThrowError(expect.objectContaining({ reason: 'workspace-damaged' }));
  expect(db.getIncident('inc-0002').severity).toBe('low');
  expect(told).toEqual([{ kind: 'incident', id: 'inc-0001' }]);
  db.close();
});

test('a column of an investigation cannot be changed beside it either', () => {
  const db = openWorkspaceDb(file(), { cipher });
  fill(db);
  raw((other) => other.exec("UPDATE investigation SET status = 'finished', remediation_status = 'approved'"));
  expect(() => db.getInvestigation('inv-0001')).toThrowError(expect.objectContaining({ reason: 'workspace-damaged' }));
  db.close();
});

/** @securityTest A workspace of an older version is encrypted at its opening, and no clear text remains in file or log */
test('what was kept in the clear is encrypted, and gone', () => {
  writePlain();
  expect(findInFolder(folder, [TITLE]).length).toBeGreaterThan(0);
  expect(isSealedWorkspace(file())).toBe(false);
  const db = openWorkspaceDb(file(), { cipher });
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
  expect(isSealedWorkspace(file())).toBe(true);
  expect(db.listIncidents()).toHaveLength(39);
  expect(db.getInvestigation('inv-0001')).toEqual(investigation);
  expect(Buffer.from(db.readEvidence(digest).content).equals(content)).toBe(true);
  expect(db.nextId('inc')).toBe('inc-0041');
  db.close();
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
  const packed = deflateRawSync(content, { level: 3 });
  expect(readFileSync(file()).includes(packed.subarray(0, 24))).toBe(false);
});

/** @securityTest Encrypting an older workspace that was cut short is finished at the next opening */
test('a migration that was cut short goes on', () => {
  writePlain();
  raw(() => undefined); // the tables are renamed, and nothing is encrypted yet
  expect(isSealedWorkspace(file())).toBe(false);
  const failing = { ...cipher, seal: () => expect.unreachable('made to fail') };
  expect(() => openWorkspaceDb(file(), { cipher: failing })).toThrow();
  openWorkspaceDb(file(), { cipher }).close();
  raw((db) => {
    expect(db.prepare('SELECT count(*) FROM incident').pluck().get()).toBe(39);
    expect(db.prepare('SELECT wiped FROM protection').pluck().get()).toBe(1);
  });
  // encrypted, and ended before the clear text was wiped: another reader kept the log from being emptied
  rmSync(file());
  writePlain();
  raw(() => undefined);
  const reader = openDatabase(file(), { what: 'the test', migrations: WORKSPACE_MIGRATIONS });
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM unsealed_incident').all();
  const db = openWorkspaceDb(file(), { cipher });
  expect(findInFolder(folder, [TITLE]).length).toBeGreaterThan(0);
  reader.close();
  db.close();
  openWorkspaceDb(file(), { cipher }).close();
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
});

test('a document that was damaged in the clear stays damaged, and is still there', () => {
  writePlain(2);
  raw(
    (db) => db.exec(`UPDATE incident SET document = '{"title": "${TITLE}"' WHERE id = 'inc-0002'`),
    WORKSPACE_MIGRATIONS.slice(0, 1),
  );
  const causes: unknown[] = [];
  const db = openWorkspaceDb(file(), { cipher, onDamaged: (_row, cause) => causes.push(cause) });
  expect(db.listIncidents().map(({ id }) => id)).toEqual(['inc-0001']);
  expect(causes.map(String)).toEqual(['SyntaxError: not JSON']);
  db.close();
  expect(findInFolder(folder, NEEDLES)).toEqual([]);
});

/** @securityTest A workspace whose key is lost is not opened with a new one */
test('the key is made once, and never again while something is encrypted under it', async () => {
  const secrets = new MemorySecrets();
  const open = (tenant = 'acme') => openTenantWorkspaceDb({ file: file(), tenant, secrets });
  const db = await open();
  fill(db);
  db.close();
  expect([...secrets.entries.keys()]).toEqual(['tenant.acme.workspace']);
  (await open()).close();
  await expect(open('other')).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
  secrets.entries.set('tenant.other.workspace', Buffer.alloc(32, 1));
  await expect(open('other')).rejects.toMatchObject({ reason: 'workspace-key' });
  secrets.entries.clear();
  await expect(open()).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'key-lost' });
  expect(secrets.entries.size).toBe(0);
  rmSync(file());
  writeFileSync(file(), '');
  (await open()).close();
  expect(secrets.entries.size).toBe(1);
});
