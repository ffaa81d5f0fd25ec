import { describe, expect, it } from 'vitest';
import { effectOfChanges } from '#main/investigation/analysis/changes.ts';
import { citeLines, citeRange } from '#main/investigation/analysis/citations.ts';
import { confidences, presence, THRESHOLD } from '#main/investigation/analysis/confidence.ts';
import { measureSeries } from '#main/investigation/analysis/measure.ts';
import { findOnset } from '#main/investigation/analysis/onset.ts';
import { cleanPoints, slicePoints } from '#main/investigation/analysis/window.ts';
import { formatAmount, formatDuration, formatNumber } from '#main/investigation/analysis/wording.ts';
import { HOUR, MINUTE, makeChange, makeLogs, makeSeries, START, stepUp } from '../../../support/telemetry.ts';

const SIGNAL = { service: 'web', kind: 'latency', startedAt: START, observedUntil: START + 15 * MINUTE } as const;

describe('citeRange', () => {
  const source = [
    { digest: 'a', pointer: '/p', firstRow: 100, count: 10 },
    { digest: 'b', pointer: '/p', firstRow: 0, count: 5 },
  ];
  it('follows a series across stored pages', () => {
    expect(citeRange(source, 2, 4)).toEqual([{ digest: 'a', pointer: '/p', from: 102, to: 104 }]);
    expect(citeRange(source, 8, 12)).toEqual([
      { digest: 'a', pointer: '/p', from: 108, to: 110 },
      { digest: 'b', pointer: '/p', from: 0, to: 2 },
    ]);
    expect(citeRange(source, 15, 20)).toEqual([]);
  });

  it('joins neighbouring log lines', () => {
    const lines = makeLogs('db', 'x', START, START + 6 * MINUTE);
    const [a, b, , d] = lines;
    expect(citeLines([a, b, d].filter((line) => line !== undefined)).map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [3, 4],
    ]);
  });
});

describe('slicePoints', () => {
  const slice = (step: number, startedAt = START, until = START + 15 * MINUTE) => {
    const points = cleanPoints(makeSeries({ service: 'web', kind: 'latency', usual: 1, step }));
    return { points, ...slicePoints(points, { startedAt, observedUntil: until }) };
  };

  it('begins with the first point that lies mostly after the start', () => {
    const { points, window } = slice(5 * MINUTE, START + 3 * MINUTE);
    expect(points.times[window.from]).toBe(START + 5 * MINUTE);
  });

  it('reaches back when there are too few points yet, and never past what was observed', () => {
    const { points, window } = slice(MINUTE, START, START);
    expect(window.to - window.from).toBeGreaterThanOrEqual(3);
    expect(points.times[window.to - 1]).toBe(START);
  });

  it('keeps history, what was just before, and the window apart', () => {
    const { history, before, window } = slice(MINUTE);
    expect(history.to).toBeLessThanOrEqual(before.from);
    expect(before.to).toBe(window.from);
  });
});

describe('findOnset', () => {
  const onsetOf = (from: number) => {
    const series = makeSeries({ service: 'web', kind: 'memory', usual: 40, add: stepUp(30, from) });
    const measured = measureSeries(series, SIGNAL);
    return measured === undefined ? undefined : findOnset(measured);
  };
  it('finds the beginning before, at and after the start, and nothing in usual values', () => {
    expect(onsetOf(START - 20 * MINUTE)).toBe(START - 20 * MINUTE);
    expect(onsetOf(START)).toBe(START);
    expect(onsetOf(START + 3 * MINUTE)).toBe(START + 3 * MINUTE);
    expect(onsetOf(START + HOUR)).toBeUndefined();
  });
});

describe('effectOfChanges', () => {
  it('counts a change the more the nearer it is before the onset', () => {
    const factor = (lead: number) => effectOfChanges([makeChange('web', START - lead)], SIGNAL, START, MINUTE).factor;
    expect(factor(MINUTE)).toBeGreaterThan(factor(HOUR));
    expect(factor(HOUR)).toBeGreaterThan(1);
    expect(factor(25 * HOUR)).toBe(1);
    expect(factor(-10 * MINUTE)).toBe(1);
  });

  it('gives what usually follows a fault less weight', () => {
    const factor = (kind: 'deployment' | 'scaling' | 'task-stopped') =>
      effectOfChanges([makeChange('web', START - MINUTE, kind)], SIGNAL, START, MINUTE).factor;
    expect(factor('scaling')).toBeLessThan(factor('deployment'));
    expect(factor('task-stopped')).toBeLessThan(factor('scaling'));
  });

  it('measures from the onset, so that a slow leak finds the deployment hours before the alarm', () => {
    const early = makeChange('web', START - 5 * HOUR);
    const recent = { ...makeChange('web', START - 10 * MINUTE), kind: 'config' } as const;
    expect(effectOfChanges([early, recent], SIGNAL, START - 5 * HOUR + 10 * MINUTE, MINUTE).change).toBe(early);
  });
});

describe('confidences', () => {
  it('sums to the presence, orders like the scores and stays under one', () => {
    const values = confidences([3, 1, 0], 2);
    expect(values[0]).toBeGreaterThan(values[1] ?? 1);
    expect(values[2]).toBe(0);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(presence(3, 2), 3);
    expect(presence(1000, 1000)).toBeLessThan(1);
  });

  it('is unsure between two equals and believes a loud service less when the signal is quiet', () => {
    expect(confidences([3, 3], 3)[0]).toBeLessThan(THRESHOLD);
    expect(presence(1, 0)).toBeLessThan(presence(1, 1));
    expect(presence(0, 0)).toBeLessThan(0.2);
    expect(confidences([], undefined)).toEqual([]);
  });
});

describe('wording', () => {
  it('writes numbers the same in every locale', () => {
    expect(formatNumber(1234.567)).toBe('1235');
    expect(formatNumber(0.000123456)).toBe('0.0001235');
    expect(formatNumber(Number.NaN)).toBe('0');
    expect(formatAmount(91.234, 'Percent')).toBe('91.23 %');
    expect(formatAmount(3, 'Count')).toBe('3');
    expect(formatDuration(20_000)).toBe('less than a minute');
    expect(formatDuration(5 * HOUR)).toBe('5 h');
  });
});
