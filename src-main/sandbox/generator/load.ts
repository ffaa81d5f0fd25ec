import type { Effects } from './effects.ts';
import type { Random } from './random.ts';
import type { TopologySpec } from './spec.ts';
import { at, type Series, type Timeline } from './timeline.ts';
import { orderCallersFirst } from './topology.ts';

/** Share of the calls a request still makes after it has failed: most failures come early. */
const CALLS_AFTER_FAILURE = 0.3;

const WEEKDAY_FACTOR = [0.86, 1.02, 1, 0.99, 1.01, 1.04, 0.93] as const;

/** Requests a minute relative to the average: low at night, a first peak at noon and a higher one in the evening (UTC). */
export function season(timeline: Timeline, index: number): number {
  const hour = timeline.minuteOfDay(index) / 60;
  const day = 0.42 * Math.cos((2 * Math.PI * (hour - 15.5)) / 24);
  const halfDay = 0.13 * Math.cos((4 * Math.PI * (hour - 8)) / 24);
  return (1 + day + halfDay) * (WEEKDAY_FACTOR[timeline.dayOfWeek(index)] ?? 1);
}

/** A mean-one factor that wanders: first-order autoregressive in the logarithm. */
export function wander(random: Random, length: number, sigma: number, memory: number): Series {
  const series = new Float64Array(length);
  const kick = sigma * Math.sqrt(1 - memory * memory);
  let state = sigma * random.normal();
  for (let i = 0; i < length; i += 1) {
    state = memory * state + kick * random.normal();
    series[i] = Math.exp(state - (sigma * sigma) / 2);
  }
  return series;
}

/**
 * Requests a minute of every service. Each edge carries `ratio` calls per request of the caller; a caller that fails by
 * itself calls less, and a failing callee is tried again, so that the counts add up along the graph.
 */
export function simulateLoad(
  topology: TopologySpec,
  timeline: Timeline,
  effects: ReadonlyMap<string, Effects>,
  random: Random,
): Map<string, Series> {
  const requests = new Map<string, Series>();
  for (const service of topology.services) requests.set(service.name, new Float64Array(timeline.length));
  const entry = requests.get(topology.entry);
  if (entry === undefined) throw new RangeError(`the entry ${topology.entry} is not a service`);
  const trend = wander(random.fork('load'), timeline.length, 0.035, 0.97);
  for (let i = 0; i < timeline.length; i += 1) {
    entry[i] = topology.requestsPerMinute * season(timeline, i) * at(trend, i);
  }
  for (const name of orderCallersFirst(topology)) {
    const own = requests.get(name);
    const draws = random.fork(`load/${name}`);
    if (own === undefined) continue;
    for (let i = 0; i < timeline.length; i += 1) own[i] = draws.poisson(at(own, i));
    for (const edge of topology.calls.filter((candidate) => candidate.from === name)) {
      const target = requests.get(edge.to);
      if (target === undefined) continue;
      const mix = wander(draws.fork(edge.to), timeline.length, 0.02, 0.95);
      const failing = effects.get(name)?.errorRate;
      const refusing = effects.get(edge.to)?.errorRate;
      for (let i = 0; i < timeline.length; i += 1) {
        const made = 1 - (1 - CALLS_AFTER_FAILURE) * (failing === undefined ? 0 : at(failing, i));
        const again = 1 + edge.retries * (refusing === undefined ? 0 : at(refusing, i));
        target[i] = at(target, i) + at(own, i) * edge.ratio * made * again * at(mix, i);
      }
    }
  }
  return requests;
}
