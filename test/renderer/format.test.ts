import { describe, expect, test } from 'vitest';
import { resourceOfArn, shortDigest } from '#renderer/format/digests.ts';
import { formatAmount, formatBytes, formatCount, formatPlural, formatRatio } from '#renderer/format/numbers.ts';
import {
  formatAge,
  formatAgo,
  formatCountdown,
  formatElapsed,
  formatLocalShort,
  formatUtc,
  spellCountdown,
} from '#renderer/format/times.ts';

describe('numbers', () => {
  test('counts are grouped, and one is one', () => {
    expect(formatCount(1_000_000)).toBe('1,000,000');
    expect(formatPlural(1, 'record')).toBe('1 record');
    expect(formatPlural(0, 'record')).toBe('0 records');
    expect(formatPlural(2, 'entry', 'entries')).toBe('2 entries');
  });

  test.each([
    ['0.8642', '86 %'],
    ['0', '0 %'],
    ['1', '100 %'],
    ['0.9999', '> 99 %'],
    ['0.0001', '< 1 %'],
  ])('a confidence of %s reads %s: certainty is not rounded up to', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text);
  });

  test('bytes use binary units', () => {
    expect([0, 1023, 1024, 1_048_576, 5_368_709_120].map(formatBytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.0 MiB',
      '5.0 GiB',
    ]);
  });

  test('measured values have four significant digits and their unit', () => {
    expect(formatAmount(2410.4567, 'Milliseconds')).toBe('2,410 ms');
    expect(formatAmount(0.123456, 'Seconds')).toBe('0.1235 s');
    expect(formatAmount(17, 'Count')).toBe('17');
    expect(formatAmount(Number.NaN, 'Percent')).toBe('– %');
  });
});

describe('times', () => {
  test.each([
    [0, 'just now'],
    [12_000, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [119 * 60_000, '119 min'],
    [121 * 60_000, '2 h'],
    [49 * 3_600_000, '2 d'],
  ])('%i ms ago reads %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });

  test('ago is not said twice', () => {
    expect(formatAgo(1000)).toBe('just now');
    expect(formatAgo(30_000)).toBe('30 s ago');
  });

  test('a countdown shows 0:00 only when nothing is left, and is never negative', () => {
    expect(formatCountdown(1)).toBe('0:01');
    expect(formatCountdown(0)).toBe('0:00');
    expect(formatCountdown(-5000)).toBe('0:00');
    expect(formatCountdown(702_000)).toBe('11:42');
    expect(formatCountdown(3_729_000)).toBe('1:02:09');
  });

  test('the countdown can be read out', () => {
    expect(spellCountdown(702_000)).toBe('11 min 42 s');
    expect(spellCountdown(-1)).toBe('no time');
  });

  test('UTC keeps its milliseconds and says so', () => {
    expect(formatUtc(new Date('2026-11-20T10:09:31.402Z'))).toBe('2026-11-20 10:09:31.402 UTC');
  });

  test('a time in a list is as short as the day allows', () => {
    const now = new Date(2026, 10, 20, 12, 0, 0);
    expect(formatLocalShort(new Date(2026, 10, 20, 0, 5, 9, 7), now)).toBe('00:05:09.007');
    expect(formatLocalShort(new Date(2026, 10, 19, 23, 59, 59), now)).toBe('Nov 19 23:59:59');
    expect(formatLocalShort(new Date(2025, 10, 20, 12, 0, 0), now)).toBe('2025-11-20 12:00');
  });

  test('elapsed times grow their unit', () => {
    expect([38, 4100, 130_000].map(formatElapsed)).toEqual(['38 ms', '4.1 s', '2 min 10 s']);
  });
});

describe('digests', () => {
  test('a hash keeps both its ends; short values stay whole', () => {
    expect(shortDigest('4be190c7'.padEnd(60, '0').concat('e5d2'))).toBe('4be190c7…e5d2');
    expect(shortDigest('5c1e90aa00112233')).toBe('5c1e90aa00112233');
  });

  test('an ARN is called by its resource', () => {
    expect(resourceOfArn('arn:aws:ecs:us-east-1:123456789012:task-definition/checkout:41')).toBe(
      'task-definition/checkout:41',
    );
    expect(resourceOfArn('not an arn')).toBe('not an arn');
  });
});
