import { createTemplates } from './log-templates.ts';
import { calibrateScore } from './measure.ts';
import type { LogLine, Series, Signal } from './model.ts';
import { quantileSorted, SCORE_LIMIT, sortNumbers } from './score.ts';
import { cleanPoints, indexAt } from './window.ts';

const SHORTEST_WINDOW = 3 * 60_000;
const LONGEST_WINDOW = 60 * 60_000;
const FEWEST_BLOCKS = 2;
const MOST_BLOCKS = 100;
/** A line that is expected less often than this cannot be missed. */
const FEWEST_TO_VANISH = 5;

export interface LogFinding {
  readonly service: string;
  /** Calibrated score of the template whose rate per request changed most. */
  readonly score: number;
  readonly template: number;
  readonly observed: number;
  readonly expected: number;
  readonly firstAt: number;
  /** Lines of that template inside the window; for a vanished template the last ones before it. */
  readonly lines: readonly LogLine[];
}

interface Block {
  readonly from: number;
  readonly to: number;
  readonly requests: number;
  readonly counts: ReadonlyMap<number, number>;
}

/** Sums the requests of a half-open time range; cleans the series once. */
function countRequests(series: Series | undefined): (from: number, to: number) => number {
  if (series === undefined) return () => 0;
  const points = cleanPoints(series);
  return (from, to) => {
    const end = indexAt(points.times, to);
    let sum = 0;
    for (let i = indexAt(points.times, from); i < end; i += 1) sum += points.values[i] ?? 0;
    return sum;
  };
}

/**
 * Rate of each log template per request received, against windows of the same length before; new lines and vanished
 * lines both count. The text of a line decides nothing but which template it is counted under.
 *
 * @returns one finding per service that has lines and at least two earlier windows to compare with.
 */
export function detectLogs(
  logs: readonly LogLine[],
  requests: ReadonlyMap<string, Series>,
  signal: Signal,
): readonly LogFinding[] {
  if (logs.length === 0) return [];
  const until = Math.min(signal.observedUntil, signal.startedAt + LONGEST_WINDOW);
  const from = Math.min(signal.startedAt - 60_000, until - SHORTEST_WINDOW);
  const length = until - from;
  const coverage = logs.reduce((least, line) => Math.min(least, line.time), Number.POSITIVE_INFINITY);
  const guard = Math.min(30 * 60_000, 0.2 * Math.max(0, from - coverage));
  const starts: number[] = [];
  for (let at = from - guard - length; at >= coverage && starts.length < MOST_BLOCKS; at -= length) starts.push(at);
  if (starts.length < FEWEST_BLOCKS) return [];

  const byService = new Map<string, LogLine[]>();
  for (const line of logs) {
    const lines = byService.get(line.service);
    if (lines === undefined) byService.set(line.service, [line]);
    else lines.push(line);
  }
  const findings: LogFinding[] = [];
  for (const [service, unordered] of [...byService].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lines = [...unordered].sort((a, b) => a.time - b.time);
    const templates = createTemplates();
    const ids = lines.map((line) => templates.add(line.message));
    const times = Float64Array.from(lines, (line) => line.time);
    const requestsBetween = countRequests(requests.get(service));
    const block = (at: number): Block => {
      const counts = new Map<number, number>();
      const end = indexAt(times, at + length);
      for (let i = indexAt(times, at); i < end; i += 1) {
        const id = ids[i] ?? 0;
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      return {
        from: at,
        to: at + length,
        requests: requestsBetween(at, at + length),
        counts,
      };
    };
    const finding = judgeService(service, block(from), starts.map(block), lines, ids);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function judgeService(
  service: string,
  now: Block,
  past: readonly Block[],
  lines: readonly LogLine[],
  ids: readonly number[],
): LogFinding | undefined {
  // Requests are used only where every window has them; otherwise rates are per window.
  const counted = now.requests > 0 && past.every((block) => block.requests > 0);
  const exposure = (block: Block) => (counted ? block.requests : 1);
  const usual = new Map<number, { readonly rate: number; readonly spread: number }>();
  for (const id of new Set(ids)) {
    const rates = sortNumbers(past.map((block) => (block.counts.get(id) ?? 0) / exposure(block)));
    usual.set(id, {
      rate: quantileSorted(rates, 0.5),
      spread: quantileSorted(rates, 0.75) - quantileSorted(rates, 0.25),
    });
  }
  const judge = (block: Block): { readonly score: number; readonly id: number; readonly expected: number } => {
    let best = { score: 0, id: 0, expected: 0 };
    for (const [id, { rate, spread }] of usual) {
      const expected = rate * exposure(block);
      const observed = block.counts.get(id) ?? 0;
      if (observed < expected && expected < FEWEST_TO_VANISH) continue;
      const scale = Math.max(Math.sqrt(expected + 1), spread * exposure(block));
      const score = Math.min(SCORE_LIMIT, Math.abs(observed - expected) / scale);
      if (score > best.score) best = { score, id, expected };
    }
    return best;
  };
  const found = judge(now);
  if (found.score === 0) return undefined;
  const observed = now.counts.get(found.id) ?? 0;
  const own = lines.filter((_, i) => ids[i] === found.id);
  const inside = own.filter((line) => line.time >= now.from && line.time < now.to);
  const cited = inside.length > 0 ? inside : own.filter((line) => line.time < now.from).slice(-5);
  return {
    service,
    score: calibrateScore(
      found.score,
      past.map((block) => judge(block).score),
    ),
    template: found.id,
    observed,
    expected: found.expected,
    firstAt: inside[0]?.time ?? now.from,
    lines: cited,
  };
}
