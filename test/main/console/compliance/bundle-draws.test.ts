import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import type { ComplianceDesk } from '#main/console/compliance/compliance-desk.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import { type ReportKind, type ReportRequest, SignedReport } from '#shared/model/report.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { CHEAP, openPeopled, type PeopledConsole } from '../../../support/peopled-console.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';

const SLOW = 60_000;
const HOUR = 3_600_000;

let folder: string;
let scene: PeopledConsole;
let desk: ComplianceDesk;
const window = {
  from: new Date(Date.now() - 24 * 100 * HOUR).toISOString(),
  to: new Date(Date.now() + 24 * HOUR).toISOString(),
};
const request = (kind: ReportKind, more: Partial<ReportRequest> = {}): ReportRequest => ({
  kind,
  window,
  zone: 'UTC',
  disclose: false,
  sample: { number: '4711', profile: HOUSE_PROFILE },
  ...more,
});
const drawsOnRecord = () =>
  scene
    .trailPage({ action: 'tenant.report_generated', limit: 100 })
    .rows.map(({ seq }) => ({ seq, data: JSON.parse(scene.trailRecord(seq).bytes).data }))
    .filter(({ data }) => data.kind === 'sample-draw')
    .sort((one, other) => one.seq - other.seq);
const saidOfDraws = ({ document }: SignedReport) =>
  document.warnings.filter((line) => line.includes('a sample was drawn'));

async function reportsIn(bundle: string): Promise<readonly SignedReport[]> {
  const names = (await readdir(path.join(bundle, 'reports'))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) =>
      SignedReport.parse(JSON.parse(await readFile(path.join(bundle, 'reports', name), 'utf8'))),
    ),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'causeway-bundle-draws-'));
  scene = await openPeopled({
    folder: path.join(folder, 'data'),
    tenant: 'draws',
    device: { id: 'd-1', name: 'test-device' },
    secrets: new MemorySecrets(),
    sandboxFolders: [],
    passwordCost: CHEAP,
    version: '0.0.0-test',
    log: { error: () => undefined, warn: () => undefined },
    resources: path.join(PROJECT_ROOT, 'resources'),
  });
  desk = scene.compliance;
}, SLOW);
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the samples of a bundle', () => {
  test('leave no draw on record where there is no place for the bundle, or a report cannot be made', {
    timeout: SLOW,
  }, async () => {
    const one = { reports: [request('soc2-type2')], disclose: 'none', machine: false } as const;
    await expect(desk.reports.bundle(one, path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'read-only' });
    const second = request('incident', { incident: 'inc-9999' });
    const failing = { ...one, reports: [request('soc2-type2'), second] };
    await expect(desk.reports.bundle(failing, folder)).rejects.toMatchObject({ code: 'bad-input' });
    expect(drawsOnRecord()).toEqual([]);
    expect(await readdir(folder)).toEqual(['data']);
  });

  test('are drawn over one head: one record for one window, and no report accuses another', {
    timeout: SLOW,
  }, async () => {
    const shorter = { from: window.from, to: new Date(Date.now() + HOUR).toISOString() };
    const reports = [request('soc2-type2'), request('gdpr-lgpd'), request('kvkk', { window: shorter })];
    const parent = path.join(folder, 'out');
    await mkdir(parent);
    const made = await desk.reports.bundle({ reports, disclose: 'none', machine: true }, parent);
    const signed = await reportsIn(made.folder);
    expect(new Set(signed.map(({ document }) => document.population.head)).size).toBe(1);
    expect(new Set(signed.map(({ document }) => document.sample?.seed)).size).toBe(1);
    expect(signed.flatMap(saidOfDraws)).toEqual([]);
    const [whole, short, ...more] = drawsOnRecord();
    expect(more).toEqual([]);
    const seed = signed[0]?.document.sample?.seed;
    expect(whole?.data).toMatchObject({ framework: 'soc2+gdpr+lgpd', ...window, format: 'number 4711', digest: seed });
    expect(short?.data).toMatchObject({ framework: 'kvkk', ...shorter, digest: seed });
    const machine = JSON.parse(
      await readFile(path.join(made.folder, 'machine/soc2-assessment-results.oscal.json'), 'utf8'),
    );
    const { last } = signed[0]?.document.population.range ?? {};
    expect(JSON.stringify(machine)).toContain(`"${last}"`);

    const auditor = createAuditorDesk({
      secrets: new MemorySecrets(),
      device: { id: 'd-2', name: 'other' },
      version: '0.0.0-test',
    });
    const bundle = await auditor.openBundle(made.folder);
    expect(bundle).toMatchObject({ verdict: 'complete', problems: [] });
    for (const { file } of bundle.reports) {
      expect(await auditor.reperformInBundle(file)).toMatchObject({ verdict: 'agrees', differences: [] });
    }

    const moved = { ...window, to: new Date(Date.parse(window.to) + 1).toISOString() };
    const later = await desk.reports.preview(request('soc2-type2', { window: moved }));
    const [line] = saidOfDraws(later);
    expect(line).toContain(`drawn once before: record ${whole?.seq} (number 4711, ${window.from} to ${window.to})`);
    expect(line).toContain(`record ${short?.seq} (of the same draw, ${shorter.from} to ${shorter.to}). Ask why`);
  });
});
