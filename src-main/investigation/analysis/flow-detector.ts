import type { MetricKind } from '#shared/model/service-map.ts';
import { type FlowNode, flowBlame } from './blame-flow.ts';
import { type Frame, ofKind } from './frame.ts';
import { calibratedScore, type Measured } from './measure.ts';
import type { ResourceFinding } from './resource-detector.ts';
import { evidenceOf } from './score.ts';

const STATISTICS = ['Average', 'p50', 'p90', 'p95', 'p99'];
/** Averages times requests are time spent, which adds up along a call graph. Tails do not: one slow call in ten is enough. */
const ADDITIVE = new Set(['Average', 'p50', 'Sum']);

export interface FlowFinding {
  readonly service: string;
  readonly measured: Measured;
  /** Evidence of the service's own deviation, before the graph is asked. */
  readonly raw: number;
  /** Share of the signal's excess this service is to blame for; 1 for everything unusual when no calls are known. */
  readonly blame: number;
  /** Part of its own excess that its callees do not explain, 0 to 1. */
  readonly own: number;
  readonly evidence: number;
}

function preferred(items: readonly Measured[], stat: string | undefined): Measured | undefined {
  const order = stat === undefined ? STATISTICS : [stat, ...STATISTICS];
  const rank = (item: Measured) => {
    const at = order.indexOf(item.series.stat);
    return at < 0 ? order.length : at;
  };
  return [...items].sort((a, b) => rank(a) - rank(b) || (a.series.key < b.series.key ? -1 : 1))[0];
}

function toMilliseconds(value: number, unit: string): number {
  if (unit === 'Seconds') return value * 1000;
  return unit === 'Microseconds' ? value / 1000 : value;
}

/** Requests per second in the window; undefined when not measured. */
function requestRate(frame: Frame, service: string): number | undefined {
  const item = ofKind(frame, service, ['requests'])[0];
  return item === undefined ? undefined : Math.max(0, item.level) / (item.slices.step / 1000);
}

/** Extra time, or extra failures, per second: deviation from the reference times the requests. */
function excessOf(item: Measured, rate: number): number {
  const { kind, unit } = item.series;
  const deviation = item.level - item.reference;
  if (kind === 'latency') return Math.max(0, toMilliseconds(deviation, unit)) * rate;
  if (kind === 'errors' && unit !== 'Percent') return Math.max(0, deviation) / (item.slices.step / 1000);
  const share = Math.abs(deviation) / (unit === 'Percent' || item.reference > 1.5 ? 100 : 1);
  const worse = kind === 'availability' ? deviation < 0 : deviation > 0;
  return worse ? Math.min(1, share) * rate : 0;
}

/** Evidence that a kind moved at the signal's service; undefined where it is not measured there. */
function evidenceAtSignal(frame: Frame, kinds: readonly MetricKind[]): number | undefined {
  const items = ofKind(frame, frame.input.signal.service, kinds);
  return items.length === 0 ? undefined : Math.max(...items.map((item) => evidenceOf(calibratedScore(item))));
}

/**
 * How much of what is to be explained is of this kind: a signal whose errors rose and whose latency did not leaves
 * nothing for the latency of a callee to explain. 1 where the signal's service does not tell.
 */
function weightAtSignal(frame: Frame, kind: 'latency' | 'errors'): number {
  const latency = evidenceAtSignal(frame, ['latency']);
  const errors = evidenceAtSignal(frame, ['errors', 'availability']);
  const own = kind === 'latency' ? latency : errors;
  const most = Math.max(latency ?? 0, errors ?? 0);
  return own === undefined || most === 0 ? 1 : own / most;
}

/**
 * How late the trigger was, 0 to 1: 1 when the signal itself was as unusual just before its start as after it. A part of
 * up to a half is no sign of lateness, since alarms fire some periods after the fault.
 */
function lateness(signal: Measured | undefined): number {
  return Math.max(0, Math.min(1, ((signal?.already ?? 0) - 0.5) / 0.3));
}

/** Below this a resource says nothing about a latency nobody measures. */
const TELLING = 0.9;

/**
 * A cache or queue often reports no latency. If its resources are unusual it gets a part of its slowest caller's excess,
 * more the more unusual they are; else all of it would be left at the caller.
 */
function guessUnmeasured(
  nodes: readonly FlowNode[],
  chosen: ReadonlyMap<string, Measured>,
  resources: ReadonlyMap<string, ResourceFinding>,
  calls: readonly (readonly [string, string])[],
): readonly FlowNode[] {
  const excess = new Map(nodes.map((node) => [node.service, node.excess]));
  return nodes.map((node) => {
    const evidence = resources.get(node.service)?.evidence ?? 0;
    if (chosen.has(node.service) || evidence < TELLING) return node;
    const callers = calls.filter(([, callee]) => callee === node.service).map(([caller]) => excess.get(caller) ?? 0);
    return { ...node, excess: Math.max(0, ...callers) * (evidence / (evidence + 1)) };
  });
}

/**
 * Latency or errors with blame flow over the service map. What was the same already before the signal moved cannot have
 * moved it, so that part of an excess is taken off, unless the signal too was unusual before (a late trigger).
 */
export function detectFlow(
  frame: Frame,
  kind: 'latency' | 'errors',
  resources: ReadonlyMap<string, ResourceFinding>,
): ReadonlyMap<string, FlowFinding> {
  const { signal, map } = frame.input;
  const stat = frame.input.series.find(
    (series) => series.key === signal.metricKey && series.kind === kind && series.service === signal.service,
  )?.stat;
  const chosen = new Map<string, Measured>();
  for (const service of frame.services) {
    const groups = kind === 'latency' ? [['latency'] as const] : [['errors'] as const, ['availability'] as const];
    const candidates = groups
      .map((kinds) => preferred(ofKind(frame, service, kinds), stat))
      .filter((item) => item !== undefined)
      .sort((a, b) => calibratedScore(b) - calibratedScore(a));
    if (candidates[0] !== undefined) chosen.set(service, candidates[0]);
  }
  const late = lateness(chosen.get(signal.service));
  const rates = frame.services.map((service) => requestRate(frame, service)).filter((rate) => rate !== undefined);
  const usualRate = rates.length === 0 ? 1 : ([...rates].sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 1);
  const additive = kind === 'errors' || [...chosen.values()].every(({ series }) => ADDITIVE.has(series.stat));
  const isNew = (item: Measured) => 1 - item.already * (1 - late);
  const nodes = frame.services.map((service): FlowNode => {
    const item = chosen.get(service);
    const rate = additive ? (requestRate(frame, service) ?? usualRate) : 1;
    const requests = additive ? rate : undefined;
    if (item === undefined) return { service, requests, excess: 0 };
    const score = Math.max(0, calibratedScore(item));
    return { service, requests, excess: excessOf(item, rate) * isNew(item) * (score / (score + 2)) };
  });
  const guessed = kind === 'latency' ? guessUnmeasured(nodes, chosen, resources, map.calls) : nodes;
  const blame = map.calls.length === 0 ? undefined : flowBlame(guessed, map.calls, signal.service);
  const weight = weightAtSignal(frame, kind);
  const findings = new Map<string, FlowFinding>();
  const rawOf = (item: Measured) => evidenceOf(calibratedScore(item)) * isNew(item);
  // Within a kind the order is the flow's alone: how far a service strays from its own past already shrank its excess.
  const typical = [...chosen].reduce((sum, [service, item]) => sum + (blame?.share.get(service) ?? 0) * rawOf(item), 0);
  for (const [service, measured] of chosen) {
    const raw = rawOf(measured);
    const share = blame === undefined ? 1 : (blame.share.get(service) ?? 0);
    const evidence = (blame === undefined ? raw : share * typical) * weight;
    findings.set(service, { service, measured, raw, blame: share, own: blame?.own.get(service) ?? 1, evidence });
  }
  for (const { service, excess } of guessed) {
    const measured = resources.get(service)?.measured;
    if (chosen.has(service) || excess === 0 || measured === undefined) continue;
    const share = blame?.share.get(service) ?? 0;
    findings.set(service, { service, measured, raw: 0, blame: share, own: 1, evidence: share * typical * weight });
  }
  return findings;
}
