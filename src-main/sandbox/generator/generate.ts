import { describeEc2 } from './ec2.ts';
import { describeEcs } from './ecs.ts';
import { buildEffects } from './effects.ts';
import { writeEvents } from './events.ts';
import { simulateLeak } from './leak.ts';
import { simulateLoad } from './load.ts';
import { writeLogs } from './logs.ts';
import { listColumns, writeMetrics } from './metrics.ts';
import { createRandom } from './random.ts';
import { simulateSignals } from './signals.ts';
import type { FaultSpec, GenerateOptions, ScenarioSpec } from './spec.ts';
import { buildFleet } from './tasks.ts';
import { createTimeline, type Series, type Timeline } from './timeline.ts';
import { restrictTopology } from './topology.ts';

/** File name to content of one scenario folder. */
export type ScenarioFiles = ReadonlyMap<string, string>;

const UNKNOWN_FAULT = 'the fault is in a service that is not in the topology';

/** What the benchmark groups by, and the truth about each fault family. */
const FAMILIES = {
  'bad-deployment': { family: 'deployment', metric: 'errors', remediation: 'rollback' },
  'memory-leak': { family: 'memory', metric: 'memory', remediation: 'rollback' },
  'cpu-hog': { family: 'cpu', metric: 'cpu', remediation: 'restart' },
  'downstream-latency': { family: 'latency', metric: 'latency', remediation: undefined },
  healthy: { family: 'healthy', metric: undefined, remediation: undefined },
} as const;

/**
 * Writes one scenario: load through the graph, fleet, fault, signals, then the files. The same spec and options give the
 * same bytes. Throws RangeError when the spec names what is not in its topology or recorded time.
 */
export function generateScenario(full: ScenarioSpec, options: GenerateOptions = {}): ScenarioFiles {
  const spec =
    options.services === undefined ? full : { ...full, topology: restrictTopology(full.topology, options.services) };
  const random = createRandom(spec.seed);
  const timeline = createTimeline(spec, options);
  checkSpec(spec, timeline);
  const effects = buildEffects(spec, timeline, random);
  const requests = simulateLoad(spec.topology, timeline, effects, random);
  const fleet = buildFleet(spec, timeline, random);
  const { fault } = spec;
  let leak: { readonly service: string; readonly memory: Series } | undefined;
  if (fault.family === 'memory-leak') {
    const service = spec.topology.services.find((item) => item.name === fault.service);
    const own = effects.get(fault.service);
    const load = requests.get(fault.service);
    if (service === undefined || own === undefined || load === undefined) throw new RangeError(UNKNOWN_FAULT);
    const memory = simulateLeak({ fault, service, timeline, requests: load, fleet, effects: own, random });
    leak = { service: fault.service, memory };
  }
  const signals = simulateSignals({ topology: spec.topology, timeline, requests, effects, fleet, leak, random });
  const files = new Map<string, string>([
    ['scenario.json', toJson(describeScenario(spec))],
    ['metrics.csv', writeMetrics(spec, timeline, signals, random)],
    ['events.ndjson', writeEvents(spec, timeline, fleet)],
    ['ecs.json', toJson(describeEcs({ spec, timeline, fleet, random }))],
    ['ec2.json', toJson(describeEc2(spec))],
  ]);
  if (options.logs !== false) files.set('logs.ndjson', writeLogs({ spec, timeline, signals, fleet, random }));
  return files;
}

/** A scenario whose truth cannot be seen in it, or whose alarm has no metric, would be a wrong answer to measure against. */
function checkSpec(spec: ScenarioSpec, timeline: Timeline): void {
  const { fault, incident, topology } = spec;
  const keys = topology.services.flatMap((service) => listColumns(service, topology).map((column) => column.key));
  if (!keys.includes(incident.metric)) throw new RangeError(`the incident's metric ${incident.metric} is not recorded`);
  if (fault.family === 'healthy') return;
  if (!topology.services.some((service) => service.name === fault.service)) throw new RangeError(UNKNOWN_FAULT);
  const begin = timeline.index('deployedAt' in fault ? fault.deployedAt : fault.startsAt);
  if (begin < 1 || begin >= timeline.length) throw new RangeError('the fault begins outside the recorded time');
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}

function describeTruth(fault: FaultSpec) {
  if (fault.family === 'healthy') return { rootCause: [] };
  const { metric, remediation } = FAMILIES[fault.family];
  return {
    rootCause: [fault.service],
    metric: `${fault.service}.${metric}`,
    ...(remediation === undefined ? {} : { remediation }),
  };
}

/** scenario.json without what is not known in the field. */
function describeScenario(spec: ScenarioSpec) {
  const { topology, incident } = spec;
  return {
    id: spec.id,
    title: spec.title,
    system: topology.system,
    faultFamily: FAMILIES[spec.fault.family].family,
    region: topology.region,
    services: topology.services.map((service) => ({
      name: service.name,
      ...(service.ecs === undefined
        ? {}
        : {
            ecs: { cluster: topology.cluster, service: service.name },
            logGroup: `/ecs/${topology.cluster}/${service.name}`,
          }),
      metrics: listColumns(service, topology),
    })),
    calls: topology.calls.map((edge) => [edge.from, edge.to]),
    incident: { ...incident, endedAt: null },
    truth: describeTruth(spec.fault),
    ...(spec.effects === undefined ? {} : { effects: spec.effects }),
  };
}
