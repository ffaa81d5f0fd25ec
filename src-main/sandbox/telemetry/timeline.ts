import type { RemediationEffect } from '../scenario/schema.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** New tasks need this long until the metrics show them. */
export const ROLLOUT = 2 * MINUTE;
/** How long a relapsing system looks well. */
const RELAPSE_AFTER = 30 * MINUTE;
/** What is repeated once the recording has ended. */
const REPEATED = 30 * MINUTE;
/** Data this close before the incident does not count as healthy. */
export const HEALTHY_MARGIN = 2 * HOUR;

/** Served times [from, to) come from recorded times [from + shift, to + shift). Epoch milliseconds. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly shift: number;
}

/** A stretch of recorded time without the fault, [from, to). */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface RecordedSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly incidentAt: number;
  /** Used when the recording has no whole day before the incident. */
  readonly healthiest: Stretch;
}

type Condition = 'recorded' | 'healthy';

/**
 * Maps the time a client asks for to recorded time. As recorded until a remediation takes hold; then the same hour of an
 * earlier healthy day; past the recording's end its last half hour over and over.
 */
export interface Timeline {
  pieces(from: number, to: number): Generator<Piece>;
  /** A remediation of a root-cause service began at `at`. */
  applyEffect(at: number, effect: RemediationEffect): void;
  /** The faulty revision is back in service since `at`. */
  applyFault(at: number): void;
}

export function createTimeline(span: RecordedSpan): Timeline {
  /** Ascending by `from`; before the first, as recorded. */
  let changes: { readonly from: number; readonly condition: Condition }[] = [];
  const change = (from: number, condition: Condition) => {
    changes = [...changes.filter((known) => known.from < from), { from, condition }];
  };
  const nextMinute = (time: number) => Math.ceil(time / MINUTE) * MINUTE;
  return {
    applyEffect: (at, effect) => {
      if (effect === 'none') return;
      const well = nextMinute(at + ROLLOUT);
      change(well, 'healthy');
      if (effect === 'relapse') change(well + RELAPSE_AFTER, 'recorded');
    },
    applyFault: (at) => change(nextMinute(at + ROLLOUT), 'recorded'),
    *pieces(from, to) {
      let position = Math.max(from, span.start);
      while (position < to) {
        const condition = changes.findLast((known) => known.from <= position)?.condition ?? 'recorded';
        const nextChange = changes.find((known) => known.from > position)?.from ?? Number.POSITIVE_INFINITY;
        const piece = condition === 'healthy' ? healthyPiece(span, position) : recordedPiece(span, position);
        const end = Math.min(piece.to, nextChange, to);
        yield { from: position, to: end, shift: piece.shift };
        position = end;
      }
    },
  };
}

function recordedPiece(span: RecordedSpan, at: number): Piece {
  if (at < span.end) return { from: at, to: span.end, shift: 0 };
  const length = Math.min(REPEATED, span.end - span.start);
  return repeat({ from: span.end - length, to: span.end }, span.end, at);
}

function healthyPiece(span: RecordedSpan, at: number): Piece {
  const until = span.incidentAt - HEALTHY_MARGIN;
  if (at < until) return { from: at, to: until, shift: 0 };
  const days = Math.floor((at - until) / DAY) + 1;
  if (until - DAY >= span.start) return { from: at, to: until + days * DAY, shift: -days * DAY };
  return repeat(span.healthiest, span.incidentAt, at);
}

/** Recorded `stretch` laid end to end, beginning at `origin`. */
function repeat(stretch: Stretch, origin: number, at: number): Piece {
  const length = stretch.to - stretch.from;
  const round = Math.floor((at - origin) / length);
  const begin = origin + round * length;
  return { from: at, to: begin + length, shift: stretch.from - begin };
}
