import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A tiny but complete recorded system for tests: `frontend` calls `checkout` and `catalog`, `checkout` calls `payments`.
 * At `INCIDENT_AT` a bad deployment of `checkout` makes its memory and latency rise, and `frontend`'s latency with it.
 */
export const INCIDENT_AT = Date.parse('2026-01-02T10:00:00.000Z');
const MINUTE = 60_000;

export interface ScenarioOptions {
  readonly id?: string;
  /** Hours recorded before the incident. */
  readonly hoursBefore?: number;
  /** Minutes recorded after it. */
  readonly minutesAfter?: number;
  readonly effects?: Readonly<Partial<Record<'rollback' | 'restart' | 'scale', 'recover' | 'relapse' | 'none'>>>;
  /** Replaces members of scenario.json; `undefined` removes one. */
  readonly scenario?: Readonly<Record<string, unknown>>;
  /** Replaces whole files by name; `undefined` leaves one out. */
  readonly files?: Readonly<Record<string, string | undefined>>;
}

export const SERVICES = ['frontend', 'checkout', 'payments', 'catalog'] as const;
export type ServiceName = (typeof SERVICES)[number];

const KINDS = ['latency', 'errors', 'requests', 'memory'] as const;
type Kind = (typeof KINDS)[number];

const NAMES: Readonly<Record<Kind, readonly [name: string, stat: string, unit: string]>> = {
  latency: ['Latency', 'p95', 'Milliseconds'],
  errors: ['Errors', 'Sum', 'Count'],
  requests: ['RequestCount', 'Sum', 'Count'],
  memory: ['MemoryUtilization', 'Average', 'Percent'],
};

/** The recorded value; deterministic, with a little texture so that no two minutes are quite alike. */
export function recordedValue(service: ServiceName, kind: Kind, time: number): number {
  const minute = Math.round((time - INCIDENT_AT) / MINUTE);
  const texture = (((minute * 37 + service.length * 11) % 17) + 17) % 17;
  const faulty = minute >= 0 && (service === 'checkout' || service === 'frontend');
  switch (kind) {
    case 'latency':
      return (faulty ? 900 : 100) + texture;
    case 'errors':
      return faulty ? 20 + texture : texture % 2;
    case 'requests':
      return 600 + texture;
    case 'memory':
      return minute >= 0 && service === 'checkout' ? 90 + texture / 10 : 40 + texture / 10;
  }
}

/** Writes the scenario folder and returns it. */
export async function writeScenario(folder: string, options: ScenarioOptions = {}): Promise<string> {
  const start = INCIDENT_AT - (options.hoursBefore ?? 30) * 60 * MINUTE;
  const end = INCIDENT_AT + (options.minutesAfter ?? 60) * MINUTE;
  const files: Record<string, string | undefined> = {
    'scenario.json': JSON.stringify({ ...scenarioJson(options), ...options.scenario }, undefined, 2),
    'metrics.csv': metricsCsv(start, end),
    'logs.ndjson': logsNdjson(start, end),
    'events.ndjson': `${JSON.stringify({
      time: new Date(INCIDENT_AT - 2 * MINUTE).toISOString(),
      service: 'checkout',
      kind: 'deployment',
      detail: { image: 'shop/checkout:bad' },
    })}\n`,
    ...options.files,
  };
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    if (text !== undefined) await writeFile(join(folder, name), text);
  }
  return folder;
}

function scenarioJson(options: ScenarioOptions): Record<string, unknown> {
  return {
    id: options.id ?? 'test-bad-deployment',
    title: 'Checkout fails after a deployment',
    system: 'test-shop',
    faultFamily: 'deployment',
    region: 'us-east-1',
    services: SERVICES.map((name) => ({
      name,
      ecs: { cluster: 'prod', service: name },
      logGroup: `/ecs/prod/${name}`,
      metrics: KINDS.map((kind) => {
        const [metric, stat, unit] = NAMES[kind];
        return {
          key: `${name}.${kind}`,
          kind,
          namespace: 'Test/Shop',
          name: metric,
          dimensions: { Service: name },
          stat,
          unit,
        };
      }),
    })),
    calls: [
      ['frontend', 'checkout'],
      ['frontend', 'catalog'],
      ['checkout', 'payments'],
    ],
    incident: {
      title: 'Frontend latency is high',
      severity: 'critical',
      service: 'frontend',
      metric: 'frontend.latency',
      startedAt: new Date(INCIDENT_AT).toISOString(),
      endedAt: null,
    },
    truth: { rootCause: ['checkout'], metric: 'checkout.memory', remediation: 'rollback' },
    ...(options.effects === undefined ? {} : { effects: options.effects }),
  };
}

function metricsCsv(start: number, end: number): string {
  const columns = SERVICES.flatMap((service) => KINDS.map((kind) => ({ service, kind })));
  const lines = [`time,${columns.map(({ service, kind }) => `${service}.${kind}`).join(',')}`];
  for (let time = start; time < end; time += MINUTE) {
    const values = columns.map(({ service, kind }) => recordedValue(service, kind, time));
    lines.push(`${new Date(time).toISOString()},${values.join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One line a service and minute; during the incident a second, an error, of checkout. */
function logsNdjson(start: number, end: number): string {
  const lines: string[] = [];
  for (let time = start; time < end; time += MINUTE) {
    for (const service of SERVICES) {
      const stream = `ecs/${service}/0001`;
      lines.push(
        JSON.stringify({ time: new Date(time + 1000).toISOString(), service, stream, message: 'INFO request served' }),
      );
    }
    if (time >= INCIDENT_AT) {
      lines.push(
        JSON.stringify({
          time: new Date(time + 2000).toISOString(),
          service: 'checkout',
          stream: 'ecs/checkout/0001',
          message: JSON.stringify({ level: 'ERROR', msg: 'java.lang.OutOfMemoryError', order: { id: 7 } }),
        }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
