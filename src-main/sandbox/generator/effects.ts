import type { Random } from './random.ts';
import type { BackgroundSpec, FaultSpec, ScenarioSpec } from './spec.ts';
import { at, type Series, type Timeline } from './timeline.ts';

/** What is different from usual in one service, minute by minute. */
export interface Effects {
  readonly slowdown: Series; // factor on the own latency
  readonly addedMs: Series;
  readonly errorRate: Series; // added own failures per request
  readonly cpu: Series; // added percent
}

/** Fault families the load does not feed back into are written here; a leak depends on tasks and is in leak.ts. */
export function buildEffects(spec: ScenarioSpec, timeline: Timeline, random: Random): Map<string, Effects> {
  const all = new Map<string, Effects>();
  for (const service of spec.topology.services) {
    all.set(service.name, {
      slowdown: new Float64Array(timeline.length).fill(1),
      addedMs: new Float64Array(timeline.length),
      errorRate: new Float64Array(timeline.length),
      cpu: new Float64Array(timeline.length),
    });
  }
  for (const item of spec.background) applyBackground(all, item, timeline, random);
  applyFault(all, spec.fault, timeline);
  return all;
}

function applyBackground(
  all: ReadonlyMap<string, Effects>,
  item: BackgroundSpec,
  timeline: Timeline,
  random: Random,
): void {
  if (item.kind !== 'daily' && item.kind !== 'bursts') return;
  const effects = all.get(item.service);
  if (effects === undefined) return;
  const add = (index: number, strength: number) => {
    if (index < 0 || index >= timeline.length) return;
    effects.cpu[index] = at(effects.cpu, index) + item.cpu * strength;
    effects.slowdown[index] = at(effects.slowdown, index) * (1 + (item.slowdown - 1) * strength);
  };
  if (item.kind === 'daily') {
    for (let i = 0; i < timeline.length; i += 1) {
      const since = timeline.minuteOfDay(i) - item.at;
      if (since >= 0 && since < item.minutes) add(i, since === 0 || since === item.minutes - 1 ? 0.5 : 1);
    }
    return;
  }
  const draws = random.fork(`bursts/${item.service}`);
  const burst = (start: number) => {
    const minutes = Math.max(3, Math.round(item.minutes * (0.5 + draws.next())));
    const strength = 0.7 + 0.5 * draws.next();
    for (let k = 0; k < minutes; k += 1) add(start + k, strength);
  };
  const expected = (item.perDay * timeline.length) / 1_440;
  const count = draws.poisson(expected);
  for (let k = 0; k < count; k += 1) burst(draws.int(0, timeline.length - 1));
  if (item.also !== undefined) burst(timeline.index(item.also));
}

/** 0 before `start`, 1 from `start + rise` on, in between a straight line: tasks are replaced one by one. */
function rise(index: number, start: number, minutes: number): number {
  return Math.min(1, Math.max(0, (index - start + 1) / minutes));
}

function applyFault(all: ReadonlyMap<string, Effects>, fault: FaultSpec, timeline: Timeline): void {
  if (fault.family === 'healthy' || fault.family === 'memory-leak') return;
  const effects = all.get(fault.service);
  if (effects === undefined) throw new RangeError(`the fault is in ${fault.service}, which is not a service`);
  for (let i = 0; i < timeline.length; i += 1) {
    switch (fault.family) {
      case 'bad-deployment': {
        // New tasks take about a minute to start; two minutes later none of the old ones is left.
        const share = rise(i, timeline.index(fault.deployedAt) + 1, 3);
        effects.addedMs[i] = at(effects.addedMs, i) + fault.addedMs * share;
        effects.errorRate[i] = at(effects.errorRate, i) + fault.errorRate * share;
        break;
      }
      case 'cpu-hog': {
        const share = rise(i, timeline.index(fault.startsAt), 2);
        effects.cpu[i] = at(effects.cpu, i) + fault.cpu * share;
        effects.slowdown[i] = at(effects.slowdown, i) * (1 + (fault.slowdown - 1) * share);
        break;
      }
      case 'downstream-latency': {
        const share = rise(i, timeline.index(fault.startsAt), 2);
        effects.slowdown[i] = at(effects.slowdown, i) * (1 + (fault.slowdown - 1) * share);
        break;
      }
      default: {
        const unknown: never = fault;
        throw new RangeError(`unknown fault family: ${JSON.stringify(unknown)}`);
      }
    }
  }
}
