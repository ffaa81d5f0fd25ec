import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadScenario } from '#main/sandbox/scenario/load-scenario.ts';
import { startSandbox } from '#main/sandbox/server.ts';
import { CausewayError } from '#shared/errors.ts';
import { INCIDENT_AT, recordedValue, type ScenarioOptions, writeScenario } from '../../../support/scenario.ts';

async function folderWith(options: ScenarioOptions): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'scenario-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  return writeScenario(join(base, 'scenario'), { hoursBefore: 1, minutesAfter: 10, ...options });
}

async function failure(call: Promise<unknown>): Promise<CausewayError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CausewayError)) throw new Error(`expected a CausewayError, got ${String(error)}`);
  return error;
}

test('a complete folder loads in columns', async () => {
  const scenario = await loadScenario(await folderWith({}));
  expect(scenario.metrics.times).toHaveLength(70);
  expect(scenario.metrics.series.size).toBe(16);
  expect(scenario.metrics.series.get('checkout.memory')?.[60]).toBe(recordedValue('checkout', 'memory', INCIDENT_AT));
  expect(scenario.logs).toHaveLength(70 * 4 + 10);
  expect(scenario.events[0]).toMatchObject({ kind: 'deployment', service: 'checkout' });
  expect(scenario.effects).toEqual({ rollback: 'recover', restart: 'none', scale: 'none' });
  expect(scenario.map).not.toHaveProperty('truth');
});

test('only scenario.json and metrics.csv are needed, and an empty cell is no data point', async () => {
  const folder = await folderWith({ files: { 'logs.ndjson': undefined, 'events.ndjson': undefined } });
  expect((await loadScenario(folder)).logs).toEqual([]);
  const gaps = await loadScenario(
    await folderWith({ ...oneMetric('time,m\n2026-01-02T09:59:00Z,\n2026-01-02T10:00:00Z,1e2\n') }),
  );
  expect([...(gaps.metrics.series.get('m') ?? [])]).toEqual([Number.NaN, 100]);
});

test('effects the scenario gives replace the default', async () => {
  const { effects } = await loadScenario(await folderWith({ effects: { restart: 'relapse' } }));
  expect(effects).toEqual({ rollback: 'none', restart: 'relapse', scale: 'none' });
});

/** A scenario of one service and one metric `m`, with this metrics.csv. */
function oneMetric(csv: string): ScenarioOptions {
  const metric = { key: 'm', kind: 'other', namespace: 'N', name: 'M', dimensions: {}, stat: 'Sum', unit: 'None' };
  return {
    scenario: {
      services: [{ name: 'one', metrics: [metric] }],
      calls: [],
      incident: {
        title: 't',
        severity: 'low',
        service: 'one',
        metric: 'm',
        startedAt: '2026-01-02T10:00:00Z',
        endedAt: null,
      },
      truth: { rootCause: [] },
    },
    files: { 'metrics.csv': csv, 'logs.ndjson': undefined, 'events.ndjson': undefined },
  };
}

const file = (name: string, text: string | undefined): ScenarioOptions => ({ files: { [name]: text } });

test.each<[string, ScenarioOptions, RegExp]>([
  ['no scenario.json', file('scenario.json', undefined), /has no scenario\.json/],
  ['no metrics.csv', file('metrics.csv', undefined), /has no metrics\.csv/],
  ['broken JSON', file('scenario.json', '{\n "id": "x",\n "title" }'), /scenario\.json line 3: this is not valid JSON/],
  ['an unknown key', { scenario: { colour: 'red' } }, /scenario\.json: .*colour/],
  ['an unknown cause', { scenario: { truth: { rootCause: ['nobody'] } } }, /'nobody' is not a service/],
  ['an unknown effect', { scenario: { effects: { rollback: 'maybe' } } }, /effects\.rollback/],
  ['no header', oneMetric('when,m\n'), /metrics\.csv line 1: the header must begin with 'time'/],
  ['no rows', oneMetric('time,m\n'), /metrics\.csv: it has no data rows/],
  ['an undeclared column', oneMetric('time,m,n\n'), /line 1: column 'n' is not a metric key/],
  ['a missing column', oneMetric('time\n2026-01-02T10:00:00Z\n'), /metric key 'm' of scenario\.json has no column/],
  ['a repeated column', oneMetric('time,m,m\n'), /column 'm' stands there twice/],
  ['a short row', oneMetric('time,m\n2026-01-02T10:00:00Z\n'), /line 2: it has 1 cells, the header 2/],
  ['a cell that is no number', oneMetric('time,m\n2026-01-02T10:00:00Z,0x1\n'), /line 2: '0x1' in column 'm'/],
  ['an infinite cell', oneMetric('time,m\n2026-01-02T10:00:00Z,1e999\n'), /line 2: '1e999'/],
  ['a time that is none', oneMetric('time,m\nyesterday,1\n'), /line 2: 'yesterday' is not an RFC 3339 time/],
  [
    'times that do not ascend',
    oneMetric('time,m\n2026-01-02T10:00:00Z,1\n2026-01-02T10:00:00Z,2\n'),
    /line 3: times must/,
  ],
  [
    'an incident outside',
    oneMetric('time,m\n2026-01-01T00:00:00Z,1\n'),
    /incident\.startedAt lies outside the recording/,
  ],
  ['a log line that is no JSON', file('logs.ndjson', '{"time"\n'), /logs\.ndjson line 1: this line is not one JSON/],
  [
    'a log line of nobody',
    file('logs.ndjson', '{"time":"2026-01-02T10:00:00Z","service":"nobody","message":"x"}\n'),
    /logs\.ndjson line 1: 'nobody' is not a service/,
  ],
  [
    'log lines out of order',
    file(
      'logs.ndjson',
      '{"time":"2026-01-02T10:00:01Z","service":"catalog","message":"x"}\n{"time":"2026-01-02T10:00:00Z","service":"catalog","message":"x"}\n',
    ),
    /logs\.ndjson line 2: times must ascend/,
  ],
  [
    'an unknown kind of event',
    file('events.ndjson', '{"time":"2026-01-02T10:00:00Z","service":"catalog","kind":"party","detail":{}}\n'),
    /events\.ndjson line 1: kind/,
  ],
  ['a wrong ecs.json', file('ecs.json', '{"services":[]}'), /ecs\.json: clusters/],
  ['a wrong ec2.json', file('ec2.json', '{"reservations":[{}]}'), /ec2\.json: reservations\.0/],
])('%s is refused, said where', async (_name, options, message) => {
  const error = await failure(loadScenario(await folderWith(options)));
  expect(error.code).toBe('bad-input');
  expect(error.message).toMatch(message);
});

test('a folder that is not there, and one given twice, are refused', async () => {
  expect((await failure(startSandbox({ folders: ['/nowhere/at/all'] }))).code).toBe('bad-input');
  expect((await failure(startSandbox({ folders: [] }))).code).toBe('bad-input');
  const folder = await folderWith({});
  expect((await failure(startSandbox({ folders: [folder, folder] }))).message).toMatch(/both hold the scenario/);
});
