import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { manifestDigest } from '#main/compliance/bundle/manifest.ts';
import { readBundle } from '#main/compliance/bundle/read-bundle.ts';
import type { ReportsLimits } from '#main/compliance/bundle/read-reports.ts';
import { openReportThread, readReportSafely } from '#main/compliance/reports/open-report.ts';
import { REPORT_LIMITS, reportJson } from '#main/compliance/reports/report-file.ts';
import { removeFolder, temporaryFolder } from '../../../support/audit-store.ts';
import { manifestIn, openSampleBundle, putManifest, type SampleBundle } from '../../../support/sample-bundle.ts';

let sample: SampleBundle;
let folder = '';
beforeAll(async () => {
  sample = await openSampleBundle();
  folder = temporaryFolder();
});
afterAll(async () => {
  await sample.test.store.close();
  for (const path of [sample.test.folder, sample.parent, folder]) removeFolder(path);
});

const nested = (count: number) => `{"a":[${'[],'.repeat(count)}[]]}`;
/** A bundle the chain's own key signs: whoever has a chain can have any report in it. */
const makeWith = async (reports: Readonly<Record<string, string>>): Promise<string> => {
  const files = Object.entries(reports).map(([file, text]) => ({
    file,
    kind: 'report' as const,
    what: 'A report',
    bytes: Buffer.from(text, 'utf8'),
  }));
  return (await sample.make({ files })).folder;
};
const read = async (path: string, limits: ReportsLimits = {}) => (await readBundle(path, { limits })).view;

describe('reports of a bundle', () => {
  it('are not read when the signature of the manifest does not hold', async () => {
    const path = await makeWith({ 'r.json': nested(10), 'good.json': reportJson(sample.report) });
    expect((await read(path)).reports).toHaveLength(1);
    const signed = manifestIn(path);
    const manifest = { ...signed.manifest, build: { name: 'Causeway', version: '9.9.9' } };
    putManifest(path, `${canonicalText({ ...signed, manifest, digest: manifestDigest(manifest) })}\n`);
    const view = await read(path);
    expect(view.reports).toEqual([]);
    expect(view.problems).toEqual([
      { file: 'manifest.json', text: expect.stringContaining('Its reports were not read') },
    ]);
  });

  it('that were edited are not taken for what they were', async () => {
    const text = reportJson(sample.report).replace('4 days and 2 hours', '0 days and 2 hours');
    const view = await read(await makeWith({ 'r.json': text }));
    expect(view.problems).toEqual([
      { file: 'reports/r.json', text: expect.stringContaining('The report was changed') },
    ]);
  });

  it('of more parts or bytes than a report has are named, and the others are read', async () => {
    const path = await makeWith({ 'a.json': nested(30_000), 'b.json': reportJson(sample.report) });
    const few = await read(path, { file: { ...REPORT_LIMITS, marks: 50_000 } });
    expect(few.problems).toEqual([{ file: 'reports/a.json', text: expect.stringContaining('more than 50000 parts') }]);
    expect(few.reports.map(({ file }) => file)).toEqual(['reports/b.json']);
    const short = await read(path, { file: { ...REPORT_LIMITS, bytes: 1000 } });
    expect(short.problems.map(({ text }) => text)).toEqual(Array(2).fill(expect.stringContaining('too large')));
  });

  it('end their thread at most, and nothing else', { timeout: 60_000 }, async () => {
    const keys = Array.from({ length: 120_000 }, (_, index) => `{"k${index}":[{}]}`).join(',');
    const path = await makeWith({ 'a.json': `{"a":[${keys}]}`, 'b.json': reportJson(sample.report) });
    const view = await read(path, { heapMb: 32 });
    expect(view.problems).toEqual([{ file: 'reports/a.json', text: expect.stringContaining('more memory') }]);
    expect(view.reports.map(({ file }) => file)).toEqual(['reports/b.json']);
  });

  it('are tried up to a number, whatever comes of them', async () => {
    const path = await makeWith({ 'a.json': '{}', 'b.json': '[]', 'c.json': reportJson(sample.report) });
    const view = await read(path, { reports: 2 });
    expect(view.reports).toEqual([]);
    expect(view.problems.map(({ file }) => file)).toEqual(['reports/c.json', 'reports/a.json', 'reports/b.json']);
    expect(view.problems[0]?.text).toContain('only the first 2');
  });

  it('exchanged after they were looked at are told, and so no key comes from another chain file', async () => {
    const path = await makeWith({ 'r.json': reportJson(sample.report) });
    let exchanged = false;
    const { view } = await readBundle(path, {
      onProgress: (done, total) => {
        if (done < total || exchanged) return;
        exchanged = true; // all is hashed, and the chain is verified
        writeFileSync(join(path, 'reports/r.json'), reportJson(sample.report).replace('4 days', '0 days'));
        writeFileSync(join(path, 'other'), '{"a chain file":"of somebody else"}\n');
        renameSync(join(path, 'other'), join(path, 'audit.chain.jsonl'));
      },
    });
    expect(exchanged).toBe(true);
    expect(view.problems).toEqual([{ file: 'reports/r.json', text: expect.stringContaining('was changed while') }]);
  });
});

describe('a report of somebody else', () => {
  it('is given up at once', async () => {
    const file = join(folder, 'large.json');
    writeFileSync(file, nested(1_000_000));
    const stop = new AbortController();
    const reading = readReportSafely(file, { signal: stop.signal });
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await expect(readReportSafely(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is handed over as it was read, and a thread reads the next after one that is none', async () => {
    const good = join(folder, 'good.json');
    const bad = join(folder, 'bad.json');
    writeFileSync(good, reportJson(sample.report));
    writeFileSync(bad, 'x');
    const thread = openReportThread();
    await expect(thread.read(bad)).rejects.toMatchObject({ code: 'bad-input' });
    expect(Buffer.from(await thread.read(good)).toString('utf8')).toBe(reportJson(sample.report));
    await thread.close();
  });

  it.skipIf(process.platform === 'win32')('is no pipe, which would be waited for', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    const failure = { code: 'bad-input', reason: 'unreadable' };
    await expect(readReportSafely(join(folder, 'pipe.json'))).rejects.toMatchObject(failure);
    await expect(readReportSafely(folder)).rejects.toMatchObject(failure);
    await expect(readReportSafely(join(folder, 'nowhere.json'))).rejects.toMatchObject(failure);
  });
});
