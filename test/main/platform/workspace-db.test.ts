import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#main/platform/sqlite.ts';
import { openWorkspaceDb, WORKSPACE_MIGRATIONS, type WorkspaceDb } from '#main/platform/workspace-db.ts';
import type { Incident } from '#shared/model/incident.ts';

let folder: string;
let db: WorkspaceDb;
const file = () => join(folder, 'workspace.db');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-workspace-'));
  db = openWorkspaceDb(file());
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
    db = openWorkspaceDb(file());
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

  /** @securityTest A document edited in the workspace file is refused when it is read */
  it('refuses a document that is no longer of its schema', () => {
    db.putIncident(incident('inc-0001'));
    tamper(`UPDATE incident SET document = json_set(document, '$.status', 'fine')`);
    expect(() => db.getIncident('inc-0001')).toThrowError(expect.objectContaining({ code: 'audit-broken' }));
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
