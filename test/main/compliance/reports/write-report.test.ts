import { describe, expect, test } from 'vitest';
import { reportFile, reportJson } from '#main/compliance/reports/report-file.ts';
import { writeReport } from '#main/compliance/reports/write-report.ts';
import { signed } from '../../../support/sample-report.ts';
import { sampleApprovals } from '../../../support/sample-reports.ts';

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

describe.each([
  ['a short report, written at once', 20],
  ['a long one, written on a thread', 2100],
])('%s', (_what, rows) => {
  const report = signed(sampleApprovals(rows));

  test('is the page and the data that it is anywhere, to the byte', async () => {
    const [page, data] = [await writeReport(report, 'html'), await writeReport(report, 'json')];
    expect(textOf(page) === reportFile(report)).toBe(true);
    expect(textOf(data) === reportJson(report)).toBe(true);
  }, 60_000);
});

test('whoever waits for a long one is not held up by it', async () => {
  const report = signed(sampleApprovals(2500));
  const started = performance.now();
  reportFile(report);
  const atOnce = performance.now() - started;
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 2);
  await writeReport(report, 'html');
  clearInterval(timer);
  expect(longest).toBeLessThan(atOnce);
}, 60_000);
