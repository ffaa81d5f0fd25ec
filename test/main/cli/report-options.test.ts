import { describe, expect, test } from 'vitest';
import { readReportRequest, readWindow } from '#main/cli/report-options.ts';
import type { Typed } from '#main/cli/verbs.ts';
import { REPORT_KINDS } from '#shared/model/report.ts';

const NOW = Date.parse('2026-05-31T14:03:27.411Z');
const LATER = Date.parse('2026-05-31T23:59:59.999Z');

/** As somebody typed these options, and no others. */
function typing(options: Readonly<Record<string, string>>): Typed {
  return { words: [], text: (option) => options[option], texts: () => [], each: () => [], flag: () => false };
}
const windowOf = (options: Readonly<Record<string, string>>, now = NOW) => readWindow(typing(options), { now });

describe('an observation window', () => {
  test('of so many months is of whole days of UTC up to the last midnight, and the same all day', () => {
    const window = { from: '2026-02-28T00:00:00.000Z', to: '2026-05-31T00:00:00.000Z' };
    expect(windowOf({ months: '3' })).toEqual(window);
    expect(windowOf({ months: '3' }, LATER)).toEqual(window);
    expect(windowOf({})).toEqual(window);
    expect(windowOf({ months: '3' }, LATER + 1)).toEqual({
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-06-01T00:00:00.000Z',
    });
  });

  test('ends as it was said, and goes back from there', () => {
    expect(windowOf({ months: '6', to: '2026-04-01T12:30Z' })).toEqual({
      from: '2025-10-01T12:30:00.000Z',
      to: '2026-04-01T12:30:00.000Z',
    });
  });

  test('begins as it was said, and ends at the last midnight, or now where it began today', () => {
    expect(windowOf({ from: '2026-05-30' })).toEqual({
      from: '2026-05-30T00:00:00.000Z',
      to: '2026-05-31T00:00:00.000Z',
    });
    expect(windowOf({ from: '2026-05-31' })).toEqual({
      from: '2026-05-31T00:00:00.000Z',
      to: '2026-05-31T14:03:27.411Z',
    });
  });

  test('is refused with a sentence where it says too much, or nothing', () => {
    expect(windowOf({ from: '2026-01-01', months: '3' })).toContain('the same thing twice');
    expect(windowOf({ months: '0' })).toContain('--months');
    expect(windowOf({ to: 'yesterday' })).toContain('a time is written like');
  });

  test('ends now of the reports that speak of what is there now, and of no others', () => {
    const upToNow = REPORT_KINDS.filter((kind) => {
      const about = { incident: 'inc-0001', review: 'campaign-0001' };
      const request = readReportRequest(kind, typing(about), { now: NOW });
      if (typeof request === 'string') throw new Error(request);
      return request.window.to === new Date(NOW).toISOString();
    });
    expect(upToNow).toEqual(['soc2-type1', 'incident', 'access-review']);
  });
});
