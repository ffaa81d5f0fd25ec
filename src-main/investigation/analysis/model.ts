import type { Citation } from '#shared/model/evidence.ts';
import type { MetricKind, ServiceMap } from '#shared/model/service-map.ts';

/**
 * Where a run of values stands in the stored evidence: `count` rows beginning at `firstRow` of the array `pointer` in the
 * stored answer `digest`. A series that came in several pages has several segments, in the order of its values.
 */
export interface SourceSegment {
  readonly digest: string;
  readonly pointer: string;
  readonly firstRow: number;
  readonly count: number;
}

/** One metric over time. `times` are epoch milliseconds, ascending; `values[i]` was observed at `times[i]`. */
export interface Series {
  readonly service: string;
  readonly key: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly stat: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly source: readonly SourceSegment[];
}

/** One log line. The message is untrusted input: it is only ever counted, see log-templates.ts. */
export interface LogLine {
  readonly service: string;
  readonly time: number;
  readonly message: string;
  readonly source: { readonly digest: string; readonly pointer: string; readonly row: number };
}

export type ChangeKind = 'deployment' | 'scaling' | 'task-stopped' | 'config';

/** Something done to a service; `from` and `to` name the versions where the cloud tells them. */
export interface Change {
  readonly service: string;
  readonly time: number;
  readonly kind: ChangeKind;
  readonly from?: string;
  readonly to?: string;
  readonly citation: Citation;
}

/** What raised the incident, and up to when there is telemetry. */
export interface Signal {
  readonly service: string;
  readonly metricKey?: string;
  readonly kind: MetricKind;
  readonly startedAt: number;
  readonly observedUntil: number;
}

export interface AnalysisInput {
  readonly map: ServiceMap;
  readonly signal: Signal;
  readonly series: readonly Series[];
  readonly logs: readonly LogLine[];
  readonly changes: readonly Change[];
}

/** A sentence made of numbers and of names from the service map, never of log text, and the rows it rests on. */
export interface Claim {
  readonly kind: string;
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** Which detector speaks loudest for a service; `none` when nothing does. */
export type DetectorName = 'resource' | 'logs' | 'latency' | 'errors' | 'silence' | 'none';

export interface RankedService {
  readonly service: string;
  /** Evidence times the change multiplier, 0 upwards; comparable within one ranking only. */
  readonly score: number;
  /** Probability that this service is the root cause, see confidence.ts. */
  readonly confidence: number;
  readonly detector: DetectorName;
  /** First point of the run of unusual values that reaches into the incident window, epoch ms. */
  readonly onsetAt?: number;
  readonly reasons: readonly Claim[];
  readonly against: readonly Claim[];
  /** The change that explains the onset best. */
  readonly change?: Change;
}

export interface Ranking {
  readonly method: { readonly name: string; readonly version: string };
  /** Every service of the map, best first, ties by name. */
  readonly ranked: readonly RankedService[];
  /** The order the telemetry alone gives. */
  readonly rankedWithoutChanges: readonly string[];
  readonly abstained: boolean;
  /** Confidence below which the engine names no cause. */
  readonly threshold: number;
  /** What the engine would need to see, in words. */
  readonly needed: readonly string[];
  readonly considered: number;
}
