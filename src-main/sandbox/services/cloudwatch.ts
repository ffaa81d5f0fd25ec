import { createHash } from 'node:crypto';
import type { AccountState } from '../account-state.ts';
import { AwsError } from '../http/aws-error.ts';
import type { Sample } from '../telemetry/served-data.ts';
import { GetMetricDataInput, GetMetricStatisticsInput, type MetricQuery } from './cloudwatch-input.ts';
import { type Aggregate, aggregateOf, aggregateSamples, findMetric } from './metric-statistics.ts';
import { defineOperation, type Operation } from './operation.ts';
import { openToken, sealToken } from './page-token.ts';

/** CloudWatch metrics have no resource-level permissions. */
const ANY_RESOURCE = { resources: ['*'] };

interface QueryResult {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Sample[];
}

const getMetricData = defineOperation({
  action: 'cloudwatch:GetMetricData',
  input: GetMetricDataInput,
  access: () => ANY_RESOURCE,
  run: (input, { account }) => {
    checkTimes(input.StartTime, input.EndTime);
    const ids = input.MetricDataQueries.map((query) => query.Id);
    if (new Set(ids).size !== ids.length)
      throw validation('The values for parameter id in MetricDataQueries are not unique.');
    const scope = createHash('sha256')
      .update(JSON.stringify([account.accountId, { ...input, NextToken: undefined }]))
      .digest('hex');
    const position = input.NextToken === undefined ? undefined : openToken(scope, input.NextToken);
    if (input.NextToken !== undefined && position === undefined) {
      throw new AwsError('InvalidNextToken', 'The next token specified is invalid.');
    }
    // All pages show the state at the first one's telemetry time.
    const [offset = 0, now = account.telemetry.now()] = position ?? [];
    const results = input.MetricDataQueries.filter((query) => query.ReturnData).map((query) =>
      runQuery(account, query, input, now),
    );
    return page(results, offset, input.MaxDatapoints, (next) => sealToken(scope, [next, now]));
  },
});

function runQuery(account: AccountState, query: MetricQuery, input: GetMetricDataInput, now: number): QueryResult {
  const { Metric, Period, Stat, Unit } = query.MetricStat;
  const dimensions = dimensionMap(Metric.Dimensions);
  const metric = findMetric(account, { namespace: Metric.Namespace, name: Metric.MetricName, dimensions }, Stat);
  const aggregate = knownAggregate(Stat, metric?.stat ?? Stat);
  const window = { start: input.StartTime, end: input.EndTime, periodMs: Period * 1000 };
  const served = metric !== undefined && (Unit === undefined || Unit === metric.unit);
  const points = served ? aggregateSamples(account, metric.key, window, now, aggregate) : [];
  return {
    id: query.Id,
    label: query.Label ?? Metric.MetricName,
    points: input.ScanBy === 'TimestampDescending' ? points.toReversed() : points,
  };
}

/** One page of at most `max` data points over all results in their order. */
function page(results: readonly QueryResult[], offset: number, max: number, token: (next: number) => string) {
  const total = results.reduce((sum, result) => sum + result.points.length, 0);
  const end = Math.min(total, offset + max);
  const answered: object[] = [];
  let begin = 0;
  for (const { id, label, points } of results) {
    const part = points.slice(Math.max(0, offset - begin), Math.max(0, end - begin));
    begin += points.length;
    if (part.length === 0 && !(points.length === 0 && offset === 0)) continue;
    answered.push({
      Id: id,
      Label: label,
      Timestamps: part.map((point) => point.time / 1000),
      Values: part.map((point) => point.value),
      StatusCode: begin <= end ? 'Complete' : 'PartialData',
    });
  }
  return { MetricDataResults: answered, Messages: [], ...(end < total ? { NextToken: token(end) } : {}) };
}

/** AWS's bound on one GetMetricStatistics answer. */
const MAX_STATISTICS_POINTS = 1440;

const getMetricStatistics = defineOperation({
  action: 'cloudwatch:GetMetricStatistics',
  input: GetMetricStatisticsInput,
  access: () => ANY_RESOURCE,
  run: (input, { account }) => {
    checkTimes(input.StartTime, input.EndTime);
    const statistics = input.Statistics ?? [];
    const extended = input.ExtendedStatistics ?? [];
    if (statistics.length + extended.length === 0) {
      throw new AwsError(
        'MissingRequiredParameterException',
        'At least one of the parameters Statistics or ExtendedStatistics must be specified.',
      );
    }
    const requested = Math.ceil((input.EndTime - input.StartTime) / 1000 / input.Period);
    if (requested > MAX_STATISTICS_POINTS) {
      throw new AwsError(
        'InvalidParameterCombinationException',
        `You have requested up to ${requested} datapoints, which exceeds the limit of ${MAX_STATISTICS_POINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    }
    return { Label: input.MetricName, Datapoints: datapoints(account, input, statistics, extended) };
  },
});

function datapoints(
  account: AccountState,
  input: GetMetricStatisticsInput,
  statistics: readonly string[],
  extended: readonly string[],
): readonly object[] {
  const identity = {
    namespace: input.Namespace,
    name: input.MetricName,
    dimensions: dimensionMap(input.Dimensions),
  };
  const window = { start: input.StartTime, end: input.EndTime, periodMs: input.Period * 1000 };
  const now = account.telemetry.now();
  const byTime = new Map<number, Record<string, unknown>>();
  for (const stat of [...statistics, ...extended]) {
    const metric = findMetric(account, identity, stat);
    const aggregate = knownAggregate(stat, metric?.stat ?? stat);
    if (metric === undefined || (input.Unit !== undefined && input.Unit !== metric.unit)) continue;
    for (const { time, value } of aggregateSamples(account, metric.key, window, now, aggregate)) {
      const point = byTime.get(time) ?? { Timestamp: time / 1000, Unit: metric.unit };
      byTime.set(time, point);
      if (statistics.includes(stat)) point[stat] = value;
      else point.ExtendedStatistics = { ...(point.ExtendedStatistics ?? {}), [stat]: value };
    }
  }
  return [...byTime].sort(([a], [b]) => a - b).map(([, point]) => point);
}

function knownAggregate(stat: string, recorded: string): Aggregate {
  const aggregate = aggregateOf(stat, recorded);
  if (aggregate === undefined) {
    throw new AwsError(
      'InvalidParameterValueException',
      `The value ${stat} for parameter Stat is not a valid statistic.`,
    );
  }
  return aggregate;
}

function dimensionMap(dimensions: readonly { readonly Name: string; readonly Value: string }[]) {
  return new Map(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function checkTimes(start: number, end: number): void {
  if (start >= end) throw validation('The parameter EndTime must be greater than StartTime.');
}

function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export const CLOUDWATCH_OPERATIONS: readonly Operation[] = [getMetricData, getMetricStatistics];
