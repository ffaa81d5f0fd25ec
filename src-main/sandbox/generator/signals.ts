import type { Effects } from './effects.ts';
import { wander } from './load.ts';
import type { Random } from './random.ts';
import type { CallSpec, ServiceSpec, TopologySpec } from './spec.ts';
import { type Fleet, tasksAt } from './tasks.ts';
import { at, type Series, type Timeline } from './timeline.ts';
import { orderCallersFirst } from './topology.ts';

/** Everything measured of one service, minute by minute. */
export interface Signals {
  readonly requests: Series; // per minute
  readonly errors: Series; // per minute
  readonly errorRate: Series; // per request, before counting
  readonly latency: Series; // p95 in milliseconds
  readonly cpu: Series; // percent
  readonly memory: Series; // percent
  readonly connections: Series; // data stores only
  /** Requests a minute at the usual load. */
  readonly usualRequests: number;
}

export interface SignalInput {
  readonly topology: TopologySpec;
  readonly timeline: Timeline;
  readonly requests: ReadonlyMap<string, Series>;
  readonly effects: ReadonlyMap<string, Effects>;
  readonly fleet: Fleet;
  /** Memory of a leaking service, 0 where it does not leak. */
  readonly leak: { readonly service: string; readonly memory: Series } | undefined;
  readonly random: Random;
}

/** Measures every service, callees first: a caller's latency and failures contain those of what it calls. */
export function simulateSignals(input: SignalInput): Map<string, Signals> {
  const usual = computeUsualRequests(input.topology);
  const signals = new Map<string, Signals>();
  for (const name of [...orderCallersFirst(input.topology)].reverse()) {
    const service = input.topology.services.find((candidate) => candidate.name === name);
    if (service !== undefined) signals.set(name, simulateService(service, usual.get(name) ?? 1, input, signals));
  }
  return signals;
}

/** Requests a minute of every service at the average load, from the ratios of the edges alone. */
function computeUsualRequests(topology: TopologySpec): Map<string, number> {
  const usual = new Map<string, number>([[topology.entry, topology.requestsPerMinute]]);
  for (const name of orderCallersFirst(topology)) {
    for (const edge of topology.calls.filter((candidate) => candidate.from === name)) {
      usual.set(edge.to, (usual.get(edge.to) ?? 0) + (usual.get(name) ?? 0) * edge.ratio);
    }
  }
  return usual;
}

/** Share of calls that run into the caller's timeout: one in twenty when the p95 reaches it. */
function timedOut(latency: number, timeout: number): number {
  const share = latency / timeout;
  return share < 0.5 ? 0 : 0.05 * Math.min(4, share ** 3);
}

function failureThrough(edge: CallSpec, callee: Signals, index: number): number {
  const failed = at(callee.errorRate, index) * (1 - 0.25 * edge.retries);
  return Math.min(1, edge.ratio) * edge.propagation * (failed + timedOut(at(callee.latency, index), edge.timeoutMs));
}

function simulateService(
  service: ServiceSpec,
  usualRequests: number,
  input: SignalInput,
  callees: ReadonlyMap<string, Signals>,
): Signals {
  const { timeline, fleet } = input;
  const { length } = timeline;
  const draws = input.random.fork(`signals/${service.name}`);
  const requests = input.requests.get(service.name) ?? new Float64Array(length);
  const effects = input.effects.get(service.name);
  if (effects === undefined) throw new RangeError(`no effects for ${service.name}`);
  const result: Signals = {
    requests,
    errors: new Float64Array(length),
    errorRate: new Float64Array(length),
    latency: new Float64Array(length),
    cpu: new Float64Array(length),
    memory: new Float64Array(length),
    connections: new Float64Array(length),
    usualRequests,
  };
  const slow = wander(draws.fork('slow'), length, service.noise, 0.6);
  const busy = wander(draws.fork('busy'), length, 0.04, 0.8);
  const heap = wander(draws.fork('heap'), length, 0.02, 0.995);
  const edges = input.topology.calls.filter((edge) => edge.from === service.name);
  const tail = draws.fork('tail');
  const count = draws.fork('count');
  const saw = draws.int(90, 260);
  for (let i = 0; i < length; i += 1) {
    const share = at(requests, i) / usualRequests;
    const baseTasks = service.ecs?.tasks ?? 1;
    const crowd = service.ecs === undefined ? 1 : baseTasks / Math.max(1, tasksAt(fleet, service.name, i).length);
    const load = service.cpu.load * share * crowd * at(busy, i);
    result.cpu[i] = Math.min(99.6, Math.max(0.3, service.cpu.idle + load + at(effects.cpu, i) + 0.5 * tail.normal()));
    const queue = 1 + 0.8 * (at(result.cpu, i) / 100) ** 3;
    // Noisy services have outliers too, not only a wider normal range.
    const outlier = service.noise > 0.1 && tail.next() < 0.008 ? 1.5 + tail.next() : 1;
    let latency =
      service.ownLatencyMs * at(slow, i) * outlier * queue * at(effects.slowdown, i) +
      at(effects.addedMs, i) * (0.94 + 0.12 * tail.next());
    let failures = service.errorRate * (0.6 + 0.8 * tail.next()) + at(effects.errorRate, i);
    for (const edge of edges) {
      const callee = callees.get(edge.to);
      if (callee === undefined) continue;
      latency += edge.weight * Math.min(edge.timeoutMs, at(callee.latency, i));
      failures += failureThrough(edge, callee, i);
    }
    result.latency[i] = latency * (1 + 0.012 * tail.normal());
    result.errorRate[i] = Math.min(0.97, failures);
    result.errors[i] = Math.min(at(requests, i), count.poisson(at(requests, i) * at(result.errorRate, i)));
    const leaked = input.leak?.service === service.name ? at(input.leak.memory, i) : 0;
    // Between two collections memory climbs a little: the normal saw-tooth of a managed runtime.
    const usualMemory = (service.memory + 2.4 * ((i % saw) / saw) + 1.5 * (share - 1)) * at(heap, i);
    result.memory[i] = Math.min(99.9, (leaked > 0 ? leaked : usualMemory) + 0.15 * tail.normal());
    result.connections[i] = Math.max(
      1,
      Math.round((18 + 42 * share) * at(busy, i) * Math.sqrt(at(effects.slowdown, i))),
    );
  }
  return result;
}
