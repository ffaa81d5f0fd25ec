import type { ServiceMap } from '#shared/model/service-map.ts';
import { Ec2File, EcsFile } from './ecs-file.ts';
import { type MetricTable, parseMetricsCsv } from './metrics-csv.ts';
import { badLine, parseJsonFile, parseNdjson, readScenarioText } from './read-text.ts';
import {
  LogLine,
  type RemediationEffect,
  type RemediationKind,
  ScenarioEventLine,
  ScenarioFile,
  type ScenarioIncident,
  type ScenarioTruth,
} from './schema.ts';

/** Times are epoch milliseconds. */
export interface ScenarioLog {
  readonly time: number;
  readonly service: string;
  readonly message: string;
  readonly stream: string | undefined;
}

export interface ScenarioEvent {
  readonly time: number;
  readonly service: string;
  readonly kind: 'deployment' | 'scaling' | 'task-stopped' | 'config';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A recorded system, checked. `truth` and `effects` are for the benchmark and the cloud's physics: never served. */
export interface Scenario {
  readonly folder: string;
  readonly id: string;
  readonly title: string;
  readonly faultFamily: string;
  readonly map: ServiceMap;
  readonly incident: ScenarioIncident;
  readonly truth: ScenarioTruth;
  readonly effects: Readonly<Record<RemediationKind, RemediationEffect>>;
  readonly metrics: MetricTable;
  readonly logs: readonly ScenarioLog[];
  readonly events: readonly ScenarioEvent[];
  readonly ecs: EcsFile | undefined;
  readonly ec2: Ec2File | undefined;
}

/**
 * Reads and checks a scenario folder (docs/scenario-format.md). Throws `bad-input` naming the file, the line where
 * there is one, and what to do; `too-large` for a file beyond what can be held.
 */
export async function loadScenario(folder: string): Promise<Scenario> {
  const read = (name: string) => readScenarioText(folder, name, true);
  const file = parseJsonFile(folder, 'scenario.json', await required(folder, 'scenario.json'), ScenarioFile);
  const names = new Set(file.services.map((service) => service.name));
  const keys = file.services.flatMap((service) => service.metrics.map((metric) => metric.key));
  const metrics = parseMetricsCsv(folder, await required(folder, 'metrics.csv'), keys);
  const [logs, events, ecs, ec2] = [
    await read('logs.ndjson'),
    await read('events.ndjson'),
    await read('ecs.json'),
    await read('ec2.json'),
  ];
  checkIncidentTime(folder, file, metrics);
  return {
    folder,
    id: file.id,
    title: file.title,
    faultFamily: file.faultFamily,
    map: {
      system: file.system,
      region: file.region,
      services: file.services,
      // a recorded call graph may reach past what was measured; such edges explain nothing
      calls: file.calls.filter((call) => call.every((name) => names.has(name))),
    },
    incident: file.incident,
    truth: file.truth,
    effects: effectsOf(file),
    metrics,
    logs: logs === undefined ? [] : parseLogs(folder, logs, names),
    events: events === undefined ? [] : parseEvents(folder, events, names),
    ecs: ecs === undefined ? undefined : parseJsonFile(folder, 'ecs.json', ecs, EcsFile),
    ec2: ec2 === undefined ? undefined : parseJsonFile(folder, 'ec2.json', ec2, Ec2File),
  };
}

async function required(folder: string, name: string): Promise<string> {
  return (await readScenarioText(folder, name, false)) ?? '';
}

/** Without `effects`, exactly the remediation the truth names helps. */
function effectsOf(file: ScenarioFile): Record<RemediationKind, RemediationEffect> {
  const effect = (kind: RemediationKind) =>
    file.effects === undefined
      ? file.truth.remediation === kind
        ? 'recover'
        : 'none'
      : (file.effects[kind] ?? 'none');
  return { rollback: effect('rollback'), restart: effect('restart'), scale: effect('scale') };
}

function checkIncidentTime(folder: string, file: ScenarioFile, metrics: MetricTable): void {
  const started = Date.parse(file.incident.startedAt);
  const first = metrics.times[0] ?? 0;
  const last = metrics.times.at(-1) ?? 0;
  if (started <= first || started > last) {
    throw badLine(
      folder,
      'scenario.json',
      undefined,
      `incident.startedAt lies outside the recording (${new Date(first).toISOString()} to ${new Date(last).toISOString()}).`,
    );
  }
}

function parseLogs(folder: string, text: string, names: ReadonlySet<string>): readonly ScenarioLog[] {
  const logs: ScenarioLog[] = [];
  for (const { line, value } of parseNdjson(folder, 'logs.ndjson', text, LogLine)) {
    const time = checkLine(folder, 'logs.ndjson', line, value, logs.at(-1)?.time, names);
    logs.push({ time, service: value.service, message: value.message, stream: value.stream });
  }
  return logs;
}

function parseEvents(folder: string, text: string, names: ReadonlySet<string>): readonly ScenarioEvent[] {
  const events: ScenarioEvent[] = [];
  for (const { line, value } of parseNdjson(folder, 'events.ndjson', text, ScenarioEventLine)) {
    const time = checkLine(folder, 'events.ndjson', line, value, events.at(-1)?.time, names);
    events.push({ time, service: value.service, kind: value.kind, detail: value.detail });
  }
  return events;
}

function checkLine(
  folder: string,
  name: string,
  line: number,
  value: { readonly time: string; readonly service: string },
  previous: number | undefined,
  names: ReadonlySet<string>,
): number {
  const time = Date.parse(value.time);
  if (previous !== undefined && time < previous) throw badLine(folder, name, line, 'times must ascend.');
  if (!names.has(value.service)) {
    throw badLine(folder, name, line, `'${value.service}' is not a service of scenario.json.`);
  }
  return time;
}
