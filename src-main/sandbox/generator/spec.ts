import type { MetricKind } from '#shared/model/service-map.ts';

/** Minutes relative to the incident's start; negative is before. */
export type RelativeMinute = number;

/** How a service reports its load: through a load balancer, as an instrumented service, or as a managed data store. */
export type Telemetry = 'load-balancer' | 'service' | 'rds' | 'elasticache';

/** One service as it behaves when nothing is wrong. */
export interface ServiceSpec {
  readonly name: string;
  readonly telemetry: Telemetry;
  /** Own share of the p95 latency in milliseconds, without what its callees take. */
  readonly ownLatencyMs: number;
  /** Relative standard deviation of the own latency from minute to minute. */
  readonly noise: number;
  /** Own failures per request. */
  readonly errorRate: number;
  /** Average CPU in percent without load, and what the usual load adds. */
  readonly cpu: { readonly idle: number; readonly load: number };
  /** Average memory in percent. */
  readonly memory: number;
  /** Absent for data stores, which are not deployed on ECS. */
  readonly ecs?: EcsSpec;
}

export interface EcsSpec {
  readonly tasks: number;
  /** The newest revision of the task definition inside the recorded time. */
  readonly revision: number;
  readonly cpu: string;
  readonly memory: string;
  readonly port: number;
  /** Log lines a minute at the usual load, before sampling. */
  readonly logLines: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** One edge of the service map and what it carries. */
export interface CallSpec {
  readonly from: string;
  readonly to: string;
  /** Calls per request of the caller. */
  readonly ratio: number;
  /** Share of the callee's latency that reaches the caller's p95. */
  readonly weight: number;
  /** Chance that a failed call fails the caller's request. */
  readonly propagation: number;
  readonly timeoutMs: number;
  /** Further tries per failed call. */
  readonly retries: number;
}

export interface TopologySpec {
  readonly system: string;
  readonly region: string;
  readonly cluster: string;
  readonly entry: string;
  /** Requests a minute at the entry, on average. */
  readonly requestsPerMinute: number;
  readonly services: readonly ServiceSpec[];
  readonly calls: readonly CallSpec[];
}

/** What breaks. Fault families are data, so that a benchmark can vary service, strength and time. */
export type FaultSpec =
  | {
      readonly family: 'bad-deployment';
      readonly service: string;
      readonly deployedAt: RelativeMinute;
      readonly addedMs: number;
      readonly errorRate: number;
      readonly environment?: Readonly<Record<string, string>>;
    }
  | {
      readonly family: 'memory-leak';
      readonly service: string;
      readonly deployedAt: RelativeMinute;
      /** Hours until a task of average traffic is full. */
      readonly hoursToFull: number;
      /** How many times slower a task with full memory answers. */
      readonly slowdown: number;
      readonly environment?: Readonly<Record<string, string>>;
    }
  | {
      readonly family: 'cpu-hog';
      readonly service: string;
      readonly startsAt: RelativeMinute;
      readonly cpu: number;
      readonly slowdown: number;
    }
  | {
      readonly family: 'downstream-latency';
      readonly service: string;
      readonly startsAt: RelativeMinute;
      readonly slowdown: number;
    }
  | { readonly family: 'healthy' };

/** Loud things that are not the cause. */
export type BackgroundSpec =
  | {
      readonly kind: 'daily'; // a batch job or backup
      readonly service: string;
      /** Minute of the day, UTC. */
      readonly at: number;
      readonly minutes: number;
      readonly cpu: number;
      readonly slowdown: number;
    }
  | {
      readonly kind: 'bursts'; // comes and goes by chance
      readonly service: string;
      readonly perDay: number;
      readonly minutes: number;
      readonly cpu: number;
      readonly slowdown: number;
      /** One burst that begins at this minute whatever chance says. */
      readonly also?: RelativeMinute;
    }
  | { readonly kind: 'deployment'; readonly service: string; readonly at: RelativeMinute }
  | {
      readonly kind: 'schedule';
      readonly service: string;
      readonly up: number;
      readonly down: number;
      readonly add: number;
    }
  | { readonly kind: 'gap'; readonly key: string; readonly from: RelativeMinute; readonly minutes: number };

export interface ScenarioSpec {
  readonly id: string;
  readonly title: string;
  readonly seed: number;
  readonly topology: TopologySpec;
  readonly fault: FaultSpec;
  readonly background: readonly BackgroundSpec[];
  readonly incident: {
    readonly title: string;
    readonly severity: 'critical' | 'high' | 'medium' | 'low';
    readonly service: string;
    readonly metric: string;
    /** RFC 3339 with milliseconds, on a whole minute. */
    readonly startedAt: string;
  };
  /** What the sandbox does with the served metrics after a remediation. */
  readonly effects?: Readonly<Record<'rollback' | 'restart', 'recover' | 'relapse' | 'none'>>;
  /** Whether the revision before the faulty one has been deregistered. */
  readonly previousDeregistered: boolean;
  /** Whether task definitions name an execution and a task role. */
  readonly taskRoles: boolean;
}

/** How much of a scenario to write; tests and benchmarks make small ones. */
export interface GenerateOptions {
  readonly minutesBefore?: number;
  readonly minutesAfter?: number;
  /** Only these services and the calls between them. The entry must be among them. */
  readonly services?: readonly string[];
  readonly logs?: boolean;
}

/** A metric column: what it is called here and what CloudWatch calls it. */
export interface MetricColumn {
  readonly key: string;
  readonly kind: MetricKind;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly unit: string;
}
