import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import type { ComplianceDesk } from '#main/console/compliance/compliance-desk.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { CHEAP, openPeopled, type PeopledConsole } from '../../../support/peopled-console.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';
import { alterOutcome } from '../../audit/continuous/checked-store.ts';

const SLOW = 60_000;
const DAY = 86_400_000;
const window = {
  from: new Date(Date.now() - 100 * DAY).toISOString(),
  to: new Date(Date.now() + DAY).toISOString(),
};
const request: ReportRequest = { kind: 'soc2-type2', window, zone: 'UTC', disclose: false };

let folder: string;
let scene: PeopledConsole;
let desk: ComplianceDesk;
/** A record somebody altered in the file of the database, with its guards put back. */
const ALTERED = 3;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'causeway-broken-history-'));
  scene = await openPeopled({
    folder: path.join(folder, 'data'),
    tenant: 'broken',
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

const database = () => {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('audit.db'));
  if (found === undefined) throw new Error('no database');
  return path.join(folder, found);
};

test('what a report finds while it counts is told by everything that tells of the chain', {
  timeout: SLOW,
}, async () => {
  await desk.counted();
  await desk.reports.preview(request);
  expect(desk.reports.unsound()).toBeNull();
  expect(scene.coverage().problems).toEqual([]);

  alterOutcome(database(), ALTERED);
  const { document } = await desk.reports.preview(request);
  expect(document.integrity.state).toBe('broken');
  expect(document.exceptions.map(({ id }) => id)).toContain(`AU-01:integrity:${ALTERED}`);

  expect(scene.coverage().problems.map(({ seq }) => seq)).toContain(ALTERED);
  expect(desk.reports.unsound()?.problems.map(({ seq }) => seq)).toContain(ALTERED);
  expect(desk.reports.preflight(request)).toContainEqual(
    expect.objectContaining({ id: 'unsound', level: 'sent-back', text: expect.stringContaining(`record ${ALTERED}`) }),
  );
  const { controls } = desk.overview();
  expect(controls.filter(({ status }) => status === 'in-place')).toEqual([]);
  expect(controls.find(({ id }) => id === 'AU-01')?.reasons[0]).toContain('does not verify');

  const parent = path.join(folder, 'out');
  await mkdir(parent);
  const made = await desk.reports.bundle({ reports: [request], disclose: 'none', machine: true }, parent);
  expect(await readFile(path.join(made.folder, 'README.txt'), 'utf8')).toContain(
    'MADE OVER A CHAIN THAT DOES NOT VERIFY',
  );
  const results = await readFile(path.join(made.folder, 'machine/soc2-assessment-results.oscal.json'), 'utf8');
  expect(results).not.toContain('"state": "satisfied"');
  const auditor = createAuditorDesk({
    secrets: new MemorySecrets(),
    device: { id: 'd-2', name: 'other' },
    version: '0.0.0-test',
  });
  const bundle = await auditor.openBundle(made.folder);
  expect([bundle.verdict, bundle.problems, bundle.reports.length]).toEqual(['broken-chain', [], 1]);
});
