import {
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
  type StartQueryCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { INCIDENT_AT } from '../../../support/scenario.ts';
import { allow, assume, refusal, startTestSandbox } from '../clients.ts';

const MINUTE = 60_000;

async function analyst(policy?: object) {
  const started = await startTestSandbox({ hoursBefore: 4 });
  const { logs } = await assume(started, 'log-analysis', policy === undefined ? {} : { policy });
  const start = (queryString: string, change: Partial<StartQueryCommandInput> = {}) =>
    logs.send(
      new StartQueryCommand({
        logGroupNames: ['/ecs/prod/checkout'],
        startTime: INCIDENT_AT / 1000 - 300,
        endTime: INCIDENT_AT / 1000 + 3600,
        queryString,
        ...change,
      }),
    );
  const run = async (queryString: string, change: Partial<StartQueryCommandInput> = {}) => {
    const { queryId } = await start(queryString, change);
    let answer: GetQueryResultsCommandOutput;
    do {
      answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    } while (answer.status === 'Running');
    return answer;
  };
  const events = (change: Partial<GetLogEventsCommandInput>) =>
    logs.send(
      new GetLogEventsCommand({
        logGroupName: '/ecs/prod/checkout',
        logStreamName: 'ecs/checkout/0001',
        ...change,
      }),
    );
  return { ...started, logs, start, run, events };
}

function column(answer: GetQueryResultsCommandOutput, field: string) {
  return answer.results?.map((row) => row.find((cell) => cell.field === field)?.value);
}

test('a query runs by itself and answers the newest lines first, up to telemetry time', async () => {
  const { run } = await analyst();
  const answer = await run('fields @timestamp, @message, @logStream, @log | limit 3');
  expect(answer.status).toBe('Complete');
  expect(column(answer, '@timestamp')).toEqual([
    '2026-01-02 10:04:02.000',
    '2026-01-02 10:04:01.000',
    '2026-01-02 10:03:02.000',
  ]);
  expect(column(answer, '@log')?.[0]).toBe('000000000001:/ecs/prod/checkout');
  expect(new Set(column(answer, '@ptr')).size).toBe(3);
  expect(answer.statistics).toMatchObject({ recordsScanned: 15, recordsMatched: 15 });
});

test.each([
  ['filter @message like /OutOfMemory/', 5],
  ['filter @message like /outofmemory/', 0],
  ['filter @message like /(?i)outofmemory/', 5],
  ['filter @message like "OutOfMemory"', 5],
  ['filter @message not like /OutOfMemory/', 10],
  ['filter not (@message like /OutOfMemory/)', 10],
  ['filter level = "ERROR"', 5],
  ['filter order.id >= 7 and level = "ERROR"', 5],
  ['filter order.id > 7 or @message = "INFO request served"', 10],
  ['filter @logStream = "ecs/checkout/0001" | filter level = "ERROR" | limit 2', 2],
])('%s finds %i lines', async (query, count) => {
  const { run } = await analyst();
  expect((await run(`fields @message | ${query}`)).results).toHaveLength(count);
});

test('stats counts by minute', async () => {
  const { run } = await analyst();
  const answer = await run('stats count(*) as lines by bin(5m) | sort lines desc');
  expect(answer.results).toEqual([
    [
      { field: 'bin(5m)', value: '2026-01-02 10:00:00.000' },
      { field: 'lines', value: '10' },
    ],
    [
      { field: 'bin(5m)', value: '2026-01-02 09:55:00.000' },
      { field: 'lines', value: '5' },
    ],
  ]);
});

test('several groups are queried together', async () => {
  const { run } = await analyst();
  const answer = await run('stats count(*) as n by @log | sort @log asc', {
    logGroupNames: ['/ecs/prod/checkout', '/ecs/prod/catalog'],
  });
  expect(column(answer, 'n')).toEqual(['10', '15']);
});

test.each([
  'parse @message "* *" as a, b',
  'fields strlen(@message)',
  'filter @message like /(/',
  'filter @message',
  'stats avg(latency)',
  'limit 10001',
  'limit 5 | filter level = "ERROR"',
  'fields @message |',
  'dedup @message',
  `filter ${'('.repeat(50)}@message = "x"${')'.repeat(50)}`,
])('%s is malformed', async (query) => {
  const { start } = await analyst();
  expect(await refusal(start(query))).toBe('MalformedQueryException');
});

test('a regular expression that would match for hours ends the query and not the server', async () => {
  const { start, logs } = await analyst();
  const { queryId } = await start('filter @message like /^(([a-zA-Z ]+)+)+$no/ | limit 1');
  let status: string | undefined;
  do {
    status = (await logs.send(new GetQueryResultsCommand({ queryId }))).status;
  } while (status === 'Running');
  expect(status).toBe('Timeout');
  expect((await start('limit 1')).queryId).toBeDefined();
});

test('a session narrowed to one log group reads no other', async () => {
  const { start, events } = await analyst(
    allow(
      ['logs:StartQuery', 'logs:GetLogEvents'],
      'arn:aws:logs:us-east-1:000000000001:log-group:/ecs/prod/checkout:*',
    ),
  );
  expect(await refusal(start('limit 1'))).toBe('no error');
  expect(await refusal(events({ limit: 1 }))).toBe('no error');
  expect(await refusal(start('limit 1', { logGroupNames: ['/ecs/prod/payments'] }))).toBe('AccessDeniedException');
  expect(await refusal(start('limit 1', { logGroupNames: ['/ecs/prod/checkout', '/ecs/prod/payments'] }))).toBe(
    'AccessDeniedException',
  );
  const other = { logGroupName: '/ecs/prod/payments', logStreamName: 'ecs/payments/0001' };
  expect(await refusal(events(other))).toBe('AccessDeniedException');
});

test.each<[string, Partial<StartQueryCommandInput>, string]>([
  ['an unknown group', { logGroupNames: ['/ecs/prod/nobody'] }, 'ResourceNotFoundException'],
  ['an end before the start', { endTime: 0 }, 'InvalidParameterException'],
  ['two ways to name groups', { logGroupName: '/ecs/prod/checkout' }, 'InvalidParameterException'],
  ['a limit over 10,000', { limit: 10_001 }, 'InvalidParameterException'],
])('StartQuery refuses %s', async (_name, change, expected) => {
  const { start } = await analyst();
  expect(await refusal(start('limit 1', change))).toBe(expected);
});

test('an unknown query is not found', async () => {
  const { logs } = await analyst();
  expect(await refusal(logs.send(new GetQueryResultsCommand({ queryId: 'x' })))).toBe('ResourceNotFoundException');
});

test('GetLogEvents pages in both directions and repeats the token at the end', async () => {
  const { events } = await analyst();
  const window = { startTime: INCIDENT_AT, endTime: INCIDENT_AT + 3 * MINUTE, startFromHead: true, limit: 4 };
  const first = await events(window);
  expect(first.events?.map((event) => event.timestamp)).toEqual(
    [1000, 2000, 61_000, 62_000].map((offset) => INCIDENT_AT + offset),
  );
  const nextToken = first.nextForwardToken ?? '';
  const second = await events({ ...window, nextToken });
  expect(second.events).toHaveLength(2);
  const end = second.nextForwardToken ?? '';
  const third = await events({ ...window, nextToken: end });
  expect(third.events).toEqual([]);
  expect(third.nextForwardToken).toBe(end);
  const back = await events({ ...window, nextToken: second.nextBackwardToken ?? '' });
  expect(back.events).toEqual(first.events);
});

test('GetLogEvents begins with the newest, refuses unknown streams, groups and tokens', async () => {
  const { events } = await analyst();
  const newest = await events({ limit: 1 });
  expect(newest.events?.[0]?.timestamp).toBe(INCIDENT_AT + 4 * MINUTE + 2000);
  expect(await refusal(events({ logStreamName: 'nobody' }))).toBe('ResourceNotFoundException');
  expect(await refusal(events({ logGroupName: '/nobody' }))).toBe('ResourceNotFoundException');
  expect(await refusal(events({ nextToken: 'f/x' }))).toBe('InvalidParameterException');
});
