import type { MetricKind } from '#shared/model/service-map.ts';
import type { Random } from './random.ts';
import type { Signals } from './signals.ts';
import type { MetricColumn, ScenarioSpec, ServiceSpec, TopologySpec } from './spec.ts';
import { at, type Series, type Timeline } from './timeline.ts';

/** A column and where its numbers come from. `factor` converts to the unit CloudWatch uses. */
interface Measure {
  readonly column: MetricColumn;
  readonly series: (signals: Signals) => Series;
  readonly factor: number;
  readonly decimals: number;
  /** CloudWatch publishes some counts only when they are not zero. */
  readonly omitZero: boolean;
}

interface MeasureInput {
  readonly kind: MetricKind;
  readonly suffix?: string;
  readonly name: string;
  readonly stat: string;
  readonly unit: string;
  readonly series: (signals: Signals) => Series;
  readonly factor?: number;
  readonly decimals: number;
  readonly omitZero?: boolean;
}

/** Share of data points lost at random, as in any real account. */
const LOST = 0.0004;

const LOAD_BALANCER = {
  LoadBalancer: 'app/shop-prod/3f1c9a7be2d04c58',
  TargetGroup: 'targetgroup/frontend/9b62d4f10c7ae835',
};

function measure(
  service: ServiceSpec,
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  input: MeasureInput,
): Measure {
  const { kind, name, stat, unit } = input;
  const key = `${service.name}.${input.suffix ?? kind}`;
  return {
    column: { key, kind, namespace, name, dimensions, stat, unit },
    series: input.series,
    factor: input.factor ?? 1,
    decimals: input.decimals,
    omitZero: input.omitZero ?? false,
  };
}

const CPU = {
  kind: 'cpu',
  name: 'CPUUtilization',
  stat: 'Average',
  unit: 'Percent',
  series: (s: Signals) => s.cpu,
  decimals: 1,
} as const;
const MEMORY = {
  kind: 'memory',
  name: 'MemoryUtilization',
  stat: 'Average',
  unit: 'Percent',
  series: (s: Signals) => s.memory,
  decimals: 1,
} as const;
const REQUESTS = {
  kind: 'requests',
  name: 'RequestCount',
  stat: 'Sum',
  unit: 'Count',
  series: (s: Signals) => s.requests,
  decimals: 0,
} as const;
const CONNECTIONS = {
  kind: 'other',
  suffix: 'connections',
  stat: 'Average',
  unit: 'Count',
  series: (s: Signals) => s.connections,
  decimals: 0,
} as const;

/**
 * Metrics of one service under the names CloudWatch gives them: Application Load Balancer at the front, Application
 * Signals and ECS Service Connect inside, RDS and ElastiCache for the stores.
 */
function listMeasures(service: ServiceSpec, cluster: string): readonly Measure[] {
  const task = { ClusterName: cluster, ServiceName: service.name };
  const usage = [measure(service, 'AWS/ECS', task, CPU), measure(service, 'AWS/ECS', task, MEMORY)];
  const latency = (s: Signals) => s.latency;
  const errors = (s: Signals) => s.errors;
  switch (service.telemetry) {
    case 'load-balancer': {
      const balancer = (input: MeasureInput) => measure(service, 'AWS/ApplicationELB', LOAD_BALANCER, input);
      return [
        balancer({
          kind: 'latency',
          name: 'TargetResponseTime',
          stat: 'p95',
          unit: 'Seconds',
          series: latency,
          factor: 0.001,
          decimals: 4,
        }),
        balancer({
          kind: 'errors',
          name: 'HTTPCode_Target_5XX_Count',
          stat: 'Sum',
          unit: 'Count',
          series: errors,
          decimals: 0,
          omitZero: true,
        }),
        balancer(REQUESTS),
        ...usage,
      ];
    }
    case 'service': {
      const signals = (input: MeasureInput) =>
        measure(service, 'ApplicationSignals', { Environment: `ecs:${cluster}`, Service: service.name }, input);
      return [
        signals({ kind: 'latency', name: 'Latency', stat: 'p95', unit: 'Milliseconds', series: latency, decimals: 1 }),
        signals({ kind: 'errors', name: 'Fault', stat: 'Sum', unit: 'Count', series: errors, decimals: 0 }),
        measure(service, 'AWS/ECS', { ...task, DiscoveryName: service.name }, REQUESTS),
        ...usage,
      ];
    }
    case 'rds': {
      const database = (input: MeasureInput) =>
        measure(service, 'AWS/RDS', { DBInstanceIdentifier: service.name }, input);
      return [
        database({
          kind: 'latency',
          name: 'ReadLatency',
          stat: 'Average',
          unit: 'Seconds',
          series: latency,
          factor: 0.001,
          decimals: 5,
        }),
        database(CPU),
        database({ ...CONNECTIONS, name: 'DatabaseConnections' }),
      ];
    }
    case 'elasticache': {
      const cache = (input: MeasureInput) =>
        measure(service, 'AWS/ElastiCache', { CacheClusterId: `${service.name}-001` }, input);
      return [cache({ ...CPU, name: 'EngineCPUUtilization' }), cache({ ...CONNECTIONS, name: 'CurrConnections' })];
    }
    default: {
      const unknown: never = service.telemetry;
      throw new RangeError(`unknown telemetry: ${String(unknown)}`);
    }
  }
}

/** The columns of one service, in the order of metrics.csv. */
export function listColumns(service: ServiceSpec, topology: TopologySpec): readonly MetricColumn[] {
  return listMeasures(service, topology.cluster).map((item) => item.column);
}

/** metrics.csv: one row a minute; empty cells where CloudWatch would have no data point. */
export function writeMetrics(
  spec: ScenarioSpec,
  timeline: Timeline,
  signals: ReadonlyMap<string, Signals>,
  random: Random,
): string {
  const columns = spec.topology.services.flatMap((service) => {
    const measured = signals.get(service.name);
    if (measured === undefined) throw new RangeError(`no signals for ${service.name}`);
    return listMeasures(service, spec.topology.cluster).map((item) => ({ ...item, values: item.series(measured) }));
  });
  const gaps = spec.background.flatMap((item) =>
    item.kind === 'gap' ? [{ ...item, start: timeline.index(item.from) }] : [],
  );
  const draws = random.fork('lost');
  const lines = [`time,${columns.map((item) => item.column.key).join(',')}`];
  for (let i = 0; i < timeline.length; i += 1) {
    const missing = new Set(gaps.filter((gap) => i >= gap.start && i < gap.start + gap.minutes).map((gap) => gap.key));
    const cells = columns.map(({ column, values, factor, decimals, omitZero }) => {
      const value = at(values, i) * factor;
      if (draws.next() < LOST || missing.has(column.key) || (omitZero && value === 0)) return '';
      return String(Number(value.toFixed(decimals)));
    });
    lines.push(`${timeline.time(i)},${cells.join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}
