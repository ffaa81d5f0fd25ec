import { describe, expect, test } from 'vitest';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { buildReport } from '#main/compliance/reports/build-report.ts';
import { planReport } from '#main/compliance/reports/plan-report.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import type { ReportDocument, ReportRequest } from '#shared/model/report.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { changed, created, MADE_CHAIN, makeRecords, noted, role, type Wanted } from '../../../support/made-records.ts';
import { MADE } from '../../../support/make-report.ts';

const at = (day: string, hour = 12) => `2026-${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
const WINDOW = { from: at('02-01', 0), to: at('07-01', 0) };

function report(wanted: readonly Wanted[], more: Partial<ReportRequest> = {}): ReportDocument {
  const records = makeRecords([created(at('01-01', 0)), ...wanted]);
  const request: ReportRequest = { kind: 'soc2-type2', window: WINDOW, zone: 'UTC', disclose: false, ...more };
  const plan = planReport(request, { last: records.length });
  const identity = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
  return buildReport(request, evaluateEntries(PRODUCT_RULES, identity, plan, records), MADE);
}
const said = (wanted: readonly Wanted[], more: Partial<ReportRequest> = {}) => report(wanted, more).warnings.join('\n');
const by = (actor: string, wanted: Wanted): Wanted => ({ ...wanted, actor });
const end = role(at('07-02'), 'u-9', 'viewer');

describe('the first page says', () => {
  test('which controls were said not to apply, when and by whom', () => {
    const note = { sealed: 'N'.repeat(43) };
    const before = by('u-4', changed(at('01-20'), 'PE-01', { kind: 'not-applicable', note }));
    const within = by('u-5', changed(at('03-20'), 'AT-01', { kind: 'not-applicable', note }));
    const line = said([before, within, end])
      .split('\n')
      .find((text) => text.startsWith('Not judged'));
    expect(line).toContain('PE-01 on 2026-01-20 by u-4');
    expect(line).not.toContain('u-4 (within');
    expect(line).toContain('AT-01 on 2026-03-20 by u-5 (within or after the window)');
    expect(said([end])).not.toContain('Not judged');
  });

  test('which cadences were changed in the window or the year before, and which are rarer than defined', () => {
    const rarer = by('u-4', changed(at('01-20'), 'AU-01', { kind: 'cadence', previous: 'weekly', next: 'annual' }));
    const found = said([rarer, end]);
    expect(found).toContain('AU-01 from weekly to yearly on 2026-01-20 by u-4 (record 2, less often)');
    expect(found).toMatch(/Seen less often than this product asks for:.*AU-01 \(yearly instead of weekly\)/);
    const closer = changed(at('03-20'), 'PM-02', { kind: 'cadence', previous: 'quarterly', next: 'monthly' });
    expect(said([closer, end])).toContain('PM-02 from quarterly to monthly on 2026-03-20 by u-1 (record 2)');
    expect(said([end])).not.toMatch(/Cadences changed|Seen less often/);
  });

  test('of which controls no whole period lies in the window', () => {
    const line = said([by('u-1', changed(at('01-20'), 'RA-01', { kind: 'owner', previous: null })), end])
      .split('\n')
      .find((text) => text.startsWith('No whole period'));
    expect(line).toContain('RA-01 (yearly)');
    expect(line).not.toContain('AU-01');
  });

  test('whose owner was removed', () => {
    const owner = changed(at('01-20'), 'RA-01', { kind: 'owner', previous: null });
    const owned: Wanted = { ...owner, data: { ...owner.data, owner: 'u-3' } };
    const removed: Wanted = {
      action: 'tenant.user_removed',
      time: at('03-01'),
      data: { user: 'u-3', reason: 'removed' },
      wrong: { target: { type: 'user', id: 'u-3' } },
    };
    const found = said([owned, removed, end]);
    expect(found).toContain('since that one was removed from the workspace: RA-01 (u-3).');
    expect(found).not.toMatch(/Without an owner: .*RA-01/);
  });

  test('what a filter or a choice of criteria left out, and claims no more', () => {
    const records = [role(at('03-01'), 'u-2', 'operator', 'u-7'), role(at('03-02'), 'u-2', 'viewer', 'u-8'), end];
    const filtered = report(records, { filter: { actors: ['u-7'] } });
    expect(filtered.warnings[0]).toMatch(/^A filter narrows the population to 1 of 2 records, those by u-7\./);
    const chosen = report(records, { criteria: [{ framework: 'soc2', id: 'CC1.4' }] });
    expect(chosen.warnings[0]).toMatch(
      /^Criteria were chosen: 1 of the \d+.*controls of the register are of none of them/,
    );
    expect(chosen.exclusion.join('\n')).toMatch(/\d+ controls of the register have no part in its criteria/);
    expect(chosen.exclusion.join('\n')).toMatch(/Of the \d controls? of this report no exception is left out/);
    expect(report(records).warnings.join('\n')).not.toMatch(/^(A filter|Criteria were chosen)/m);
  });

  test('that the guardrail policies were changed, by record', () => {
    const change = (time: string): Wanted => ({
      action: 'tenant.protection_change_approved',
      time,
      data: {
        change: 'policy-change',
        changeDigest: 'b'.repeat(64),
        justification: { sealed: 'A'.repeat(43) },
        requestedBy: 'u-2',
      },
    });
    expect(said([change(at('03-01')), change(at('03-02')), end])).toContain(
      'The guardrail policies were changed in the window (records 2, 3). Their text is not on record',
    );
    expect(said([change(at('01-20')), end])).not.toContain('guardrail policies');
  });

  test('which records have a time that goes back', () => {
    const late = [noted(at('03-02')), noted(at('03-01')), end];
    expect(said(late)).toContain(
      '1 record has a time more than 5 minutes before that of an earlier one, or far ahead of those that follow, and meets no period',
    );
    expect(said(late)).toContain('Record 3.');
    expect(said([noted(at('03-01')), noted(at('03-02')), end])).not.toContain('5 minutes');
  });

  describe('that samples of overlapping windows were drawn before', () => {
    const drawn = (number: string, window = WINDOW, wrong: Record<string, unknown> = {}, seed = number): Wanted => ({
      action: 'tenant.report_generated',
      time: at('07-02'),
      data: {
        framework: 'soc2',
        ...window,
        format: `number ${number}`,
        kind: 'sample-draw',
        digest: seed.padStart(64, '0'),
        parameters: 'b'.repeat(64),
        range: { first: 1, last: 2 },
      },
      wrong,
    });
    const sample = { number: '42', profile: HOUSE_PROFILE };

    test('by record, number and window', () => {
      const shorter = drawn('9', { ...WINDOW, to: at('06-01', 0) });
      const moved = drawn('10', { ...WINDOW, to: '2026-07-01T00:00:00.001Z' });
      const found = said([drawn('42'), shorter, drawn('8', WINDOW, { outcome: 'failure' }), moved], { sample });
      expect(found).toContain(
        'Of this window, or of one that overlaps it, a sample was drawn 3 times before: record 2 (number 42, this window), record 3 (number 9, 2026-02-01 to 2026-06-01), record 5 (number 10, 2026-02-01T00:00:00.000Z to 2026-07-01T00:00:00.001Z). Ask why',
      );
      expect(said([drawn('42')])).not.toContain('a sample was drawn');
    });

    test('and of windows that only touch it, or lie elsewhere, none', () => {
      const before = drawn('7', { from: at('01-01', 0), to: WINDOW.from });
      const after = drawn('8', { from: WINDOW.to, to: at('08-01', 0) });
      expect(said([before, after, end], { sample })).not.toContain('a sample was drawn');
    });

    test('once where one draw has several records, and twice when it came back later', () => {
      const other = { ...WINDOW, from: at('03-01', 0) };
      expect(said([drawn('42'), drawn('42', other), end], { sample })).toContain(
        'drawn once before: record 2 (number 42, this window), record 3 (of the same draw, 2026-03-01 to 2026-07-01). Ask',
      );
      expect(said([drawn('42'), drawn('42', WINDOW, {}, '43'), end], { sample })).toContain('drawn 2 times before');
    });

    test('to the end of its line, however many there are', () => {
      const window = { ...WINDOW, to: '2026-06-30T23:59:59.999Z' };
      const many = Array.from({ length: 40 }, (_, index) => drawn(`${index + 1}`.padEnd(20, '9'), window));
      const line = said(many, { sample })
        .split('\n')
        .find((text) => text.startsWith('Of this window'));
      expect(line).toMatch(/drawn 40 times before: record 2 .* and 25 more records\. Ask why it was drawn again\.$/);
    });
  });
});
