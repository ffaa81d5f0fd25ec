import { describe, expect, it, test } from 'vitest';
import { addMonths, startOfDay } from '#shared/calendar.ts';

const added = (time: string, months: number) => new Date(addMonths(Date.parse(time), months)).toISOString();

describe('calendar months added to a moment', () => {
  it.each([
    ['2026-03-15T12:34:56.789Z', 1, '2026-04-15T12:34:56.789Z'],
    ['2026-03-15T12:34:56.789Z', -3, '2025-12-15T12:34:56.789Z'],
    ['2026-12-31T23:59:59.999Z', 12, '2027-12-31T23:59:59.999Z'],
    ['2026-03-15T00:00:00.000Z', 0, '2026-03-15T00:00:00.000Z'],
    ['2026-11-20T08:00:00.000Z', -120, '2016-11-20T08:00:00.000Z'],
  ])('%s and %i are %s', (time, months, sum) => expect(added(time, months)).toBe(sum));

  it.each([
    ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
    ['2026-01-31T10:00:00.000Z', 2, '2026-03-31T10:00:00.000Z'],
    ['2028-01-31T10:00:00.000Z', 1, '2028-02-29T10:00:00.000Z'],
    ['2028-02-29T10:00:00.000Z', 12, '2029-02-28T10:00:00.000Z'],
    ['2100-01-30T10:00:00.000Z', 1, '2100-02-28T10:00:00.000Z'],
    ['2026-05-31T10:00:00.000Z', -3, '2026-02-28T10:00:00.000Z'],
    ['2026-12-31T10:00:00.000Z', -1, '2026-11-30T10:00:00.000Z'],
  ])('end on the last day of a shorter month: %s and %i are %s', (time, months, sum) =>
    expect(added(time, months)).toBe(sum),
  );

  it.each([
    ['1970-03-31T18:00:00.000Z', -2, '1970-01-31T18:00:00.000Z'],
    ['1970-01-31T18:00:00.000Z', -2, '1969-11-30T18:00:00.000Z'],
    ['0050-03-31T06:00:00.000Z', -1, '0050-02-28T06:00:00.000Z'],
  ])('hold before 1970 and in the first century: %s and %i are %s', (time, months, sum) =>
    expect(added(time, months)).toBe(sum),
  );
});

test.each([
  ['2026-03-15T12:34:56.789Z', '2026-03-15T00:00:00.000Z'],
  ['2026-03-15T00:00:00.000Z', '2026-03-15T00:00:00.000Z'],
  ['1969-12-31T23:00:00.000Z', '1969-12-31T00:00:00.000Z'],
])('the day of %s began at %s', (time, midnight) => {
  expect(new Date(startOfDay(Date.parse(time))).toISOString()).toBe(midnight);
});
