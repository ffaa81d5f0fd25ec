import { describe, expect, it } from 'vitest';
import { judgeRecovery } from '#main/investigation/analysis/recovery.ts';
import { HOUR, MINUTE, makeSeries, START } from '../../../support/telemetry.ts';

const EXECUTED = START + 15 * MINUTE;
const UNTIL = START + 30 * MINUTE;
const check = (add: (time: number) => number, more: Partial<Parameters<typeof makeSeries>[0]> = {}, until = UNTIL) =>
  judgeRecovery({
    series: makeSeries({ service: 'web', kind: 'latency', usual: 100, add, minutesAfter: 60, ...more }),
    startedAt: START,
    executedAt: EXECUTED,
    checkedUntil: until,
  });
const during = (time: number) => time >= START && time < EXECUTED;

describe('judgeRecovery', () => {
  it('sees a metric come back', () => {
    const result = check((time) => (during(time) ? 400 : 0));
    expect(result.verdict).toBe('recovered');
    expect(result.before).toBeGreaterThan(480);
    expect(result.after).toBeLessThan(result.usual.high);
    expect(result.points).toBeGreaterThanOrEqual(3);
  });

  it('sees one that does not', () => {
    expect(check((time) => (time >= START ? 400 : 0)).verdict).toBe('not-recovered');
  });

  it('does not call half the way a recovery', () => {
    expect(check((time) => (during(time) ? 400 : time >= EXECUTED ? 150 : 0)).verdict).toBe('not-recovered');
  });

  it('sees a relapse inside the time checked', () => {
    const relapse = START + 20 * MINUTE;
    expect(check((time) => (during(time) || time >= relapse ? 400 : 0)).verdict).toBe('not-recovered');
  });

  it('forgives the minutes in which old tasks still drain', () => {
    expect(check((time) => (time >= START && time < EXECUTED + 4 * MINUTE ? 400 : 0)).verdict).toBe('recovered');
  });

  it('says unknown rather than recovered: no points, no history, or usual all along', () => {
    const spike = (time: number) => (during(time) ? 400 : 0);
    expect(check(spike, {}, EXECUTED + MINUTE).verdict).toBe('unknown');
    expect(check(spike, { missing: (time) => time >= EXECUTED }).verdict).toBe('unknown');
    expect(check(spike, { hoursBefore: 0 }).verdict).toBe('unknown');
    expect(check(() => 0).verdict).toBe('unknown');
  });

  it('knows that availability is worse when lower', () => {
    const drop = (time: number) => (during(time) ? -40 : 0);
    const availability = { kind: 'availability', usual: 100, noise: 0.001 } as const;
    expect(check(drop, availability).verdict).toBe('recovered');
    expect(check((time) => (time >= START ? -40 : 0), availability).verdict).toBe('not-recovered');
  });

  it('works on five-minute data', () => {
    const five = { step: 5 * MINUTE, hoursBefore: 24 };
    expect(check((time) => (during(time) ? 400 : 0), five).verdict).toBe('recovered');
    expect(check((time) => (time >= START ? 400 : 0), five).verdict).toBe('not-recovered');
  });

  it('is total on an empty series', () => {
    const series = { ...makeSeries({ service: 'web', kind: 'latency', usual: 1 }), times: [], values: [], source: [] };
    const result = judgeRecovery({ series, startedAt: START, executedAt: EXECUTED, checkedUntil: EXECUTED + HOUR });
    expect(result.verdict).toBe('unknown');
    expect(Number.isFinite(result.usual.low) && Number.isFinite(result.usual.high)).toBe(true);
  });
});
