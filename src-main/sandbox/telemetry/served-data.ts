import type { Scenario, ScenarioLog } from '../scenario/load-scenario.ts';
import { findHealthiest, lowerBound } from './healthiest.ts';
import { createTimeline, MINUTE, type Timeline } from './timeline.ts';

/** One data point of a metric: the start of its minute (epoch milliseconds) and the recorded value. */
export interface Sample {
  readonly time: number;
  readonly value: number;
}

export interface ServedLog {
  /** Epoch milliseconds, as served. */
  readonly time: number;
  readonly stream: string;
  readonly message: string;
}

/** What the recorded system shows at a telemetry time; nothing later than that time is ever given out. */
export interface ServedData {
  readonly timeline: Timeline;
  /** First recorded time. */
  readonly start: number;
  /** Data points with from ≤ time < to and time ≤ now. */
  samples(key: string, from: number, to: number, now: number): readonly Sample[];
  /** Log lines of a service with from ≤ time < to and time ≤ now, ascending. */
  logs(service: string, from: number, to: number, now: number): readonly ServedLog[];
}

interface LogColumn {
  readonly times: readonly number[];
  readonly lines: readonly ScenarioLog[];
}

export function createServedData(scenario: Scenario): ServedData {
  const { times } = scenario.metrics;
  const logs = logColumns(scenario.logs);
  const start = Math.min(times[0] ?? 0, scenario.logs[0]?.time ?? Number.POSITIVE_INFINITY);
  const lastMetric = (times.at(-1) ?? 0) + MINUTE;
  const lastLog = (scenario.logs.at(-1)?.time ?? 0) + 1;
  const incidentAt = Date.parse(scenario.incident.startedAt);
  const kind = metricKind(scenario);
  const timeline = createTimeline({
    start: Math.floor(start / MINUTE) * MINUTE,
    end: Math.ceil(Math.max(lastMetric, lastLog) / MINUTE) * MINUTE,
    incidentAt,
    healthiest: findHealthiest(scenario.metrics, scenario.incident.metric, kind, incidentAt),
  });
  return {
    timeline,
    start,
    samples: (key, from, to, now) => {
      const values = scenario.metrics.series.get(key);
      if (values === undefined) return [];
      const samples: Sample[] = [];
      for (const piece of timeline.pieces(from, Math.min(to, now + 1))) {
        const end = lowerBound(times, piece.to + piece.shift);
        for (let index = lowerBound(times, piece.from + piece.shift); index < end; index += 1) {
          const value = values[index] ?? Number.NaN;
          if (!Number.isNaN(value)) samples.push({ time: (times[index] ?? 0) - piece.shift, value });
        }
      }
      return samples;
    },
    logs: (service, from, to, now) => {
      const column = logs.get(service);
      if (column === undefined) return [];
      const served: ServedLog[] = [];
      for (const piece of timeline.pieces(from, Math.min(to, now + 1))) {
        const end = lowerBound(column.times, piece.to + piece.shift);
        for (let index = lowerBound(column.times, piece.from + piece.shift); index < end; index += 1) {
          const line = column.lines[index];
          if (line === undefined) continue;
          served.push({ time: line.time - piece.shift, stream: line.stream ?? line.service, message: line.message });
        }
      }
      return served;
    },
  };
}

function metricKind(scenario: Scenario) {
  const metrics = scenario.map.services.flatMap((service) => service.metrics);
  return metrics.find((metric) => metric.key === scenario.incident.metric)?.kind ?? 'other';
}

function logColumns(lines: readonly ScenarioLog[]): ReadonlyMap<string, LogColumn> {
  const columns = new Map<string, { times: number[]; lines: ScenarioLog[] }>();
  for (const line of lines) {
    const column = columns.get(line.service) ?? { times: [], lines: [] };
    if (column.times.length === 0) columns.set(line.service, column);
    column.times.push(line.time);
    column.lines.push(line);
  }
  return columns;
}
