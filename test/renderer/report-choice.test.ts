import { describe, expect, test } from 'vitest';
import { groupCriteria, toggleAll, toggleOne } from '#renderer/features/compliance/reports/criteria-model.ts';
import {
  beginChoice,
  type ChoiceFacts,
  isProblem,
  type ReportChoice,
  requestOf,
  windowOf,
} from '#renderer/features/compliance/reports/report-choice.ts';
import { describeRequest } from '#renderer/features/compliance/reports/request-words.ts';
import { ReportRequest } from '#shared/model/report.ts';
import { LITTLE } from './support/compliance-sample.ts';
import { sampleFramework, sampleReviews } from './support/control-sample.ts';

const NOW = Date.parse('2026-08-31T14:30:45.123Z');
const [review] = sampleReviews(LITTLE);
if (review === undefined) throw new Error('the sample has no review');
const FACTS: ChoiceFacts = {
  now: NOW,
  zone: 'Europe/Istanbul',
  incidents: [
    {
      id: 'inc-0007',
      title: 'Checkout is slow in the demonstration',
      severity: 'high',
      status: 'resolved',
      source: { kind: 'eventbridge', alarmName: 'p95', payloadDigest: 'ab'.repeat(32), account: null, region: null },
      environment: 'sandbox',
      signal: { service: 'checkout', metric: 'latency', kind: 'latency' },
      startedAt: '2026-08-20T23:58:00.000Z',
      openedAt: '2026-08-21T00:01:00.000Z',
      investigation: null,
    },
  ],
  reviews: [{ ...review, id: 'AR-1', opened: '2026-07-01T09:00:00.000Z', closed: '2026-07-09T16:00:00.000Z' }],
};
const choose = (change: Partial<ReportChoice>): ReportChoice => ({ ...beginChoice(NOW), ...change });
const windowFor = (change: Partial<ReportChoice>) => {
  const asked = requestOf(choose(change), FACTS);
  return isProblem(asked) ? asked.text : asked.window;
};
const missing = (change: Partial<ReportChoice>) => {
  const asked = requestOf(choose(change), FACTS);
  return isProblem(asked) ? asked.at : null;
};

describe('an observation window', () => {
  test('of months ends with yesterday and begins on the same day of the month, or the last one it has', () => {
    expect(windowOf({ span: 3, from: '', to: '' }, NOW)).toEqual({
      from: '2026-05-31T00:00:00.000Z',
      to: '2026-08-31T00:00:00.000Z',
    });
    expect(windowOf({ span: 6, from: '', to: '' }, NOW)).toMatchObject({ from: '2026-02-28T00:00:00.000Z' });
    expect(windowOf({ span: 12, from: '', to: '' }, Date.parse('2028-02-29T00:00:00.000Z'))).toMatchObject({
      from: '2027-02-28T00:00:00.000Z',
    });
  });

  test('of own dates holds its last day whole, and never reaches beyond this minute', () => {
    expect(windowOf({ span: 'own', from: '2026-01-01', to: '2026-06-30' }, NOW)).toEqual({
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-07-01T00:00:00.000Z',
    });
    expect(windowOf({ span: 'own', from: '2026-08-31', to: '2026-12-31' }, NOW)).toEqual({
      from: '2026-08-31T00:00:00.000Z',
      to: '2026-08-31T14:30:00.000Z',
    });
  });

  test.each([
    ['', '2026-06-30', 'first day'],
    ['2026-01-01', '', 'last day'],
    ['2026-02-02', '2026-02-01', 'before its first'],
    ['2026-09-01', '2026-09-30', 'not begun'],
    ['2026-02-31', 'x', 'day'],
  ])('from “%s” to “%s” cannot be taken', (from, to, why) => {
    expect(windowOf({ span: 'own', from, to }, NOW)).toContain(why);
  });
});

describe('a choice becomes a request', () => {
  test('that the contract takes, of each kind, with nothing its kind does not have', () => {
    const full = {
      incident: 'inc-0007',
      campaign: 'AR-1',
      sampled: true,
      number: '4711',
      criteria: [{ framework: 'soc2', id: 'CC6.1' }] as const,
    };
    const kinds = ['soc2-type1', 'soc2-type2', 'incident', 'access-review', 'approvals'] as const;
    const requests = kinds.map((kind) => ReportRequest.parse(requestOf(choose({ ...full, kind }), FACTS)));
    expect(requests.map((request) => Object.keys(request).sort())).toEqual([
      ['criteria', 'disclose', 'kind', 'window', 'zone'],
      ['criteria', 'disclose', 'kind', 'sample', 'window', 'zone'],
      ['disclose', 'incident', 'kind', 'window', 'zone'],
      ['campaign', 'disclose', 'kind', 'window', 'zone'],
      ['disclose', 'kind', 'window', 'zone'],
    ]);
  });

  test('with the time of what it is about', () => {
    expect(windowFor({ kind: 'incident', incident: 'inc-0007' })).toEqual({
      from: '2026-08-20T00:00:00.000Z',
      to: '2026-08-31T14:30:00.000Z',
    });
    expect(windowFor({ kind: 'access-review', campaign: 'AR-1' })).toEqual({
      from: '2026-07-01T00:00:00.000Z',
      to: '2026-07-10T00:00:00.000Z',
    });
    expect(windowFor({ kind: 'soc2-type1', date: '2026-07-31' })).toMatchObject({ to: '2026-08-01T00:00:00.000Z' });
    expect(windowFor({ kind: 'soc2-type1', date: '2026-08-31' })).toMatchObject({ to: '2026-08-31T14:30:00.000Z' });
  });

  test('or says what is missing', () => {
    expect(missing({})).toBeNull();
    expect(missing({ kind: 'soc2-type1', date: '2026-09-01' })).toBe('date');
    expect(missing({ kind: 'incident', incident: 'inc-9999' })).toBe('incident');
    expect(missing({ kind: 'access-review' })).toBe('campaign');
    expect(missing({ sampled: true, number: '12a' })).toBe('number');
    expect(missing({ sampled: true, number: '1'.repeat(21) })).toBe('number');
    expect(missing({ filtered: true })).toBe('actors');
    expect(missing({ criteria: [{ framework: 'kvkk', id: '12' }] })).toBe('criteria');
    expect(missing({ kind: 'kvkk', criteria: [{ framework: 'kvkk', id: '12' }] })).toBeNull();
  });

  test('and is told in words', () => {
    const asked = requestOf(choose({ sampled: true, number: '007', filtered: true, actors: ['u-1', 'u-2'] }), FACTS);
    if (isProblem(asked)) throw new Error(asked.text);
    expect(describeRequest(asked)).toBe(
      '2025-08-31 to 2026-08-30 · all criteria · sample with 007 by House profile · 2 of its actors only · names and reasons sealed',
    );
  });
});

describe('criteria', () => {
  const { criteria } = sampleFramework('soc2', LITTLE);

  test('are each in one group, in their order', () => {
    const groups = groupCriteria(criteria);
    expect(new Set(groups.map(({ group }) => group)).size).toBe(groups.length);
    expect(groups.flatMap((group) => group.criteria).map(({ id }) => id)).toEqual(criteria.map(({ id }) => id));
  });

  test('are chosen once, and another framework’s criterion of the same id is another one', () => {
    const soc2 = { framework: 'soc2', id: '12' } as const;
    const kvkk = { framework: 'kvkk', id: '12' } as const;
    expect(toggleOne(toggleOne([soc2], soc2, true), kvkk, true)).toEqual([soc2, kvkk]);
    expect(toggleAll([soc2, kvkk], [soc2], false)).toEqual([kvkk]);
    expect(toggleAll([], [soc2, kvkk], true)).toHaveLength(2);
  });
});
