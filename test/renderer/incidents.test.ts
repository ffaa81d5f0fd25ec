import { describe, expect, test } from 'vitest';
import {
  chooseHours,
  chooseWindow,
  measureSeries,
  sliceTimes,
  summarizeSeries,
} from '#renderer/features/incidents/chart-summary.ts';
import { groupCitations, wordRows } from '#renderer/features/incidents/citation-groups.ts';
import { pageRows } from '#renderer/features/incidents/evidence-pages.ts';
import { metricsOf } from '#renderer/features/incidents/hypothesis-metrics.ts';
import { importDropped } from '#renderer/features/incidents/import-alarm.ts';
import { chooseRowHeight, ROW } from '#renderer/features/incidents/queue-layout.ts';
import { orderQueue } from '#renderer/features/incidents/queue-order.ts';
import { isPlainAnswer, mainSteps } from '#renderer/features/incidents/timeline-steps.ts';
import type { TimelineEntry } from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { ChartSeries } from '#shared/model/investigation.ts';

const incident = (
  id: string,
  severity: Incident['severity'],
  status: Incident['status'],
  opened: string,
): Incident => ({
  id,
  title: id,
  severity,
  status,
  source: { kind: 'eventbridge', alarmName: 'a', payloadDigest: '0'.repeat(64), account: null, region: null },
  environment: 'sandbox',
  signal: { service: 's', metric: 's.latency', kind: 'latency' },
  startedAt: `2026-11-20T${opened}:00.000Z`,
  openedAt: `2026-11-20T${opened}:00.000Z`,
  investigation: null,
});

test('the queue: what is open first, by severity, the oldest first; what is resolved last, the newest first', () => {
  const queue = orderQueue([
    incident('inc-0001', 'low', 'open', '08:00'),
    incident('inc-0002', 'critical', 'resolved', '09:00'),
    incident('inc-0003', 'critical', 'open', '10:00'),
    incident('inc-0004', 'critical', 'awaiting-approval', '09:30'),
    incident('inc-0005', 'low', 'resolved', '11:00'),
  ]);
  expect(queue.map(({ id }) => id)).toEqual(['inc-0004', 'inc-0003', 'inc-0001', 'inc-0005', 'inc-0002']);
});

test('rows of the queue are high only where a title needs two lines', () => {
  expect(chooseRowHeight(290, 694)).toBe(ROW.one);
  expect(chooseRowHeight(330, 694)).toBe(ROW.two);
  expect(chooseRowHeight(330, 1250)).toBe(ROW.one);
});

describe('the timeline', () => {
  const entry = (seq: number, more: Partial<TimelineEntry>): TimelineEntry => ({
    seq,
    time: '2026-11-20T10:00:00.000Z',
    action: 'investigation.system_called',
    outcome: 'success',
    actor: 'log-analyst',
    text: 'iam:GetRolePolicy → OK in 3 ms.',
    ...more,
  });
  const absent = entry(2, { outcome: 'failure', text: 'iam:GetRolePolicy → NoSuchEntityException in 3 ms.' });
  const failed = entry(3, { outcome: 'failure', text: 'logs:StartQuery → LimitExceededException in 3 ms.' });
  const denied = entry(4, { outcome: 'denied', text: 'iam:GetRolePolicy → AccessDeniedException in 3 ms.' });
  const refused = entry(5, { action: 'investigation.output_rejected', outcome: 'failure', text: 'x → NotFound in y.' });
  test('leaves single calls out, also those the cloud answered with "no such thing"', () => {
    expect(mainSteps([entry(1, {}), absent, failed, denied, refused]).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });
  test('takes nothing else for a plain answer', () => {
    expect(
      [absent, { ...absent, text: 'ec2:DescribeInstances → InvalidInstanceID.NotFound in 2 ms.' }].every(isPlainAnswer),
    ).toBe(true);
    expect([failed, denied, refused, entry(1, {})].some(isPlainAnswer)).toBe(false);
  });
});

test('citations are grouped by the answer they point into, each place once', () => {
  const place = { digest: 'a'.repeat(64), pointer: '/rows', from: 0, to: 2 };
  const later = { ...place, from: 5, to: 9 };
  const other = { ...place, digest: 'b'.repeat(64) };
  expect(groupCitations([place, other, later, place])).toEqual([[place, later], [other]]);
  expect(groupCitations([])).toEqual([]);
  expect(wordRows(later)).toBe('rows 6 to 9');
  expect(wordRows({ from: 652, to: 653 })).toBe('row 653');
});

describe('a dropped file', () => {
  const file = (size: number) => ({ name: 'alarm.json', size, text: () => Promise.resolve('{}') });
  test('that is too large is refused before it is read', async () => {
    await expect(importDropped([file(1_048_577)])).rejects.toMatchObject({ code: 'too-large' });
  });
  test('is refused when it is not one', async () => {
    await expect(importDropped([file(1), file(1)])).rejects.toThrow(/one at a time/);
    await expect(importDropped([])).rejects.toThrow(/not a file/);
  });
  test('that cannot be read, as a folder, is refused', async () => {
    const folder = { name: 'logs', size: 0, text: () => Promise.reject(new Error('NotFoundError')) };
    await expect(importDropped([folder])).rejects.toThrow(/"logs" could not be read/);
  });
});

describe('evidence rows', () => {
  test('come 200 at a time and never beyond the citation', () => {
    const citation = { from: 10, to: 460 };
    expect(pageRows(citation, 10)).toEqual({ from: 10, to: 210, page: 1, pages: 3, previous: 10, next: 210 });
    expect(pageRows(citation, 410)).toEqual({ from: 410, to: 460, page: 3, pages: 3, previous: 210, next: 410 });
    expect(pageRows(citation, 9999).page).toBe(3);
  });
  test('an empty citation is one empty page', () => {
    expect(pageRows({ from: 5, to: 5 }, 5)).toMatchObject({ from: 5, to: 5, page: 1, pages: 1 });
  });
});

describe('a chart in words', () => {
  const minute = 60_000;
  const start = Date.parse('2026-11-20T00:00:00.000Z');
  const times = Array.from({ length: 1440 }, (_, index) => start + index * minute);
  const series: ChartSeries = {
    service: 'checkout',
    metric: 'checkout.latency',
    name: 'Latency',
    unit: 'Milliseconds',
    stat: 'p95',
    times,
    values: times.map((_, index) => (index === 1000 ? null : index >= 1400 ? 900 : 200)),
    low: times.map(() => 150),
    high: times.map(() => 250),
    marks: [{ time: times[1405] ?? 0, kind: 'alarm', label: 'alarm' }],
    evidence: [],
  };

  test('counts what is outside the usual range and skips gaps', () => {
    expect(measureSeries(series, 0, 1440)).toMatchObject({ outside: 40, points: 1439, highest: 1400, lowest: 0 });
  });
  test('says it, with its marks', () => {
    const said = summarizeSeries(series, start, times.at(-1) ?? 0);
    expect(said).toContain('40 of 1439 points are outside the usual range');
    expect(said).toContain('Highest 900 ms');
    expect(said).toMatch(/Marks: alarm at/);
    expect(summarizeSeries({ ...series, values: times.map(() => null) }, start, start)).toMatch(/No data points/);
  });
  test('shows the shortest window with the alarm and an hour before it', () => {
    expect(chooseHours(series)).toBe(3);
    expect(chooseHours({ ...series, marks: [{ time: times[400] ?? 0, kind: 'onset', label: 'onset' }] })).toBe(24);
    expect(chooseHours({ ...series, marks: [{ time: start - 86_400_000, kind: 'onset', label: 'onset' }] })).toBeNull();
    expect(chooseWindow(series, 3)).toEqual([(times.at(-1) ?? 0) - 3 * 3_600_000, times.at(-1)]);
    expect(chooseWindow(series, null)).toEqual([times[0], times.at(-1)]);
  });
  test('slices by time', () => {
    expect(sliceTimes([10, 20, 30, 40], 15, 30)).toEqual([1, 3]);
    expect(sliceTimes([10, 20], 50, 60)).toEqual([2, 2]);
  });
});

test("a hypothesis' own metric goes before what its detector looks at", () => {
  expect(metricsOf({ service: 'cart', detector: 'resource', metric: 'cart.cpu' })).toEqual(['cart.cpu', 'cart.memory']);
  expect(metricsOf({ service: 'cart', detector: 'none' })).toEqual([]);
});
