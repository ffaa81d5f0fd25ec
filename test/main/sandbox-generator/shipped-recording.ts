import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ServiceMap } from '#shared/model/service-map.ts';
import { parseTable, type Table } from './recording.ts';

const Scenario = z.strictObject({
  id: z.string(),
  title: z.string(),
  system: ServiceMap.shape.system,
  faultFamily: z.string(),
  region: ServiceMap.shape.region,
  services: ServiceMap.shape.services,
  calls: ServiceMap.shape.calls,
  incident: z.strictObject({
    title: z.string(),
    severity: z.string(),
    service: z.string(),
    metric: z.string(),
    startedAt: z.iso.datetime({ precision: 3 }),
    endedAt: z.null(),
  }),
  truth: z.strictObject({ rootCause: z.array(z.string()).min(1), metric: z.string(), remediation: z.string() }),
  effects: z.strictObject({ rollback: z.literal('recover'), restart: z.enum(['relapse', 'none']) }),
});

const Time = z.iso.datetime({ precision: 3 });
const LogLine = z.strictObject({
  time: Time,
  service: z.string(),
  message: z.string().min(1),
  stream: z.string().min(1),
});
const EventLine = z.strictObject({
  time: Time,
  service: z.string(),
  kind: z.enum(['deployment', 'scaling', 'task-stopped', 'config']),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
const Ecs = z.strictObject({
  clusters: z.array(z.looseObject({ clusterArn: z.string(), clusterName: z.string() })).length(1),
  services: z.array(
    z.looseObject({
      serviceName: z.string(),
      taskDefinition: z.string(),
      deployments: z.array(z.looseObject({ id: z.string(), status: z.literal('PRIMARY'), createdAt: Time })).min(1),
    }),
  ),
  taskDefinitions: z.array(
    z.looseObject({
      taskDefinitionArn: z.string(),
      family: z.string(),
      status: z.enum(['ACTIVE', 'INACTIVE']),
      containerDefinitions: z.array(z.looseObject({ image: z.string() })).min(1),
    }),
  ),
  tasks: z.array(z.looseObject({ taskArn: z.string(), lastStatus: z.enum(['RUNNING', 'STOPPED']) })),
});

export interface LoadedScenario {
  readonly scenario: z.infer<typeof Scenario>;
  readonly table: Table;
  readonly logs: readonly z.infer<typeof LogLine>[];
  readonly events: readonly z.infer<typeof EventLine>[];
  readonly ecs: z.infer<typeof Ecs>;
}

/** Reads a shipped folder strictly by docs and format, apart from the sandbox's own loader. */
export function readShipped(folder: string): LoadedScenario {
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const lines = (name: string) =>
    read(name)
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  return {
    scenario: Scenario.parse(JSON.parse(read('scenario.json'))),
    table: parseTable(read('metrics.csv')),
    logs: z.array(LogLine).parse(lines('logs.ndjson')),
    events: z.array(EventLine).parse(lines('events.ndjson')),
    ecs: Ecs.parse(JSON.parse(read('ecs.json'))),
  };
}
