import { describe, expect, test } from 'vitest';
import {
  answersFor,
  countApprovals,
  describeFailure,
  judgeJustification,
  lacksApprovers,
  mayNeedGlass,
  whyClosed,
} from '#renderer/features/approvals/decision-model.ts';
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

test('approving alone is offered to those whose own approval is not enough, and to nobody else', () => {
  const first = { given: [], required: 1, mayNotDecide: null, mayBreakGlass: true };
  expect(mayNeedGlass(first)).toBe(false);
  expect(mayNeedGlass({ ...first, required: 2 })).toBe(true);
  expect(mayNeedGlass({ ...first, mayNotDecide: 'You asked for this.' })).toBe(true);
  expect(mayNeedGlass({ ...first, required: 2, mayBreakGlass: false })).toBe(false);
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

describe('the answers to a proposal', () => {
  const open = { mayDecide: true, mayNotDecide: null, closed: false };
  test('are both for somebody who may decide', () => {
    expect(answersFor(open)).toEqual(['reject', 'approve']);
  });
  test('are only a rejection for the one who asked: what takes two people is the change, not its refusal', () => {
    expect(answersFor({ ...open, mayNotDecide: 'You asked for it.' })).toEqual(['reject']);
  });
  test('are none without the permission, whatever else holds, and none once it is over', () => {
    expect(answersFor({ ...open, mayDecide: false })).toEqual([]);
    expect(answersFor({ ...open, mayDecide: false, mayNotDecide: 'Your role.' })).toEqual([]);
    expect(answersFor({ ...open, closed: true })).toEqual([]);
  });
});

describe('the quorum', () => {
  const given = [{ by: 'u-000000000001', name: 'One', at: '2026-11-20T10:00:00.000Z', record: '0'.repeat(64) }];
  test('is told as what is there of what is needed', () => {
    expect(countApprovals({ given: [], required: 1 })).toBe('0 of 1 approval');
    expect(countApprovals({ given, required: 2 })).toBe('1 of 2 approvals');
  });
  test('says when the people who may approve cannot be enough', () => {
    expect(lacksApprovers({ given: [], required: 2, eligible: 2 })).toBeNull();
    expect(lacksApprovers({ given, required: 2, eligible: 1 })).toBeNull();
    expect(lacksApprovers({ given: [], required: 2, eligible: 1 })).toContain(
      '2 more approvals are needed, and 1 person',
    );
    expect(lacksApprovers({ given, required: 2, eligible: 0 })).toContain('1 more approval is needed, and nobody');
    expect(lacksApprovers({ given, required: 1, eligible: 0 })).toBeNull();
  });
});
