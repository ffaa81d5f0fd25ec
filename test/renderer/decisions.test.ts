import { describe, expect, test } from 'vitest';
import { describeFailure, judgeJustification, whyClosed } from '#renderer/features/approvals/decision-model.ts';
import { citationsOf } from '#renderer/features/approvals/plan-evidence.ts';

describe('a justification', () => {
  test.each(['', '          ', 'too short', '   padded   '])('"%s" is not enough', (text) => {
    expect(judgeJustification(text)).not.toBeNull();
  });
  test('of ten characters is, of 2,001 is not', () => {
    expect(judgeJustification('ten chars.')).toBeNull();
    expect(judgeJustification('x'.repeat(2000))).toBeNull();
    expect(judgeJustification('x'.repeat(2001))).toContain('At most');
  });
  test('says how many are missing', () => {
    expect(judgeJustification('123456789')).toBe('1 more character needed.');
  });
});

describe('a proposal', () => {
  const expiresAt = '2026-11-20T10:30:00.000Z';
  const waiting = { status: 'proposed', expiresAt, decision: null } as const;
  test('is open until the millisecond it expires', () => {
    expect(whyClosed(waiting, Date.parse(expiresAt) - 1)).toBeNull();
    expect(whyClosed(waiting, Date.parse(expiresAt))).toContain('means no');
  });
  test('decided elsewhere says by whom', () => {
    const decision = { outcome: 'rejected', at: expiresAt, by: 'u-2', record: '0'.repeat(64) } as const;
    expect(whyClosed({ status: 'rejected', expiresAt, decision }, 0)).toContain('rejected by u-2');
  });
});

test('after an internal failure the window does not claim that nothing was recorded', () => {
  expect(describeFailure({ code: 'internal' }).title).toContain('not known');
  expect(describeFailure({ code: 'audit-unavailable' }).title).toContain('not recorded');
});

test("the plan's evidence is what its own hypothesis cites, each place once", () => {
  const place = { digest: 'a'.repeat(64), pointer: '/v', from: 0, to: 2 };
  const other = { ...place, digest: 'b'.repeat(64) };
  const hypothesis = {
    id: 'h-1',
    rank: 1,
    service: 's',
    title: 't',
    detector: 'latency',
    confidence: '0.9',
    for: [
      { kind: 'a', text: 'a', citations: [place, other] },
      { kind: 'b', text: 'b', citations: [place] },
    ],
    against: [],
    change: null,
    onsetAt: null,
  };
  const plan = { hypothesis: 'h-1', evidence: [place.digest] };
  expect(citationsOf({ hypotheses: [hypothesis] }, plan)).toEqual([place]);
  expect(citationsOf({ hypotheses: [hypothesis] }, { ...plan, hypothesis: 'h-2' })).toEqual([]);
});
