import { createHash } from 'node:crypto';
import type { AccountState } from '../account-state.ts';
import { AwsError } from '../http/aws-error.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { parseQuery } from '../logs/query-parser.ts';
import { QuerySyntaxError } from '../logs/query-tokens.ts';
import type { ServedLog } from '../telemetry/served-data.ts';
import { GetLogEventsInput, GetQueryResultsInput, StartQueryInput } from './logs-input.ts';
import { defineOperation, type Operation } from './operation.ts';

const MAX_RUNNING = 30;

/** A log stream of this empty name is what AWS names when a whole group is asked for. */
function groupResource(account: AccountState, group: string): string {
  return `arn:aws:logs:${account.region}:${account.accountId}:log-group:${group}:log-stream:`;
}

const startQuery = defineOperation({
  action: 'logs:StartQuery',
  input: StartQueryInput,
  access: (input, account) => ({
    resources: groupNames(input, account).map((group) => groupResource(account, group)),
  }),
  run: (input, { account }) => {
    const groups = groupNames(input, account);
    for (const group of groups) servicesOfGroup(account, group);
    if (input.startTime > input.endTime) throw invalid('End time should not be less than start time');
    const commands = compile(input.queryString);
    const limited =
      input.limit === undefined ? commands : [...commands, { type: 'limit' as const, count: input.limit }];
    if (account.queries.running() >= MAX_RUNNING) {
      throw new AwsError(
        'LimitExceededException',
        `Account maximum query concurrency limit of [${MAX_RUNNING}] reached.`,
      );
    }
    const now = account.telemetry.now();
    const query = account.queries.start(limited, () =>
      groups
        .flatMap((group) =>
          groupLines(account, group, input.startTime * 1000, input.endTime * 1000 + 1000, now).map((line) =>
            toRecord(account, group, line),
          ),
        )
        .sort((a, b) => a.line.time - b.line.time),
    );
    return { queryId: query.id };
  },
});

function toRecord(account: AccountState, group: string, line: ServedLog): LogRecord {
  const log = `${account.accountId}:${group}`;
  const pointer = createHash('sha256').update(`${log}\n${line.stream}\n${line.time}\n${line.message}`).digest('base64');
  return { line, log, pointer };
}

function compile(queryString: string) {
  try {
    return parseQuery(queryString);
  } catch (error) {
    if (error instanceof QuerySyntaxError) {
      throw new AwsError('MalformedQueryException', `${error.message} ([${error.at},${error.at}])`);
    }
    throw error;
  }
}

const getQueryResults = defineOperation({
  action: 'logs:GetQueryResults',
  input: GetQueryResultsInput,
  // AWS has no resource-level permission for it.
  access: () => ({ resources: ['*'] }),
  run: (input, { account }) => {
    const query = account.queries.find(input.queryId);
    if (query === undefined) {
      throw new AwsError('ResourceNotFoundException', `Query ${input.queryId} does not exist.`);
    }
    return {
      queryLanguage: 'CWLI',
      status: query.status,
      results: query.results,
      statistics: {
        recordsMatched: query.recordsMatched,
        recordsScanned: query.recordsScanned,
        bytesScanned: query.bytesScanned,
      },
    };
  },
});

const MAX_PAGE_BYTES = 1024 * 1024;
/** AWS counts this for each event beside its text. */
const EVENT_OVERHEAD = 26;

const getLogEvents = defineOperation({
  action: 'logs:GetLogEvents',
  input: GetLogEventsInput,
  access: (input, account) => ({
    resources: [`${groupResource(account, groupOfEvents(input, account))}${input.logStreamName}`],
  }),
  run: (input, { account }) => {
    const now = account.telemetry.now();
    const group = groupOfEvents(input, account);
    const stream = groupLines(account, group, account.data.start, now + 1, now).filter(
      (line) => line.stream === input.logStreamName,
    );
    if (stream.length === 0) {
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    }
    const first = stream.findIndex((line) => line.time >= (input.startTime ?? 0));
    const last = stream.findLastIndex((line) => line.time < (input.endTime ?? Number.POSITIVE_INFINITY));
    const low = first === -1 ? stream.length : first;
    const high = Math.max(low, last + 1);
    const { begin, end } = pageBounds(input, stream, low, high);
    return {
      events: stream
        .slice(begin, end)
        .map((line) => ({ timestamp: line.time, message: line.message, ingestionTime: line.time })),
      nextForwardToken: `f/${String(end).padStart(56, '0')}`,
      nextBackwardToken: `b/${String(begin).padStart(56, '0')}`,
    };
  },
});

/** Tokens are positions in the stream; at either end the token that came in goes out again, as at AWS. */
function pageBounds(input: GetLogEventsInput, stream: readonly ServedLog[], low: number, high: number) {
  const token = /^([fb])\/(\d{56})$/.exec(input.nextToken ?? '');
  if (input.nextToken !== undefined && token === null) throw invalid('The specified nextToken is invalid.');
  const forward = token === null ? input.startFromHead : token[1] === 'f';
  const origin = token === null ? (forward ? low : high) : Math.min(Math.max(Number(token[2]), low), high);
  let [begin, end] = [origin, origin];
  let bytes = 0;
  while (end - begin < input.limit) {
    const line = forward ? stream[end] : stream[begin - 1];
    if (line === undefined || (forward ? end >= high : begin <= low)) break;
    bytes += Buffer.byteLength(line.message) + EVENT_OVERHEAD;
    if (bytes > MAX_PAGE_BYTES && end > begin) break;
    if (forward) end += 1;
    else begin -= 1;
  }
  return { begin, end };
}

function groupNames(input: StartQueryInput, account: AccountState): readonly string[] {
  const given = [
    input.logGroupName === undefined ? undefined : [input.logGroupName],
    input.logGroupNames,
    input.logGroupIdentifiers?.map((identifier) => groupOfIdentifier(identifier, account)),
  ].filter((names) => names !== undefined);
  const [names] = given;
  if (names === undefined || given.length > 1) {
    throw invalid('Exactly one of logGroupName, logGroupNames and logGroupIdentifiers is required.');
  }
  return [...new Set(names)];
}

function groupOfEvents(input: GetLogEventsInput, account: AccountState): string {
  const { logGroupName, logGroupIdentifier } = input;
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined)) {
    throw invalid('Exactly one of logGroupName and logGroupIdentifier is required.');
  }
  return logGroupName ?? groupOfIdentifier(logGroupIdentifier ?? '', account);
}

/** A log group's name, or its ARN with or without the trailing `:*`. */
function groupOfIdentifier(identifier: string, account: AccountState): string {
  const prefix = `arn:aws:logs:${account.region}:${account.accountId}:log-group:`;
  return identifier.startsWith(prefix) ? identifier.slice(prefix.length).replace(/:\*$/, '') : identifier;
}

/** Several services may write to one group. */
function servicesOfGroup(account: AccountState, group: string): readonly string[] {
  const services = account.scenario.map.services.filter((entry) => entry.logGroup === group);
  if (services.length === 0) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Log group '${group}' does not exist for account ID '${account.accountId}'`,
    );
  }
  return services.map((service) => service.name);
}

/** Served lines of a group, ascending. */
function groupLines(account: AccountState, group: string, from: number, to: number, now: number): readonly ServedLog[] {
  return servicesOfGroup(account, group)
    .flatMap((service) => account.data.logs(service, from, to, now))
    .sort((a, b) => a.time - b.time);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export const LOGS_OPERATIONS: readonly Operation[] = [startQuery, getQueryResults, getLogEvents];
