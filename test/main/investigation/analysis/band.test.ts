import { describe, expect, it } from 'vitest';
import { usualBand } from '#main/investigation/analysis/band.ts';
import { HOUR, MINUTE, makeSeries, START, stepUp } from '../../../support/telemetry.ts';

const range = { historyUntil: START, from: START - HOUR, to: START + 15 * MINUTE };

describe('usualBand', () => {
  it('holds what is usual and leaves out what is not', () => {
    const series = makeSeries({ service: 'web', kind: 'latency', usual: 100, add: stepUp(80) });
    const band = usualBand(series, range);
    expect(band).toHaveLength(76);
    band.forEach(({ time, low, high }) => {
      const value = series.values[series.times.indexOf(time)] ?? Number.NaN;
      expect(value >= low && value <= high).toBe(time < START);
    });
  });

  it('follows the hour of the day with two days of history', () => {
    const day = 24 * HOUR;
    const daily = (time: number) => 50 * Math.sin((2 * Math.PI * (time % day)) / day);
    const series = makeSeries({ service: 'web', kind: 'cpu', usual: 100, noise: 0.02, add: daily, hoursBefore: 80 });
    const band = usualBand(series, { historyUntil: START, from: START - 12 * HOUR, to: START });
    const widest = Math.max(...band.map(({ low, high }) => high - low));
    expect(widest).toBeLessThan(40);
    const inside = band.filter(({ time, low, high }) => {
      const value = series.values[series.times.indexOf(time)] ?? Number.NaN;
      return value >= low && value <= high;
    });
    expect(inside.length / band.length).toBeGreaterThan(0.97);
  });

  it('is empty without history and never negative for what never is', () => {
    const short = makeSeries({ service: 'web', kind: 'errors', usual: 1, hoursBefore: 0 });
    expect(usualBand(short, range)).toEqual([]);
    const errors = makeSeries({ service: 'web', kind: 'errors', usual: 0.2, noise: 1 });
    expect(usualBand(errors, range).every(({ low }) => low >= 0)).toBe(true);
  });
});
