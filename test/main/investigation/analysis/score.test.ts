import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evidenceOf,
  floorScaledScore,
  median,
  quantileSorted,
  robustBaseline,
  roundTo,
  SCORE_LIMIT,
  unitFloor,
} from '#main/investigation/analysis/score.ts';

describe('quantiles', () => {
  it('interpolates and is total', () => {
    expect(quantileSorted([], 0.5)).toBe(0);
    expect(quantileSorted([7], 0.9)).toBe(7);
    expect(quantileSorted([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });
});

describe('robustBaseline', () => {
  it('takes the largest of interquartile range, 1 % of the median, 0.1 sd and the floor', () => {
    expect(robustBaseline([1, 2, 3, 4, 5], 0).scale).toBe(2);
    expect(robustBaseline([1000, 1000, 1000, 1000], 0).scale).toBe(10);
    expect(robustBaseline([0, 0, 0, 0], 1).scale).toBe(1);
    const spiky = [...Array.from({ length: 99 }, () => 0), 1000];
    expect(robustBaseline(spiky, 0).scale).toBeCloseTo(9.95, 2);
  });

  it('is not moved by a few wild values', () => {
    const calm = Array.from({ length: 100 }, (_, i) => 50 + (i % 5));
    const wild = [...calm.slice(0, 95), 1e6, 1e6, 1e6, 1e6, 1e6];
    expect(robustBaseline(wild, 0).median).toBe(robustBaseline(calm, 0).median);
  });
});

describe('floorScaledScore', () => {
  it('counts scales from the median, with a sign and a limit', () => {
    expect(floorScaledScore(30, { median: 10, scale: 5 })).toBe(4);
    expect(floorScaledScore(0, { median: 10, scale: 5 })).toBe(-2);
    expect(floorScaledScore(1e12, { median: 0, scale: 1 })).toBe(SCORE_LIMIT);
  });

  it('is finite and bounded for any history', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), number, (history, level) => {
        const score = floorScaledScore(level, robustBaseline(history, unitFloor('None')));
        expect(Number.isFinite(score)).toBe(true);
        expect(Math.abs(score)).toBeLessThanOrEqual(SCORE_LIMIT);
      }),
    );
  });
});

describe('evidence and rounding', () => {
  it('grows with the score and is never negative', () => {
    expect(evidenceOf(-5)).toBe(0);
    expect(evidenceOf(0)).toBe(0);
    expect(evidenceOf(10)).toBeGreaterThan(evidenceOf(3));
  });

  it('rounds without a negative zero', () => {
    expect(Object.is(roundTo(-0.00001, 4), 0)).toBe(true);
    expect(roundTo(1.23456, 4)).toBe(1.2346);
  });
});
