import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyInvestigation } from '#main/investigation/new-investigation.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { openDatabase } from '#main/platform/sqlite.ts';
import { type DamagedRow, openWorkspaceDb, type WorkspaceDb } from '#main/platform/workspace-db.ts';
import { reserveRecordedIds } from '#main/platform/workspace-db-ids.ts';
import { PLACES, WORKSPACE_MIGRATIONS } from '#main/platform/workspace-db-schema.ts';
import type { TrailQuery, TrailRow } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { Incident } from '#shared/model/incident.ts';

let folder: string;
let db: WorkspaceDb;
const file = () => join(folder, 'workspace.db');
const cipher = createCipher(Buffer.alloc(32, 7), 'acme');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-workspace-'));
  db = openWorkspaceDb(file(), { cipher });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

const incident = (id: string, more: Partial<Incident> = {}): Incident => ({
  id,
  title: 'Slow',
  severity: 'high',
  status: 'open',
  source: { kind: 'pagerduty', alarmName: 'x', payloadDigest: 'a'.repeat(64), account: null, region: null },
  environment: 'test',
  signal: { service: 'a', metric: 'a.latency', kind: 'latency' },
  startedAt: '2026-01-01T00:00:00.000Z',
  openedAt: `2026-01-01T00:00:0${id.at(-1)}.000Z`,
  investigation: null,
  ...more,
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Runs SQL past the workspace's own code, as somebody with the file would. */
function tamper(sql: string): void {
  const other = openDatabase(file(), { what: 'the test', migrations: WORKSPACE_MIGRATIONS });
  other.exec(sql);
  other.close();
}

const evidence = (text: string) => {
  const content = new TextEncoder().encode(text);
  const digest = createHash('sha256').update(content).digest('hex');
  const collectedAt = '2026-01-01T00:00:00.000Z';
  return { content, info: { digest, operation: 'x:Y', agent: 'a', bytes: content.byteLength, collectedAt } };
};

describe('the workspace database', () => {
  it('gives ids that are never given twice, also after reopening', () => {
    expect([db.nextId('inc'), db.nextId('inc'), db.nextId('rem')]).toEqual(['inc-0001', 'inc-0002', 'rem-0001']);
    db.close();
    db = openWorkspaceDb(file(), { cipher });
    expect(db.nextId('inc')).toBe('inc-0003');
  });

  it('keeps incidents, newest first, and finds an unresolved one by its payload', () => {
    db.putIncident(incident('inc-0001'));
    db.putIncident(incident('inc-0002', { status: 'needs-attention' }));
    expect(db.listIncidents().map(({ id }) => id)).toEqual(['inc-0002', 'inc-0001']);
    db.putIncident(incident('inc-0001', { status: 'resolved' }));
    expect(db.findOpenByPayload('a'.repeat(64))?.id).toBe('inc-0002');
    db.putIncident(incident('inc-0002', { status: 'resolved' }));
    expect(db.findOpenByPayload('a'.repeat(64))).toBeNull();
    expect(() => db.getIncident('inc-0009')).toThrowError(expect.objectContaining({ code: 'not-found' }));
  });

  it('reserves ids, and never goes back', () => {
    db.reserveIds('inc', 7);
    db.reserveIds('inc', 3);
    expect([db.nextId('inc'), db.nextId('inv')]).toEqual(['inc-0008', 'inv-0001']);
  });

  it('takes its counters past the ids the trail knows, on all pages', () => {
    const row = (seq: number, action: AuditAction, targetId: string): TrailRow => ({
      seq,
      time: '2026-01-01T00:00:00.000Z',
      action,
      outcome: 'success',
      actorType: 'user',
      actorId: 'u',
      targetType: 'x',
      targetId,
      incident: null,
      hash: 'a'.repeat(64),
    });
    const rows = [
      ...Array.from({ length: 600 }, (_, i) => row(i + 1, 'incident.created', `inc-${String(i + 5).padStart(4, '0')}`)),
      row(601, 'remediation.proposed', 'rem-12345'),
      row(602, 'incident.created', 'inc-0001'),
      row(603, 'investigation.started', 'somebody-elses'),
    ];
    const page = ({ action, before = Number.POSITIVE_INFINITY, limit }: TrailQuery) => ({
      rows: rows
        .filter((one) => one.action === action && one.seq < before)
        .reverse()
        .slice(0, limit),
      total: 0,
      totalIs: 'exact' as const,
      head: 603,
      next: null,
      searched: 1,
    });
    reserveRecordedIds(db, { page });
    expect([db.nextId('inc'), db.nextId('inv'), db.nextId('rem')]).toEqual(['inc-0605', 'inv-0001', 'rem-12346']);
  });

  /** @securityTest A document edited in the workspace file is refused when it is read */
  it('refuses a document that is no longer of its schema, leaves it out of lists and keeps the others', () => {
    const told: DamagedRow[] = [];
    db.close();
    db = openWorkspaceDb(file(), { cipher, onDamaged: (row) => told.push(row) });
    db.putIncident(incident('inc-0001'));
    db.putIncident(incident('inc-0002'));
    // with the right key and in the right place, by a version of this program that knew other states
    const { id, openedAt, status, source } = incident('inc-0001');
    const columns = { id, opened_at: openedAt, status, payload_digest: source.payloadDigest };
    const document = Buffer.from(JSON.stringify({ ...incident('inc-0001'), status: 'fine' }));
    tamper(
      `UPDATE incident SET document = x'${hex(cipher.seal(document, PLACES.incident(columns)))}' WHERE id = '${id}'`,
    );
    expect(() => db.getIncident('inc-0001')).toThrowError(expect.objectContaining({ reason: 'workspace-damaged' }));
    expect(db.listIncidents().map(({ id }) => id)).toEqual(['inc-0002']);
    expect(db.findOpenByPayload('a'.repeat(64))?.id).toBe('inc-0002');
    expect(db.listDamaged()).toEqual([{ kind: 'incident', id: 'inc-0001' }]);
    expect(told).toEqual(db.listDamaged());
  });

  it('leaves out unfinished investigations that are damaged, and those of a damaged incident', () => {
    for (const digit of ['1', '2', '3']) {
      db.putIncident(incident(`inc-000${digit}`));
      db.putInvestigation(emptyInvestigation(`inv-000${digit}`, `inc-000${digit}`, '2026-01-01T00:00:00.000Z'));
    }
    expect(db.listUnfinished()).toHaveLength(3);
    tamper(`UPDATE investigation SET document = x'7b' WHERE id = 'inv-0001'`);
    tamper(`UPDATE incident SET document = x'7b' WHERE id = 'inc-0002'`);
    expect(db.listUnfinished().map(({ id }) => id)).toEqual(['inv-0003']);
    expect(() => db.getInvestigation('inv-0001')).toThrowError(
      expect.objectContaining({ code: 'not-found', reason: 'workspace-damaged' }),
    );
    expect(db.listDamaged()).toEqual([
      { kind: 'investigation', id: 'inv-0001' },
      { kind: 'incident', id: 'inc-0002' },
    ]);
  });

  /** @securityTest The workspace's files can be opened by their owner only, whatever the umask */
  it.skipIf(process.platform === 'win32')('is private, and made private when it was not', () => {
    const before = process.umask(0);
    try {
      const path = join(folder, 'sub', 'private.db');
      const modes = () => ['', '-wal', '-shm'].map((end) => statSync(`${path}${end}`).mode & 0o777);
      let other = openWorkspaceDb(path, { cipher });
      other.nextId('inc');
      expect(modes()).toEqual([0o600, 0o600, 0o600]);
      expect(statSync(join(folder, 'sub')).mode & 0o777).toBe(0o700);
      other.close();
      chmodSync(path, 0o644);
      other = openWorkspaceDb(path, { cipher });
      other.nextId('inc');
      expect(modes()).toEqual([0o600, 0o600, 0o600]);
      other.close();
    } finally {
      process.umask(before);
    }
  });

  it('keeps evidence under its digest, once', () => {
    const { info, content } = evidence('{"rows":[1,2,3]}');
    db.putEvidence(info, content);
    db.putEvidence(info, content);
    const read = db.readEvidence(info.digest);
    expect(read.info).toEqual(info);
    expect(Buffer.from(read.content)).toEqual(Buffer.from(content));
    expect(() => db.readEvidence('b'.repeat(64))).toThrowError(expect.objectContaining({ code: 'not-found' }));
  });

  /** @securityTest Stored evidence is hashed again whenever it is read */
  it('refuses evidence that is no longer what was collected', () => {
    const first = evidence('{"value":1}');
    const second = evidence('{"value":2}');
    db.putEvidence(first.info, first.content);
    db.putEvidence(second.info, second.content);
    tamper(`UPDATE evidence SET content = (SELECT content FROM evidence WHERE digest = '${second.info.digest}')`);
    expect(() => db.readEvidence(first.info.digest)).toThrowError(
      expect.objectContaining({ reason: 'evidence-changed' }),
    );
    tamper(`UPDATE evidence SET content = x'ffff'`);
    expect(() => db.readEvidence(second.info.digest)).toThrowError(
      expect.objectContaining({ reason: 'evidence-changed' }),
    );
  });
});
