import type { MetricKind } from '#shared/model/service-map.ts';
import { calibratedScore, type Measured, measureSeries } from './measure.ts';
import type { AnalysisInput, Series } from './model.ts';
import { evidenceOf } from './score.ts';

/** Everything the detectors look at, measured once. */
export interface Frame {
  readonly input: AnalysisInput;
  readonly services: readonly string[];
  readonly measured: ReadonlyMap<string, readonly Measured[]>;
  /** Series that were regular in the history and have no point in the window. */
  readonly silent: ReadonlyMap<string, Series>;
  readonly requests: ReadonlyMap<string, Series>;
  /** Services the signal's service calls, directly or not, itself included; all of them where no calls are known. */
  readonly reachable: ReadonlySet<string>;
  /** Evidence that the signal's own metric is unusual; undefined when it could not be measured. */
  readonly signalEvidence: number | undefined;
}

const REGULAR = 0.9;

function reachableFrom(input: AnalysisInput, services: readonly string[]): ReadonlySet<string> {
  const start = input.signal.service;
  if (input.map.calls.length === 0 || !services.includes(start)) return new Set(services);
  const callees = new Map<string, string[]>();
  for (const [caller, callee] of input.map.calls) callees.set(caller, [...(callees.get(caller) ?? []), callee]);
  const found = new Set([start]);
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const callee of callees.get(next) ?? []) {
      if (found.has(callee)) continue;
      found.add(callee);
      open.push(callee);
    }
  }
  return found;
}

/** A regular series that stopped: nothing since the start of the signal although the history is nearly complete. */
function isSilent(series: Series, input: AnalysisInput): boolean {
  const { startedAt, observedUntil } = input.signal;
  const finite = series.times.filter((_, i) => Number.isFinite(series.values[i]));
  const past = finite.filter((time) => time < startedAt);
  if (past.length < 30 || finite.length > past.length) return false;
  const gaps = past
    .slice(1)
    .map((time, i) => time - (past[i] ?? time))
    .sort((a, b) => a - b);
  const step = gaps[Math.floor(gaps.length / 2)] ?? 60_000;
  const spanned = ((past.at(-1) ?? 0) - (past[0] ?? 0)) / step + 1;
  return observedUntil - startedAt >= 3 * step && past.length / spanned >= REGULAR;
}

/** The value of `signal.metricKey`, else everything of the signal's service and kind. */
function findSignalEvidence(
  input: AnalysisInput,
  measured: ReadonlyMap<string, readonly Measured[]>,
): number | undefined {
  const own = measured.get(input.signal.service) ?? [];
  const exact = own.filter(({ series }) => series.key === input.signal.metricKey);
  const chosen = exact.length > 0 ? exact : own.filter(({ series }) => series.kind === input.signal.kind);
  if (chosen.length === 0) return undefined;
  return Math.max(...chosen.map((item) => evidenceOf(calibratedScore(item))));
}

export function buildFrame(input: AnalysisInput): Frame {
  const services = [...new Set(input.map.services.map((service) => service.name))].sort();
  const known = new Set(services);
  const measured = new Map<string, Measured[]>();
  const silent = new Map<string, Series>();
  const requests = new Map<string, Series>();
  const ordered = [...input.series].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const series of ordered) {
    if (!known.has(series.service)) continue;
    if (series.kind === 'requests' && !requests.has(series.service)) requests.set(series.service, series);
    const item = measureSeries(series, input.signal);
    if (item !== undefined) measured.set(series.service, [...(measured.get(series.service) ?? []), item]);
    else if (!silent.has(series.service) && isSilent(series, input)) silent.set(series.service, series);
  }
  return {
    input,
    services,
    measured,
    silent,
    requests,
    reachable: reachableFrom(input, services),
    signalEvidence: findSignalEvidence(input, measured),
  };
}

/** The measured series of a service of one of these kinds. */
export function ofKind(frame: Frame, service: string, kinds: readonly MetricKind[]): readonly Measured[] {
  return (frame.measured.get(service) ?? []).filter(({ series }) => kinds.includes(series.kind));
}
