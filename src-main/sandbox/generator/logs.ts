import { fillTemplate, type LogMoment } from './log-fill.ts';
import { FAULT_LOGS, LOG_TEMPLATES, type LogTemplate } from './log-templates.ts';
import type { Random } from './random.ts';
import type { Signals } from './signals.ts';
import type { CallSpec, EcsSpec, ScenarioSpec } from './spec.ts';
import { type Fleet, type Task, tasksAt } from './tasks.ts';
import { at, type Timeline } from './timeline.ts';
import { imageTag } from './versions.ts';

/** From this many minutes before the incident on every minute is sampled; before, one in `SPARSE_EVERY`. */
const DENSE_MINUTES = 390;
const SPARSE_EVERY = 15;

interface LogRecord {
  readonly index: number;
  readonly offsetMs: number;
  readonly service: string;
  readonly message: string;
  readonly stream: string;
}

interface LogInput {
  readonly spec: ScenarioSpec;
  readonly timeline: Timeline;
  readonly signals: ReadonlyMap<string, Signals>;
  readonly fleet: Fleet;
  readonly random: Random;
}

/** logs.ndjson: a sample of what each service wrote, in step with its requests, failures, latency and memory. */
export function writeLogs(input: LogInput): string {
  const { spec, timeline } = input;
  const records: LogRecord[] = [];
  for (const service of spec.topology.services) {
    if (service.ecs === undefined) continue;
    sampleService(service.name, service.ecs, input, records);
    for (const task of input.fleet.tasks) {
      if (task.service === service.name && task.from >= 0 && task.from < timeline.length) {
        writeStart(task, spec, input.random.fork(`start/${task.id}`), records);
      }
    }
  }
  // Array sort is stable: lines of one instant stay in the order of services.
  records.sort((a, b) => a.index - b.index || a.offsetMs - b.offsetMs);
  return records
    .map(({ index, offsetMs, service, message, stream }) =>
      JSON.stringify({ time: timeline.time(index, offsetMs), service, message, stream }),
    )
    .map((text) => `${text}\n`)
    .join('');
}

function streamOf(task: Task): string {
  return `ecs/${task.service}/${task.id}`;
}

function writeStart(task: Task, spec: ScenarioSpec, random: Random, records: LogRecord[]): void {
  const { service, revision } = task;
  const version = imageTag(spec, service, revision);
  const messages = [
    `INFO  starting ${service} version=${version} task_definition=${service}:${revision}`,
    `INFO  configuration loaded entries=${random.int(14, 22)}`,
    `INFO  ready, listening on port ${portOf(spec, service)} after ${random.int(1_900, 5_200)}ms`,
  ];
  let offsetMs = random.int(200, 3_000);
  for (const message of messages) {
    records.push({ index: task.from, offsetMs, service, message, stream: streamOf(task) });
    offsetMs += random.int(300, 6_000);
  }
}

function portOf(spec: ScenarioSpec, name: string): number {
  return spec.topology.services.find((service) => service.name === name)?.ecs?.port ?? 8080;
}

function sampleService(name: string, ecs: EcsSpec, input: LogInput, records: LogRecord[]): void {
  const { spec, timeline, signals, fleet } = input;
  const own = signals.get(name);
  const templates = LOG_TEMPLATES[name];
  if (own === undefined || templates === undefined) throw new RangeError(`no log templates for ${name}`);
  const { fault } = spec;
  const faulty = fault.family !== 'healthy' && fault.service === name;
  const change = FAULT_LOGS[fault.family] ?? { adds: [], removes: [] };
  const rolledOut = 'deployedAt' in fault;
  const faultStart = fault.family === 'healthy' ? 0 : 'deployedAt' in fault ? fault.deployedAt + 1 : fault.startsAt;
  const draws = input.random.fork(`logs/${name}`);
  const edges = spec.topology.calls.filter((edge) => edge.from === name);
  const usualLatency = median(own.latency);
  for (let i = 0; i < timeline.length; i += 1) {
    if (i < timeline.incident - DENSE_MINUTES && i % SPARSE_EVERY !== 0) continue;
    const running = tasksAt(fleet, name, i);
    if (running.length === 0) continue;
    const moment = describeMoment(own, edges, signals, usualLatency, i);
    // While a rollout goes on, old and new tasks run side by side and each writes its own revision's lines.
    const broken = faulty && i >= timeline.index(faultStart);
    const changed = broken ? running.filter((task) => !rolledOut || task.revision === ecs.revision) : [];
    const unchanged = running.filter((task) => !changed.includes(task));
    const write = (template: LogTemplate, tasks: readonly Task[]) => {
      if (tasks.length === 0) return;
      const share = tasks.length / running.length;
      const lines = draws.poisson(ecs.logLines * template.weight * share * intensity(template, own, usualLatency, i));
      for (let k = 0; k < lines; k += 1) {
        const message = fillTemplate(template.text, { ...moment, slow: template.driver === 'slow' }, draws);
        const offsetMs = draws.int(0, 59_999);
        records.push({ index: i, offsetMs, service: name, message, stream: streamOf(draws.pick(tasks)) });
      }
    };
    for (const template of templates) {
      const removed = template.tag !== undefined && change.removes.includes(template.tag);
      write(template, removed ? unchanged : running);
    }
    for (const template of change.adds) write(template, changed);
  }
}

/** How often a template appears in this minute, relative to once per request at the usual load. */
function intensity(template: LogTemplate, own: Signals, usualLatency: number, index: number): number {
  const requests = at(own.requests, index) / own.usualRequests;
  const failed = at(own.errorRate, index);
  switch (template.driver) {
    case 'request':
      return requests;
    case 'success':
      return requests * (1 - failed);
    // A failure is logged by more lines than a request that went well.
    case 'failure':
    case 'upstream':
      return requests * failed * 6;
    case 'slow':
      return requests * Math.min(1, Math.max(0, at(own.latency, index) / usualLatency - 1.6) / 3);
    case 'heap':
      return 1.2 * Math.max(0, (at(own.memory, index) - 62) / 30);
    default: {
      const unknown: never = template.driver;
      throw new RangeError(`unknown log driver: ${String(unknown)}`);
    }
  }
}

function describeMoment(
  own: Signals,
  edges: readonly CallSpec[],
  signals: ReadonlyMap<string, Signals>,
  usualLatency: number,
  index: number,
): LogMoment {
  // A line about a failed call names the callee most likely to have failed it.
  let callee = 'unknown';
  let calleeLatency = usualLatency;
  let worst = -1;
  for (const edge of edges) {
    const other = signals.get(edge.to);
    if (other === undefined) continue;
    const failures = Math.min(1, edge.ratio) * edge.propagation * at(other.errorRate, index);
    if (failures > worst) {
      worst = failures;
      callee = edge.to;
      calleeLatency = at(other.latency, index);
    }
  }
  return { latency: at(own.latency, index), slow: false, callee, calleeLatency, memory: at(own.memory, index) };
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}
