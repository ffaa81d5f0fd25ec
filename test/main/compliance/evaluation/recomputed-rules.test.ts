import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport, digestOf } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { changed, created, MADE_CHAIN, makeRecords, type Wanted } from '../../../support/made-records.ts';
import { MADE } from '../../../support/make-report.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';

const at = (day: string, hour = 12) => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const console = { actor: { type: 'system', id: 'causeway' } };
const checked = (time: string, control: string, by: Record<string, unknown> = console): Wanted => ({
  ...changed(time, 'register', {
    kind: 'self-check',
    results: [{ control, result: 'holds', detail: 'held', digest: 'a'.repeat(64) }],
  }),
  wrong: by,
});
const cadence = (time: string, control: string, next: string) => changed(time, control, { kind: 'cadence', next });
const performed = (time: string, control: string, on: string): Wanted =>
  changed(time, control, { kind: 'performed', on, note: { sealed: 'A'.repeat(43) } });
const review = (time: string, change: Record<string, unknown>, actor = 'u-1'): Wanted => ({
  ...changed(time, 'AR-01', { campaign: 'r-1', ...change }),
  actor,
});
const decided = (time: string, campaign: string, subject: string, actor: string) =>
  review(
    time,
    { kind: 'review-decided', campaign, subject, decision: 'keep', note: { sealed: 'A'.repeat(43) } },
    actor,
  );
const opened = (time: string, campaign: string) => {
  const subjects = ['u-1', 'u-2'].map((id) => ({ id, role: 'admin' }));
  return review(time, { kind: 'review-opened', campaign, due: at('12-01'), subjects, root: 'b'.repeat(64) });
};
const closed = (time: string, campaign: string) =>
  review(time, { kind: 'review-closed', campaign, decided: 2, undecided: 0 });

/** Clocks that go back, cadences that change, what was told late, and what was told by those who may not. */
const CHAIN: readonly Wanted[] = [
  created(at('01-01', 0)),
  checked(at('01-02'), 'AU-01'),
  checked(at('01-03'), 'PT-02', { actor: { type: 'user', id: 'u-1' } }),
  cadence(at('01-04'), 'AU-01', 'monthly'),
  cadence(at('01-05'), 'PT-02', 'event'),
  performed(at('01-20'), 'RA-01', at('01-19')),
  opened(at('01-21'), 'r-1'),
  decided(at('01-22'), 'r-1', 'u-1', 'u-2'),
  decided(at('01-23'), 'r-1', 'u-2', 'u-2'),
  closed(at('01-24'), 'r-1'),
  cadence(at('02-10'), 'RA-01', 'monthly'),
  checked(at('02-20'), 'AU-01'),
  checked(at('02-20', 11), 'SC-02'), // an hour back
  cadence(at('03-05'), 'AU-01', 'daily'),
  cadence(at('03-07'), 'AU-01', 'weekly'),
  performed(at('04-25'), 'RA-01', at('03-12')),
  performed(at('04-26'), 'PL-01', '2021-01-01T00:00:00.000Z'),
  opened(at('05-01'), 'r-2'),
  decided(at('05-02'), 'r-2', 'u-1', 'u-2'),
  decided(at('05-03'), 'r-2', 'u-2', 'u-1'),
  closed(at('05-04'), 'r-2'),
  { ...performed(at('05-05'), 'SI-03', at('05-05')), wrong: { actor: { type: 'agent', id: 'log-analyst' } } },
  checked(at('06-20'), 'AU-01'),
  checked(at('03-20'), 'AU-01'), // three months back
  cadence(at('01-01'), 'AU-03', 'annual'),
  checked(at('06-30'), 'SC-02'),
  performed(at('07-09'), 'PM-02', at('06-15')),
  checked(at('07-02'), 'SI-01'), // the one before it ran ahead
  checked(at('07-03'), 'AU-01'),
  checked('2099-01-01T00:00:00.000Z', 'AU-01'), // a clock far ahead, and one further
  cadence('2101-01-01T00:00:00.000Z', 'SC-02', 'monthly'),
  performed('2101-01-02T00:00:00.000Z', 'SR-01', at('07-02')),
  checked(at('07-04'), 'PT-02'),
  checked(at('07-05'), 'PT-02'),
  checked(at('07-06'), 'SI-01'),
  checked(at('07-07'), 'AU-01'),
  checked(at('07-06', 20), 'SC-02'), // the newest is not the latest
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'causeway-recompute-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  [at('01-01', 0), at('07-01', 0)],
  ['2025-12-15T08:30:00.000Z', '2026-06-21T00:00:00.000Z'],
  [at('03-01', 0), at('09-01', 0)],
])('a program that is not ours counts the same from %s to %s', (from, to) => {
  const request: ReportRequest = {
    kind: 'soc2-type2',
    window: { from, to },
    zone: 'UTC',
    disclose: false,
    sample: { number: '4711', profile: HOUSE_PROFILE },
  };
  const records = makeRecords(CHAIN);
  const plan = planReport(request, { last: records.length });
  const identity = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
  const evaluation = evaluateEntries(PRODUCT_RULES, identity, plan, records);
  expect(evaluation.timeProblems).toEqual({ count: 10, seqs: [13, 24, 25, 27, 33, 34, 30, 31, 32, 37] });
  const document = buildReport(request, evaluation, MADE);
  const [report, chain] = [path.join(folder, 'report.json'), path.join(folder, 'made.chain.jsonl')];
  writeFileSync(report, JSON.stringify({ document, digest: digestOf(document) }));
  const lines = records.map(
    ({ hash, bytes }) => `{"hash":"${hash}","record":${Buffer.from(bytes).toString('utf8')}}\n`,
  );
  writeFileSync(chain, lines.join(''));
  const program = path.join(PROJECT_ROOT, 'test/support/recompute-report.py');
  const found: unknown = JSON.parse(execFileSync('python3', [program, report, chain], { encoding: 'utf8' }));
  expect(found).toMatchObject({ differences: [] });
});
