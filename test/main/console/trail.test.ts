import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PendingApproval } from '#shared/ipc/approval-views.ts';
import { ConsoleEvent } from '#shared/ipc/contract.ts';
import { AppInfo, ChainStatus, EvidenceRows, IncidentDetail, RecordDetail, TrailPage } from '#shared/ipc/views.ts';
import { ChartSeries } from '#shared/model/investigation.ts';
import { OPERATOR } from '../../support/peopled-console.ts';
import { type Investigated, investigateAlarm, openScene, recordsOf, type Scene } from './scene.ts';

let scene: Scene;
let found: Investigated;

beforeAll(async () => {
  scene = await openScene();
  found = await investigateAlarm(scene);
}, 30_000);
afterAll(() => scene.close());

describe('what the console answers', () => {
  it('is of the shapes agreed with the window', () => {
    const { console } = scene;
    const { id } = found.investigation;
    expect(() => AppInfo.parse(console.info())).not.toThrow();
    expect(() => IncidentDetail.parse(console.getIncident(found.incident.id))).not.toThrow();
    expect(() => PendingApproval.array().parse(console.pendingApprovals())).not.toThrow();
    expect(() => ChainStatus.parse(console.chainStatus())).not.toThrow();
    expect(() => TrailPage.parse(console.trailPage({ limit: 500 }))).not.toThrow();
    expect(() => ChartSeries.parse(console.chart(id, found.incident.signal.metric))).not.toThrow();
    for (const event of scene.events) expect(() => ConsoleEvent.parse(event)).not.toThrow();
  });

  it('tells an incident from its records alone, in order, with what is sealed disclosed', () => {
    const { timeline } = scene.console.getIncident(found.incident.id);
    expect(timeline.map(({ seq }) => seq)).toEqual(timeline.map(({ seq }) => seq).sort((a, b) => a - b));
    expect(timeline[0]).toMatchObject({ action: 'incident.created', actor: OPERATOR.name });
    expect(timeline[0]?.text).toContain(found.incident.title);
    const ranked = timeline.find(({ action }) => action === 'investigation.hypotheses_ranked');
    expect(ranked?.text).toMatch(/most likely checkout/);
    expect(timeline.find(({ action }) => action === 'remediation.proposed')?.text).toMatch(/Roll checkout back/);
  });

  it('shows a record with each check of it', async () => {
    await scene.console.exportChain(join(scene.folder, 'first.chain.jsonl'), false); // writes a checkpoint
    const detail = scene.console.trailRecord(2);
    expect(RecordDetail.parse(detail)).toEqual(detail);
    expect(detail.checks.length).toBeGreaterThanOrEqual(4);
    expect(detail.checks.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(() => scene.console.trailRecord(99_999)).toThrowError(expect.objectContaining({ code: 'not-found' }));
  });

  it('searches ids and data, counts, and goes on searching while the index is built again', async () => {
    const { console } = scene;
    const incident = found.incident.id;
    const plain = console.trailPage({ text: incident, limit: 500 });
    expect(plain.rows.length).toBeGreaterThan(10);
    expect(plain.rows.every(({ incident: linked, targetId }) => linked === incident || targetId === incident)).toBe(
      true,
    );
    expect(console.trailCount({ incident, limit: 1 })).toMatchObject({
      count: console.trailPage({ incident, limit: 1 }).total,
      next: null,
    });
    await console.rebuildSearch();
    expect(console.trailPage({ text: incident, limit: 500 }).rows).toEqual(plain.rows);
    const index = join(scene.folder, 'workspace', 'tenants', console.info().tenant, 'search.db');
    await vi.waitFor(() => expect(existsSync(index)).toBe(true), 10_000);
    expect(console.trailPage({ text: incident, limit: 500 }).rows).toEqual(plain.rows);
  });

  it('proves that a record is in the newest checkpoint, with the key that signed it', async () => {
    await scene.console.exportChain(join(scene.folder, 'proof.chain.jsonl'), false); // writes a checkpoint
    const { proof, key, prev, checks } = scene.console.trailRecord(2);
    expect(proof).toMatchObject({ index: 1, size: scene.console.chainStatus().checkpoint?.size });
    expect(key).toEqual({ id: scene.console.chainStatus().keyId, alg: 'Ed25519' });
    expect(prev).toBe(scene.console.trailRecord(1).hash);
    expect(checks.at(-1)).toMatchObject({ name: 'Inclusion', state: 'holds' });
  });

  it('shows rows of evidence as text, never more than 200, never past their end', () => {
    const metrics = found.investigation.evidence.find(({ operation }) => operation === 'cloudwatch:GetMetricData');
    const rows = scene.console.evidenceRows(metrics?.digest ?? '', '/MetricDataResults/0/Values', 10, 100_000);
    expect(EvidenceRows.parse(rows)).toEqual(rows);
    expect(rows.rows).toHaveLength(200);
    expect(rows.rows[0]).toMatch(/^2026-01-0\dT\d\d:\d\d:00\.000Z {2}\d/);
    expect(rows).toMatchObject({ from: 10, to: 210 });
    expect(scene.console.evidenceRows(metrics?.digest ?? '', '/MetricDataResults/0/Values', 9e6, 9e7).rows).toEqual([]);
    expect(() => scene.console.evidenceRows(metrics?.digest ?? '', '/nothing', 0, 1)).toThrowError(/no rows/);
    expect(() => scene.console.evidenceRows('f'.repeat(64), '', 0, 1)).toThrowError(/not stored/);
  });

  it('knows no metric and no incident that is not there', () => {
    expect(() => scene.console.chart(found.investigation.id, 'nothing')).toThrowError(/no metric/);
    expect(() => scene.console.getIncident('inc-9999')).toThrowError(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('verification', () => {
  it('puts each verdict on record and shows the last one of the own chain', async () => {
    const before = scene.console.chainStatus().records;
    expect(await scene.console.verifyStore()).toMatchObject({ cancelled: false, verdict: { verdict: 'valid' } });
    expect(scene.console.chainStatus().verified).toMatchObject({ to: before, verdict: 'valid', problems: 0 });
    const file = join(scene.folder, 'second.chain.jsonl');
    await scene.console.exportChain(file, true);
    const damaged = readFileSync(file);
    damaged[Math.floor(damaged.length / 2)] = 0x23;
    const copy = join(scene.folder, 'damaged.chain.jsonl');
    writeFileSync(copy, damaged);
    expect((await scene.console.verifyFile(file)).verdict).toBe('valid');
    expect((await scene.console.verifyFile(copy)).verdict).toBe('invalid');
    expect((await scene.console.verifyFile(join(scene.folder, 'missing'))).verdict).toBe('unreadable');
    const records = recordsOf(scene.console, 'tenant.audit_verified');
    expect(records.map(({ data }) => [data.subject, data.verdict])).toEqual([
      ['store', 'valid'],
      ['file', 'valid'],
      ['file', 'invalid'],
      ['file', 'unreadable'],
    ]);
    expect(records.map(({ data }) => data.fileDigest === null)).toEqual([true, false, false, true]);
    expect(scene.console.chainStatus().verified?.verdict).toBe('valid'); // other files say nothing of the own chain
    expect(scene.events.some(({ type }) => type === 'verifying')).toBe(true);
  });

  it('is cancelled, one at a time, and records nothing then', async () => {
    const before = recordsOf(scene.console, 'tenant.audit_verified').length;
    const running = scene.console.verifyStore();
    await expect(scene.console.verifyStore()).rejects.toMatchObject({ code: 'conflict' });
    scene.console.cancelVerify();
    expect(await running).toEqual({ cancelled: true });
    expect(recordsOf(scene.console, 'tenant.audit_verified')).toHaveLength(before);
  });
});
