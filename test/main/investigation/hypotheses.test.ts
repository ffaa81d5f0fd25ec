import { describe, expect, it } from 'vitest';
import type { RankedService, Ranking } from '#main/investigation/analysis/model.ts';
import { citedDigests, toHypotheses, toRatio } from '#main/investigation/hypotheses.ts';
import { toDecimal } from '#main/investigation/post-check.ts';
import { Hypothesis, Ratio } from '#shared/model/investigation.ts';

const cite = (digest: string) => ({ digest: digest.repeat(64), pointer: '/a', from: 0, to: 1 });
const claim = (digest: string) => ({ kind: 'metric-level', text: `claim ${digest}`, citations: [cite(digest)] });
const ranked = (service: string, confidence: number, more: Partial<RankedService> = {}): RankedService => ({
  service,
  score: confidence,
  confidence,
  detector: 'latency',
  reasons: [claim('a'), claim('b')],
  against: [],
  ...more,
});
const ranking = (...list: RankedService[]): Ranking => ({
  method: { name: 'test', version: '1' },
  ranked: list,
  rankedWithoutChanges: list.map(({ service }) => service).reverse(),
  abstained: false,
  threshold: 0.4,
  needed: [],
  considered: list.length,
});

describe('toHypotheses', () => {
  it('names the metric of its own that the first reason cites', () => {
    const series = (service: string, key: string, digest: string) => ({
      service,
      key,
      source: [{ digest: digest.repeat(64), pointer: '/a', firstRow: 0, count: 1 }],
    });
    const all = [series('b', 'b.latency', 'a'), series('a', 'a.cpu', 'b'), series('a', 'a.latency', 'a')];
    expect(toHypotheses(ranking(ranked('a', 0.9)), all, () => true)[0]?.metric).toBe('a.latency');
    expect(toHypotheses(ranking(ranked('c', 0.9)), all, () => true)[0]).not.toHaveProperty('metric');
  });

  it('leaves out a claim whose citation does not resolve', () => {
    const [first] = toHypotheses(ranking(ranked('a', 0.9)), [], ({ digest }) => digest.startsWith('a'));
    expect(first?.for.map(({ text }) => text)).toEqual(['claim a']);
    expect(Hypothesis.parse(first)).toEqual(first);
    expect(first === undefined ? [] : citedDigests(first)).toEqual(['a'.repeat(64)]);
  });

  it('keeps competing causes near the threshold and drops the hopeless', () => {
    const shown = toHypotheses(ranking(ranked('a', 0.6), ranked('b', 0.3), ranked('c', 0.05)), [], () => true);
    expect(shown.map(({ service, rank }) => [service, rank])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  it('says against a cause that only a change puts it first', () => {
    const [first] = toHypotheses(ranking(ranked('a', 0.6), ranked('b', 0.3)), [], () => true);
    expect(first?.against.map(({ text }) => text)).toEqual([
      'Without the change, telemetry alone puts a in place 2 instead of 1.',
    ]);
  });
});

describe('numbers in records', () => {
  it.each([0, 0.12345, 0.99999, 1, 1.7, -3])('writes %d as a ratio', (value) => {
    expect(() => Ratio.parse(toRatio(value))).not.toThrow();
  });

  it.each([
    [1.5, '1.5'],
    [100, '100'],
    [-0.0000001, '0'],
    [1e-6, '0.000001'],
    [1234.56789, '1234.56789'],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [1e20, null],
  ])('writes %d as the decimal %s', (value, text) => expect(toDecimal(value)).toBe(text));
});
