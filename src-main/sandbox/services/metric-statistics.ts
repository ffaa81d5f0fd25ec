import type { MetricRef } from '#shared/model/service-map.ts';
import type { AccountState } from '../account-state.ts';
import type { Sample } from '../telemetry/served-data.ts';

/**
 * Every recorded cell counts as one published sample of its minute. At a period of 60 s the recorded statistic is thus
 * answered as recorded, and longer periods aggregate the minutes inside them: Average is their mean, Sum their sum,
 * Minimum and Maximum their extremes, pNN the NN-th percentile of the minutes (nearest rank). SampleCount is their
 * number, except for a metric recorded as SampleCount, whose cells are the counts themselves.
 */
export type Aggregate = (values: readonly number[]) => number;

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** The aggregate of a CloudWatch statistic; undefined for a name CloudWatch does not know. */
export function aggregateOf(stat: string, recorded: string): Aggregate | undefined {
  switch (stat) {
    case 'Average':
      return (values) => sum(values) / values.length;
    case 'Sum':
      return sum;
    case 'Minimum':
      return (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'Maximum':
      return (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'SampleCount':
      return recorded === 'SampleCount' ? sum : (values) => values.length;
  }
  const percent = PERCENTILE.exec(stat)?.[1];
  return percent === undefined ? undefined : (values) => nearestRank(values, Number(percent));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: ReadonlyMap<string, string>;
}

/** The recorded metric with exactly these dimensions; of several, the one recorded with the wanted statistic. */
export function findMetric(account: AccountState, identity: MetricIdentity, stat: string): MetricRef | undefined {
  const candidates = account.scenario.map.services
    .flatMap((service) => service.metrics)
    .filter((metric) => isIdentity(metric, identity));
  return candidates.find((metric) => metric.stat === stat) ?? candidates[0];
}

function isIdentity(metric: MetricRef, identity: MetricIdentity): boolean {
  const entries = Object.entries(metric.dimensions);
  return (
    metric.namespace === identity.namespace &&
    metric.name === identity.name &&
    entries.length === identity.dimensions.size &&
    entries.every(([name, value]) => identity.dimensions.get(name) === value)
  );
}

export interface Window {
  /** Epoch milliseconds, [start, end). */
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

/** Data points of a metric: periods begin at multiples of the period since the epoch, as CloudWatch aligns them. */
export function aggregateSamples(
  account: AccountState,
  key: string,
  window: Window,
  now: number,
  aggregate: Aggregate,
): readonly Sample[] {
  const { periodMs } = window;
  const from = Math.floor(window.start / periodMs) * periodMs;
  const to = Math.ceil(window.end / periodMs) * periodMs;
  const points: Sample[] = [];
  let bucket: number[] = [];
  let bucketStart = Number.NaN;
  const flush = () => {
    if (bucket.length > 0) points.push({ time: bucketStart, value: aggregate(bucket) });
  };
  for (const sample of account.data.samples(key, from, to, now)) {
    const start = Math.floor(sample.time / periodMs) * periodMs;
    if (start !== bucketStart) {
      flush();
      bucket = [];
      bucketStart = start;
    }
    bucket.push(sample.value);
  }
  flush();
  return points;
}
