import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditorDesk } from '#main/console/compliance/auditor-desk.ts';
import type { ComplianceDesk } from '#main/console/compliance/compliance-desk.ts';
import { wallClock } from '#main/platform/clock.ts';
import {
  ComplianceOverview,
  ControlDetail,
  FrameworkDetail,
  MadeReport,
  PreflightFinding,
  ReadinessPlan,
  ReviewView,
  SampleSheet,
} from '#shared/ipc/compliance-views.ts';
import { FRAMEWORKS, HOUSE_PROFILE } from '#shared/model/control.ts';
import { ReportException, type ReportRequest } from '#shared/model/report.ts';
import { findInFolder } from '../../../support/find-in-folder.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { CHEAP, OWN_PROOF, openPeopled, type PeopledConsole, PROOF } from '../../../support/peopled-console.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';

/** A whole workspace, with threads of its own, on a machine that does other things, too. */
const SLOW = 60_000;
const WHY = 'Looked at for this test, and nothing else.';
const HOUR = 3_600_000;

let folder: string;
let scene: PeopledConsole;
let desk: ComplianceDesk;
const now = () => new Date().toISOString();
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const request = (more: Partial<ReportRequest> = {}): ReportRequest => ({
  kind: 'soc2-type2',
  window: { from: ago(24 * 100), to: now() },
  zone: 'UTC',
  disclose: false,
  ...more,
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'causeway-evidence-'));
  scene = await openPeopled({
    folder: path.join(folder, 'data'),
    tenant: 'evidence',
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

describe('the register', () => {
  test('checks itself: statuses come from what was found, on record the same day', { timeout: SLOW }, async () => {
    const before = desk.overview();
    expect(new Set(before.controls.map(({ status }) => status))).toEqual(new Set(['gap']));
    const after = await desk.checkNow();
    const status = Object.fromEntries(after.controls.map((control) => [control.id, control.status]));
    expect(status).toMatchObject({
      'AC-01': 'in-place',
      'IA-01': 'in-place',
      'SC-04': 'gap',
      'PT-01': 'gap',
      'CP-01': 'gap',
    });
    expect(status['IA-02']).toBe('partial'); // nobody here has a second factor
    const { rows } = scene.trailPage({ action: 'tenant.control_updated', limit: 100 });
    const changes = rows.map(({ seq }) => JSON.parse(scene.trailRecord(seq).bytes).data);
    const checked = changes.find(({ change }) => change?.kind === 'self-check');
    expect(checked.change.results).toHaveLength(30);
    expect(
      changes.some(
        ({ change, control, newStatus }) =>
          change?.kind === 'status' && control === 'AC-01' && newStatus === 'in-place',
      ),
    ).toBe(true);
    expect(new Set(rows.map(({ time }) => time.slice(0, 10))).size).toBe(1);
  });

  test('finds nothing new a second time: no status is put on record again', { timeout: SLOW }, async () => {
    const statuses = () =>
      scene
        .trailPage({ action: 'tenant.control_updated', limit: 500 })
        .rows.filter(({ seq }) => JSON.parse(scene.trailRecord(seq).bytes).data.change?.kind === 'status').length;
    const before = statuses();
    await desk.checkNow();
    expect(statuses()).toBe(before);
  });

  test('takes an owner, a performance with its files, and shows both', { timeout: SLOW }, async () => {
    const file = path.join(folder, 'minutes-of-the-exercise.txt');
    await writeFile(file, 'These minutes are made up for a test.');
    await desk.updateControl('IR-02', { kind: 'owner', owner: scene.owner.id });
    const detail = await desk.perform('IR-02', { on: ago(2), note: WHY, files: [file] });
    expect(ControlDetail.parse(detail)).toEqual(detail); // what the door lets through to the window
    expect(ComplianceOverview.parse(desk.overview())).toEqual(desk.overview());
    const plan = desk.readiness();
    expect(ReadinessPlan.parse(plan)).toEqual(plan);
    for (const id of FRAMEWORKS) expect(FrameworkDetail.parse(desk.framework(id))).toEqual(desk.framework(id));
    expect(detail.control).toMatchObject({ status: 'in-place', owner: { id: scene.owner.id, name: scene.owner.name } });
    const [done] = detail.performed;
    expect(done).toMatchObject({ note: WHY, attachments: [{ name: 'minutes-of-the-exercise.txt', kept: true }] });
    const saved = await desk.saveAttachment(done?.attachments[0]?.digest ?? '', path.join(folder, 'again.txt'));
    expect(await readFile(saved.file, 'utf8')).toBe('These minutes are made up for a test.');
    expect(await findInFolder(path.join(folder, 'data'), ['minutes are made up', 'minutes-of-the-exercise'])).toEqual(
      [],
    );
  });

  test('refuses what nobody may say, and writes nothing', { timeout: SLOW }, async () => {
    const { records } = scene.chainStatus();
    await expect(desk.perform('AC-01', { on: ago(1), note: WHY, files: [] })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(desk.updateControl('IR-02', { kind: 'owner', owner: 'u-ffffffffffff' })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(desk.perform('IR-02', { on: ago(-48), note: WHY, files: [] })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(desk.updateControl('ZZ-99', { kind: 'applicable' })).rejects.toMatchObject({ code: 'not-found' });
    expect(scene.chainStatus().records).toBe(records);
  });
});

describe('the console by itself', () => {
  test('looks at its controls once a day, when it is opened', { timeout: SLOW }, async () => {
    const config = {
      folder: path.join(folder, 'by-itself'),
      tenant: 'by-itself',
      device: { id: 'd-1', name: 'test-device' },
      secrets: new MemorySecrets(),
      sandboxFolders: [],
      passwordCost: CHEAP,
      version: '0.0.0-test',
      log: { error: () => undefined, warn: () => undefined },
      selfCheckAfterMs: 50,
    };
    const runs = (opened: PeopledConsole) =>
      opened.trailPage({ action: 'tenant.control_updated', target: 'register', limit: 50 }).rows.length;
    const first = await openPeopled(config);
    try {
      await expect.poll(() => runs(first), { timeout: 30_000 }).toBe(1);
      await first.compliance.counted();
    } finally {
      await first.close();
    }
    const second = await openPeopled(config);
    try {
      await second.compliance.counted();
      await new Promise((done) => setTimeout(done, 1_500));
      expect(runs(second)).toBe(1);
    } finally {
      await second.close();
    }
  });
});

test('self-checks recorded while the clock ran ahead do not keep those of today from being made', {
  timeout: SLOW,
}, async () => {
  const config = {
    folder: path.join(folder, 'ahead'),
    tenant: 'ahead',
    device: { id: 'd-1', name: 'test-device' },
    secrets: new MemorySecrets(),
    sandboxFolders: [],
    passwordCost: CHEAP,
    version: '0.0.0-test',
    log: { error: () => undefined, warn: () => undefined },
    selfCheckAfterMs: 50,
  };
  const times = (opened: PeopledConsole) =>
    opened.trailPage({ action: 'tenant.control_updated', target: 'register', limit: 50 }).rows.map(({ time }) => time);
  const clock = { ...wallClock, now: () => Date.now() + 900 * 24 * HOUR };
  const first = await openPeopled({ ...config, clock });
  try {
    await expect.poll(() => times(first), { timeout: 30_000 }).toHaveLength(1);
    await first.compliance.counted();
  } finally {
    await first.close();
  }
  const second = await openPeopled(config);
  try {
    await expect.poll(() => times(second), { timeout: 30_000 }).toHaveLength(2);
    expect(times(second).some((time) => time.slice(0, 10) === now().slice(0, 10))).toBe(true);
  } finally {
    await second.close();
  }
});

describe('an access review', () => {
  test('freezes everybody, is decided by others, and closes', { timeout: SLOW }, async () => {
    const review = await desk.reviews.open(ago(-24 * 7));
    expect(review.subjects.map(({ id }) => id).sort()).toEqual([scene.owner.id, scene.second.id].sort());
    expect(review.subjects.find(({ own }) => own)?.id).toBe(scene.owner.id);
    const { id: campaign } = review;
    const decision = { campaign, decision: 'keep', note: WHY } as const;
    const own = desk.reviews.decide({ ...decision, subject: scene.owner.id, reauthentication: OWN_PROOF });
    await expect(own).rejects.toMatchObject({ code: 'denied', reason: 'self-review' });
    await desk.reviews.decide({ ...decision, subject: scene.second.id, reauthentication: OWN_PROOF });
    const theirs = scene.approver.compliance.reviews;
    const wrong = { method: 'password', password: 'not the password at all' } as const;
    await expect(
      theirs.decide({ ...decision, subject: scene.owner.id, reauthentication: wrong }),
    ).rejects.toMatchObject({ code: 'reauthentication-required' });
    await theirs.decide({ ...decision, subject: scene.owner.id, reauthentication: PROOF });
    const closed = await desk.reviews.close(campaign);
    for (const one of desk.reviews.list()) expect(ReviewView.parse(one)).toEqual(one);
    for (const one of desk.exceptions()) expect(ReportException.parse(one)).toEqual(one);
    expect(closed).toMatchObject({
      state: 'closed',
      subjects: [{ decision: { decision: 'keep' } }, { decision: { decision: 'keep' } }],
    });
  });
});

describe('a report', () => {
  test('is previewed, saved on record, and agrees with the exported chain', { timeout: SLOW }, async () => {
    const sample = { number: '4711', profile: HOUSE_PROFILE };
    const { document, digest } = await desk.reports.preview(request({ sample }));
    expect(document.population.records).toBe(
      document.population.inScope + document.population.excluded.reduce((sum, { count }) => sum + count, 0),
    );
    const html = path.join(folder, 'type2.html');
    await expect(desk.reports.save('0'.repeat(64), 'html', html)).rejects.toMatchObject({ code: 'conflict' });
    const theirs = scene.approver.compliance.reports;
    await expect(theirs.save(digest, 'html', html)).rejects.toMatchObject({ code: 'conflict' });
    const saved = await desk.reports.save(digest, 'html', html);
    await desk.counted();
    for (const one of desk.reports.list()) expect(MadeReport.parse(one)).toEqual(one);
    for (const one of desk.reports.preflight(request())) expect(PreflightFinding.parse(one)).toEqual(one);
    expect(desk.reports.list()[0]).toMatchObject({
      kind: 'soc2-type2',
      digest: saved.digest,
      document: digest,
      format: 'html',
    });
    await expect(desk.reports.save(digest, 'pdf', path.join(folder, 'type2.pdf'))).rejects.toMatchObject({
      code: 'bad-input',
    });
    const chain = path.join(folder, 'all.chain.jsonl');
    await scene.exportChain(chain, false);
    const auditor = createAuditorDesk({
      secrets: new MemorySecrets(),
      device: { id: 'd-2', name: 'other' },
      version: '0.0.0-test',
    });
    const result = await auditor.reperform({ report: html, chain });
    expect(result.differences).toEqual([]);
    expect(result.verdict).toBe('agrees');
  });

  test('of a window in the future is refused; one at a time; cancelled, nothing is left', {
    timeout: SLOW,
  }, async () => {
    const future = request({ window: { from: ago(-24), to: ago(-48) } });
    await expect(desk.reports.preview(future)).rejects.toMatchObject({ code: 'bad-input' });
    const first = desk.reports.preview(request());
    await expect(desk.reports.preview(request())).rejects.toMatchObject({ code: 'conflict' });
    desk.reports.cancel();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await expect(desk.reports.preview(request({ disclose: true }))).resolves.toMatchObject({
      document: { kind: 'soc2-type2' },
    });
  });

  test('draws the sample a report would, and a worksheet of it', { timeout: SLOW }, async () => {
    const { window } = request();
    const sheet = await desk.samples.draw({ window, number: '4711', profile: HOUSE_PROFILE });
    expect(sheet.rows.length).toBe(sheet.sample.drawn.reduce((sum, { seqs }) => sum + seqs.length, 0));
    expect(SampleSheet.parse(sheet)).toEqual(sheet);
    const draws = scene
      .trailPage({ action: 'tenant.report_generated', limit: 50 })
      .rows.map(({ seq }) => JSON.parse(scene.trailRecord(seq).bytes).data)
      .filter(({ kind }) => kind === 'sample-draw');
    expect(draws[0]).toMatchObject({ format: 'number 4711', digest: sheet.sample.seed, ...window });
    const saved = await desk.samples.saveWorksheet(path.join(folder, 'sample.csv'));
    const lines = (await readFile(saved.file, 'utf8')).split('\r\n');
    expect(lines[2]).toContain(sheet.sample.seed);
    expect(lines.length).toBe(5 + sheet.rows.length + 1);
  });

  test('as OSCAL, on record', { timeout: SLOW }, async () => {
    const file = path.join(folder, 'results.json');
    const { window } = request();
    const saved = await desk.reports.machine({ format: 'oscal-assessment-results', framework: 'soc2', window }, file);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('assessment-results.import-ap');
    await desk.counted();
    expect(desk.reports.list()[0]).toMatchObject({ kind: null, digest: saved.digest });
  });
});

describe('a bundle', () => {
  test('is opened without an account, computed again, noted on; the notes come back', { timeout: SLOW }, async () => {
    const made = await desk.reports.bundle(
      { reports: [request({ kind: 'approvals', disclose: true })], disclose: 'reports', machine: true },
      folder,
    );
    const secrets = new MemorySecrets();
    const auditor = createAuditorDesk({ secrets, device: { id: 'd-2', name: 'other' }, version: '0.0.0-test' });
    await expect(auditor.saveNotes(path.join(folder, 'x'), { auditor: 'A', notes: [] })).rejects.toMatchObject({
      code: 'not-found',
    });
    const bundle = await auditor.openBundle(made.folder);
    expect(bundle).toMatchObject({
      verdict: 'complete',
      problems: [],
      chainVerdict: { verdict: 'valid' },
      manifest: made.manifest,
    });
    expect(bundle.files.map(({ file }) => file)).toContain('machine/soc2-assessment-results.oscal.json');
    const [report] = bundle.reports;
    if (report === undefined) throw new Error('the bundle holds no report');
    expect(await auditor.reperformInBundle(report.file)).toMatchObject({ verdict: 'agrees', differences: [] });
    const note = {
      about: { report: report.digest, what: 'report', id: 'report' },
      verdict: 'question',
      text: 'Made up.',
    } as const;
    const file = path.join(folder, 'auditor.causeway-notes');
    const other = { ...note, about: { ...note.about, report: '0'.repeat(64) } };
    await expect(auditor.saveNotes(file, { auditor: 'A', notes: [other] })).rejects.toMatchObject({
      reason: 'other-report',
    });
    // the bundle on the screen stays open when another one cannot be read
    await expect(auditor.openBundle(path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'bad-input' });
    const { key } = await auditor.saveNotes(file, { auditor: 'A made-up auditor', notes: [note] });
    expect(await desk.notes.take(file)).toEqual({ needsTrust: { auditor: 'A made-up auditor', key } });
    expect(await desk.notes.take(file, '0'.repeat(16))).toMatchObject({ needsTrust: { key } });
    expect(await desk.notes.take(file, key)).toMatchObject({ needsTrust: null, notes: { key, notes: [note] } });
    expect(await desk.notes.list()).toMatchObject([{ auditor: 'A made-up auditor', bundle: made.manifest }]);
    await expect(desk.notes.take(file)).rejects.toMatchObject({ code: 'conflict' });
    await rm(path.join(made.folder, report.file));
    await expect(auditor.reperformInBundle(report.file)).rejects.toMatchObject({ reason: 'bundle-changed' });
    const damaged = await auditor.openBundle(made.folder);
    expect(damaged).toMatchObject({ verdict: 'damaged' });
    expect(damaged.files.find((one) => one.file === report.file)?.state).toBe('missing');
  });
});
