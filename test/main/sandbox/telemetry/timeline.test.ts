import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTimeline, DAY, HEALTHY_MARGIN, HOUR, MINUTE } from '#main/sandbox/telemetry/timeline.ts';

const INCIDENT = 100 * DAY;

function timelineWith(hoursBefore: number) {
  const start = INCIDENT - hoursBefore * HOUR;
  const span = {
    start,
    end: INCIDENT + HOUR,
    incidentAt: INCIDENT,
    healthiest: { from: start, to: start + 20 * MINUTE },
  };
  return { span, timeline: createTimeline(span) };
}

test('pieces are gapless, in order, and always inside the recording', () => {
  const minutes = fc.integer({ min: 0, max: 5000 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 80 }),
      fc.array(fc.tuple(minutes, fc.constantFrom('recover', 'relapse', 'none')), { maxLength: 4 }),
      fc.integer({ min: -90 * 60, max: 6000 }),
      fc.integer({ min: 1, max: 6000 }),
      (hoursBefore, effects, from, length) => {
        const { span, timeline } = timelineWith(hoursBefore);
        for (const [at, effect] of effects) timeline.applyEffect(INCIDENT + at * MINUTE, effect as 'recover');
        const begin = INCIDENT + from * MINUTE;
        const end = begin + length * MINUTE;
        let position = Math.max(begin, span.start);
        for (const piece of timeline.pieces(begin, end)) {
          expect(piece.from).toBe(position);
          expect(piece.to).toBeGreaterThan(piece.from);
          expect(piece.from + piece.shift).toBeGreaterThanOrEqual(span.start);
          expect(piece.to + piece.shift).toBeLessThanOrEqual(span.end);
          position = piece.to;
        }
        if (end > span.start) expect(position).toBe(end);
      },
    ),
    { numRuns: 300 },
  );
});

test('after a recovery everything served lies whole days back, clear of the incident', () => {
  const { timeline } = timelineWith(72);
  timeline.applyEffect(INCIDENT + 5 * MINUTE, 'recover');
  for (const piece of timeline.pieces(INCIDENT + 7 * MINUTE, INCIDENT + 5 * DAY)) {
    expect(Math.abs(piece.shift % DAY)).toBe(0);
    expect(piece.to + piece.shift).toBeLessThanOrEqual(INCIDENT - HEALTHY_MARGIN);
  }
});
