import type { GenerateOptions, RelativeMinute, ScenarioSpec } from './spec.ts';

const MINUTE_MS = 60_000;

/** The recorded minutes of a scenario; minute 0 is the first row of metrics.csv. */
export interface Timeline {
  readonly length: number;
  /** Index of the minute in which the incident starts. */
  readonly incident: number;
  /** Index of a relative minute; may lie outside the recording. */
  index(minute: RelativeMinute): number;
  /** RFC 3339 with milliseconds. `offsetMs` is added to the beginning of the minute. */
  time(index: number, offsetMs?: number): string;
  /** Minute of the day, UTC. */
  minuteOfDay(index: number): number;
  /** 0 is Sunday, UTC. */
  dayOfWeek(index: number): number;
}

/** Three days before and an hour after the incident's start, unless the options say otherwise. */
export function createTimeline(spec: ScenarioSpec, options: GenerateOptions): Timeline {
  const start = Date.parse(spec.incident.startedAt);
  if (!Number.isFinite(start) || start % MINUTE_MS !== 0) {
    throw new RangeError(`startedAt must be an RFC 3339 time on a whole minute: ${spec.incident.startedAt}`);
  }
  const before = options.minutesBefore ?? 4_320;
  const first = start - before * MINUTE_MS;
  return {
    length: before + (options.minutesAfter ?? 60) + 1,
    incident: before,
    index: (minute) => before + minute,
    time: (index, offsetMs = 0) => new Date(first + index * MINUTE_MS + offsetMs).toISOString(),
    minuteOfDay: (index) => Math.floor((first / MINUTE_MS + index) % 1_440),
    dayOfWeek: (index) => new Date(first + index * MINUTE_MS).getUTCDay(),
  };
}

/** A numeric series over the recorded minutes; reading outside it gives 0. */
export type Series = Float64Array;

export function at(series: Series, index: number): number {
  return series[index] ?? 0;
}
