import { describe, expect, test } from 'vitest';
import { duration } from '#main/compliance/reports/blocks/cells.ts';
import { shortSeqs } from '#main/compliance/reports/blocks/control-blocks.ts';
import { joinPeriods } from '#main/compliance/reports/blocks/join-periods.ts';
import { clockOf, runsOutAt, sayLimit } from '#main/compliance/reports/clocks.ts';
import { comparePages } from '#main/compliance/reports/compare-pages.ts';

const until = (start: string, ...[framework, id]: Parameters<typeof clockOf>) =>
  new Date(runsOutAt(Date.parse(start), clockOf(framework, id).limit)).toISOString();

describe('clocks of the laws', () => {
  test('a month ends on its last day where it has no such day', () => {
    expect(until('2026-01-31T10:00:00.000Z', 'gdpr', 'gdpr-request')).toBe('2026-02-28T10:00:00.000Z');
    expect(until('2028-02-29T10:00:00.000Z', 'kvkk', 'kvkk-disposal-records')).toBe('2031-02-28T10:00:00.000Z');
  });

  test('hours and days are of 24 hours', () => {
    expect(until('2026-01-30T10:00:00.000Z', 'gdpr', 'gdpr-breach')).toBe('2026-02-02T10:00:00.000Z');
    expect(until('2026-01-31T10:00:00.000Z', 'kvkk', 'kvkk-request')).toBe('2026-03-02T10:00:00.000Z');
    expect(until('2026-01-31T10:00:00.000Z', 'lgpd', 'lgpd-access')).toBe('2026-02-15T10:00:00.000Z');
  });

  test('working days pass over Saturday and Sunday', () => {
    expect(until('2026-03-04T09:00:00.000Z', 'lgpd', 'lgpd-breach')).toBe('2026-03-09T09:00:00.000Z'); // Wednesday
    expect(until('2026-03-07T09:00:00.000Z', 'lgpd', 'lgpd-breach')).toBe('2026-03-11T09:00:00.000Z'); // Saturday
    expect(sayLimit(clockOf('lgpd', 'lgpd-breach').limit)).toBe('3 working days');
    expect(() => clockOf('gdpr', 'none')).toThrow('gdpr has no clock none');
  });

  test('durations are told in what says enough', () => {
    expect([900, 59_000, 61_000, 7_200_000, 180_000_000].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '2 h 0 min',
      '2 days 2 h',
    ]);
  });
});

test('a list of record numbers that is too long for a cell is cut between two entries', () => {
  const whole = 'and further ones; the root stands for all of them';
  const list = (...entries: readonly string[]) => entries.join(',');
  const entries = Array.from({ length: 800 }, (_, at) => `${1000 + 2 * at}`); // each 4 characters, and a comma
  expect(list(...entries)).toHaveLength(3999);
  expect(shortSeqs(list(...entries))).toBe(list(...entries));
  const fits = list(...entries.slice(0, -1), '12345'); // 4,000 characters
  expect(shortSeqs(fits)).toBe(fits);
  expect(shortSeqs(list(fits, '20000-20009'))).toBe(`${fits}, ${whole}`);
  expect(shortSeqs(list(...entries.slice(0, -1), '123456', '20000'))).toBe(
    `${list(...entries.slice(0, -1))}, ${whole}`,
  );
  expect(shortSeqs(null)).toBe('too many to list; the root stands for them');
});

test('joined periods tell the worst, and count all', () => {
  const period = (day: number, count: number, state: 'met' | 'missed' | 'not-due') => ({
    from: `2026-01-0${day}T00:00:00.000Z`,
    to: `2026-01-0${day + 1}T00:00:00.000Z`,
    count,
    state,
  });
  const periods = [
    period(1, 2, 'met'),
    period(2, 0, 'missed'),
    period(3, 1, 'met'),
    period(4, 3, 'met'),
    period(5, 0, 'not-due'),
  ];
  expect(joinPeriods(periods, 5)).toEqual(periods);
  expect(joinPeriods(periods, 3)).toEqual([
    { from: periods[0]?.from, to: periods[1]?.to, count: 2, state: 'missed' },
    { from: periods[2]?.from, to: periods[3]?.to, count: 4, state: 'met' },
    { from: periods[4]?.from, to: periods[4]?.to, count: 0, state: 'not-due' },
  ]);
});

describe('what two pages show', () => {
  const page = (cell: string, more = '') =>
    `<!doctype html><style>p{}</style><h1>Report</h1><h2><span>1</span>Controls</h2><table><tr><th>Control</th></tr><tr><td>AC-01</td><td>${cell}</td></tr></table>${more}<script type="application/json">{"a":"${cell}"}</script>`;

  test('is the same where only what is not seen differs', () => {
    expect(comparePages(page('4'), page('4').replace('<h1>', '<h1 class="x">'))).toEqual([]);
    expect(comparePages(page('a &amp; b&#x27;s'), page('a &#38; b’s'.replace('’', '&#39;')))).toEqual([]);
  });

  test('is named by heading and row', () => {
    expect(comparePages(page('4'), page('5'))).toEqual([
      { where: 'Under “1 Controls”, in the row “AC-01”', page: '4', drawn: '5' },
    ]);
    expect(comparePages(page('4').replace('Report', 'Draft'), page('5')).map(({ page: shown }) => shown)).toEqual([
      'Draft',
      '4',
    ]);
  });

  test('more or less of it is told as a whole', () => {
    expect(comparePages(page('4', '<p>Approved.</p><p>By nobody.</p>'), page('4'))).toEqual([
      { where: expect.stringContaining('“1 Controls”'), page: 'Approved. By nobody.', drawn: 'nothing' },
    ]);
    expect(comparePages('', page('4'))).toMatchObject([{ page: 'nothing' }]);
  });

  test('is read in one pass, whatever was done to it', () => {
    const hostile = `${'<'.repeat(50_000)}${'<style'.repeat(5_000)}${'<!--'.repeat(5_000)}`;
    const started = performance.now();
    expect(comparePages(hostile, page('4')).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
