import { describe, expect, it } from 'vitest';
import { type CaseResult, formatReport, positionOf, readReliability, tabulate } from '#main/cli/bench-rca/scorecard.ts';
import type { Ranking } from '#main/investigation/analysis/model.ts';

function rankingOf(scores: Readonly<Record<string, number>>): Ranking {
  const ranked = Object.entries(scores).map(([service, score]) => ({
    service,
    score,
    confidence: score / 10,
    detector: 'latency' as const,
    reasons: [],
    against: [],
  }));
  return {
    method: { name: 'test', version: '0' },
    ranked,
    rankedWithoutChanges: [],
    abstained: false,
    threshold: 0.5,
    needed: [],
    considered: ranked.length,
  };
}

const caseOf = (more: Partial<CaseResult>): CaseResult => ({
  id: 'case',
  folder: '/case',
  system: 'shop',
  faultFamily: 'cpu',
  healthy: false,
  position: 1,
  abstained: false,
  alarm: true,
  seconds: 0.5,
  rootCause: ['a'],
  ranking: [{ service: 'a', score: 3, confidence: 0.9 }],
  ...more,
});

describe('positionOf', () => {
  it('counts ties against us', () => {
    expect(positionOf(rankingOf({ a: 3, b: 3, c: 1 }), ['a'])).toBe(2);
    expect(positionOf(rankingOf({ a: 3, b: 2, c: 1 }), ['a'])).toBe(1);
    expect(positionOf(rankingOf({ a: 0, b: 0, c: 0 }), ['b'])).toBe(3);
  });

  it('takes the best of several true causes, which do not tie with one another', () => {
    expect(positionOf(rankingOf({ a: 3, b: 2, c: 2 }), ['b', 'c'])).toBe(2);
    expect(positionOf(rankingOf({ a: 3 }), ['z'])).toBeUndefined();
  });
});

describe('tabulate', () => {
  const results = [
    caseOf({}),
    caseOf({ position: 3, abstained: true, alarm: false }),
    caseOf({ position: undefined }),
    caseOf({ faultFamily: 'healthy', healthy: true, position: undefined, rootCause: [] }),
    caseOf({ faultFamily: 'healthy', healthy: true, position: undefined, alarm: false, rootCause: [] }),
  ];
  const rows = tabulate(results);

  it('has a row per family, per system and in total', () => {
    expect(rows.map(({ system, faultFamily }) => `${system}/${faultFamily}`)).toEqual([
      'shop/cpu',
      'shop/healthy',
      'shop/all',
      'total/all',
    ]);
  });

  it('counts only faulty cases for accuracy and only healthy ones for false alarms', () => {
    const total = rows.at(-1);
    expect(total?.cases).toBe(3);
    expect(total?.ac1).toBeCloseTo(1 / 3, 9);
    expect(total?.ac3).toBeCloseTo(2 / 3, 9);
    expect(total?.avg5).toBeCloseTo((1 / 3 + 1 / 3 + 2 / 3 + 2 / 3 + 2 / 3) / 5, 9);
    expect(total?.abstentions).toBe(1);
    expect([total?.healthy, total?.falseAlarms]).toEqual([2, 1]);
  });

  it('prints a table and the reliability of the confidence', () => {
    const bins = readReliability(results);
    expect(bins.at(-1)).toMatchObject({ cases: 5, right: 1 });
    const text = formatReport(rows, bins);
    expect(text).toContain('AC@1');
    expect(text).toContain('1 (50 %)');
    expect(text).toContain('0.8–1.0');
  });
});
