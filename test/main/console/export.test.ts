import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { toRequest } from '#main/console/export.ts';
import { CONTRACT } from '#shared/ipc/contract.ts';
import type { TrailExport } from '#shared/ipc/views.ts';
import { type Investigated, investigateAlarm, openScene, type Scene } from './scene.ts';

let scene: Scene;
let found: Investigated;
let file = '';
beforeAll(async () => {
  scene = await openScene();
  found = await investigateAlarm(scene);
  file = join(scene.folder, 'out');
}, 30_000);
afterAll(() => scene.close());

const newest = () => {
  const [row] = scene.console.trailPage({ limit: 1 }).rows;
  return JSON.parse(scene.console.trailRecord(row?.seq ?? 0).bytes);
};

describe('an export from the console', () => {
  const asked: readonly TrailExport[] = [
    { format: 'chain', disclose: false },
    { format: 'range', first: 2, last: 9, disclose: false },
    { format: 'extract', query: { category: 'investigation' }, disclose: true },
    { format: 'ocsf', query: { outcome: 'success' }, disclose: false },
    { format: 'cef', first: 5, disclose: false },
    { format: 'csv', disclose: true },
  ];

  it.each(asked)('of format $format is a file with its digest, on record, and told', async (one) => {
    expect(CONTRACT['trail.export'].input.parse(one)).toEqual(one);
    const before = scene.events.length;
    const result = await scene.console.exportTrail(file, one);
    const bytes = readFileSync(file);
    expect(result).toEqual({
      file,
      records: result.records,
      digest: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    });
    const record = newest();
    expect(record).toMatchObject({
      action: 'tenant.audit_exported',
      outcome: 'success',
      data: { digest: result.digest },
    });
    expect(record.actor.type).toBe('user');
    const types = scene.events.slice(before).map(({ type }) => type);
    expect(types).toContain('exporting');
    expect(types.at(-1)).toBe('chain');
    if (!['chain', 'range', 'extract'].includes(one.format)) return;
    expect(await verifyChainFile(file)).toMatchObject({ verdict: 'valid', records: result.records });
  });

  it('takes the filter of the trail', async () => {
    const { incident } = found;
    const listed = scene.console.trailPage({ incident: incident.id, limit: 500 });
    const query = { incident: incident.id };
    const { records } = await scene.console.exportTrail(file, { format: 'extract', query, disclose: false });
    expect(records).toBe(listed.rows.length);
  });

  it('is one at a time, and can be cancelled', async () => {
    const target = join(scene.folder, 'cancelled.chain.jsonl');
    const first = scene.console.exportTrail(target, { format: 'chain', disclose: true });
    await expect(scene.console.exportTrail(file, { format: 'csv', disclose: false })).rejects.toMatchObject({
      code: 'conflict',
      reason: 'exporting',
    });
    scene.console.cancelExport();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(target)).toBe(false);
    expect(newest()).toMatchObject({ action: 'tenant.audit_exported', outcome: 'failure' });
    await scene.console.exportTrail(target, { format: 'chain', disclose: true });
    expect(existsSync(target)).toBe(true);
  });

  it('refuses a selection its format has no room for', () => {
    for (const wrong of [
      { format: 'chain', first: 2 },
      { format: 'chain', query: {} },
      { format: 'range', query: { incident: 'x' } },
      { format: 'extract', last: 3 },
      { format: 'csv', cosigned: true },
    ] as const) {
      expect(() => toRequest({ ...wrong, disclose: false })).toThrowError(
        expect.objectContaining({ code: 'bad-input', reason: 'export-selection' }),
      );
    }
  });
});
