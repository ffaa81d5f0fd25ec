import type { Effects } from './effects.ts';
import type { Random } from './random.ts';
import type { FaultSpec, ServiceSpec } from './spec.ts';
import type { Fleet, Task } from './tasks.ts';
import { tasksAt } from './tasks.ts';
import { at, type Series, type Timeline } from './timeline.ts';

type LeakSpec = Extract<FaultSpec, { family: 'memory-leak' }>;

interface LeakInput {
  readonly fault: LeakSpec;
  readonly service: ServiceSpec;
  readonly timeline: Timeline;
  readonly requests: Series;
  readonly fleet: Fleet;
  readonly effects: Effects;
  readonly random: Random;
}

/** Memory in percent from which the collector costs noticeable time. */
const PRESSURE_FROM = 68;

/** 0 without pressure, 1 when full; cubic, because collections become frequent and long only near the end. */
function pressure(memory: number): number {
  return Math.max(0, (memory - PRESSURE_FROM) / (100 - PRESSURE_FROM)) ** 3;
}

/**
 * Fills the memory of every task of the leaking revision in step with the requests it serves. A full task is killed and
 * replaced; before that its collector takes CPU and time. Writes into `effects` and `fleet`; returns the average memory
 * in percent of the leaking revision's tasks, 0 where none runs.
 */
export function simulateLeak(input: LeakInput): Series {
  const { fault, service, timeline, requests, fleet, effects } = input;
  const draws = input.random.fork('leak');
  const start = timeline.index(fault.deployedAt);
  const average = new Float64Array(timeline.length);
  const usual = meanBetween(requests, start, timeline.incident);
  const used = new Map<string, number>();
  const speed = new Map<string, number>();
  const leaking = fleet.tasks.filter((task) => task.service === service.name && task.from > start);
  for (const [k, task] of leaking.entries()) {
    // Balancing is never even: the busiest task fills first, so that they do not all die at once.
    const spread = leaking.length < 2 ? 1 : 0.84 + (0.32 * k) / (leaking.length - 1);
    speed.set(task.id, spread * (1 + 0.015 * draws.normal()));
  }
  const perMinute = (100 - service.memory) / (fault.hoursToFull * 60);
  for (let i = Math.max(0, start); i < timeline.length; i += 1) {
    const alive = tasksAt(fleet, service.name, i).filter((task) => task.from > start);
    for (const task of alive) {
      const before = used.get(task.id) ?? service.memory * 0.93;
      const grown = before + perMinute * (speed.get(task.id) ?? 1) * (at(requests, i) / usual);
      used.set(task.id, Math.min(100, grown));
      if (grown >= 99.5) {
        const next = kill(task, i, draws);
        fleet.tasks.push(next);
        // A replacement reads the shared snapshot first and then catches up with the misses it caused.
        speed.set(next.id, 2.4 * (speed.get(task.id) ?? 1));
        used.set(next.id, service.memory * 1.4);
        fail(effects, i, alive.length);
      }
    }
    if (alive.length > 0)
      apply(
        effects,
        average,
        i,
        fault.slowdown,
        alive.map((task) => used.get(task.id) ?? 0),
      );
  }
  return average;
}

function kill(task: Task, index: number, draws: Random): Task {
  task.to = index + 1;
  task.stop = {
    code: 'EssentialContainerExited',
    reason: 'OutOfMemoryError: Container killed due to memory usage',
    exitCode: 137,
  };
  return {
    id: draws.hex(32),
    service: task.service,
    revision: task.revision,
    from: index + 2,
    to: undefined,
    stop: undefined,
  };
}

/** Requests in flight on a killed task are lost, and those sent to it until it is out of rotation. */
function fail(effects: Effects, index: number, tasks: number): void {
  for (const [offset, share] of [0.2, 0.4, 0.1].entries()) {
    if (index + offset < effects.errorRate.length) {
      effects.errorRate[index + offset] = at(effects.errorRate, index + offset) + share / tasks;
    }
  }
}

function apply(effects: Effects, average: Series, index: number, slowdown: number, memory: readonly number[]): void {
  const worst = memory.map(pressure).sort((a, b) => b - a);
  // The slowest twentieth of all requests sits on the fullest third of the tasks.
  const top = worst.slice(0, Math.ceil(worst.length / 3));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  effects.slowdown[index] = at(effects.slowdown, index) * (1 + (slowdown - 1) * mean(top));
  effects.cpu[index] = at(effects.cpu, index) + 26 * mean(worst);
  average[index] = mean(memory);
}

function meanBetween(series: Series, from: number, to: number): number {
  const part = series.slice(Math.max(0, from), Math.max(1, to));
  return Math.max(1, part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length));
}
