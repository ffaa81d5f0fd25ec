import { describe, expect, test } from 'vitest';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { REPORT_KIND } from '#main/compliance/reports/report-kinds.ts';
import { REPORT_KINDS, type ReportRequest } from '#shared/model/report.ts';
import { EXAMPLE_GENERATOR } from '#shared/model/synthetic.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { created, MADE_CHAIN, makeRecords, role, type Wanted } from '../../../support/made-records.ts';
import { MADE } from '../../../support/make-report.ts';

const BEGUN = '2026-01-01T00:00:00.000Z';
const WINDOW = { from: '2026-02-01T00:00:00.000Z', to: '2026-07-01T00:00:00.000Z' };
const SAID = 'Everything in this chain is made up: an example of Causeway, and no evidence of anything.';

function begunBy(name: string): Wanted {
  const { data, ...rest } = created(BEGUN);
  return { ...rest, data: { ...data, generator: { name, version: '1' } } };
}

function evaluated(request: ReportRequest, first: Wanted) {
  const records = makeRecords([first, role('2026-03-01T00:00:00.000Z', 'u-9', 'viewer'), begunBy(EXAMPLE_GENERATOR)]);
  const plan = planReport(request, { last: records.length });
  return evaluateEntries(PRODUCT_RULES, { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null }, plan, records);
}

describe('that a chain is made up', () => {
  test.each(REPORT_KINDS)('is looked for by a report of the kind %s, from the first record alone', (kind) => {
    const { needs } = REPORT_KIND[kind];
    const about = needs === null ? {} : { [needs]: needs === 'incident' ? 'inc-0001' : 'campaign-0001' };
    const request: ReportRequest = { kind, window: WINDOW, zone: 'UTC', disclose: false, ...about };
    expect(evaluated(request, begunBy(EXAMPLE_GENERATOR)).collected.origin).toEqual({ synthetic: true });
    expect(evaluated(request, begunBy('Causeway')).collected.origin).toEqual({ synthetic: false });
  });

  test('is the first thing a report warns of, before a filter and before everything else', () => {
    const filter = { actors: ['u-7'] };
    const request: ReportRequest = { kind: 'soc2-type2', window: WINDOW, zone: 'UTC', disclose: false, filter };
    const warningsIn = (first: Wanted) => buildReport(request, evaluated(request, first), MADE).warnings;
    const synthetic = warningsIn(begunBy(EXAMPLE_GENERATOR));
    expect(synthetic.indexOf(SAID)).toBe(0);
    expect(synthetic.slice(1)).toEqual(warningsIn(begunBy('Causeway')));
  });
});
