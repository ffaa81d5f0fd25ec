import type { AnalysisInput, Change, LogLine, Series } from '#main/investigation/analysis/model.ts';
import type { MetricKind } from '#shared/model/service-map.ts';

export const START = Date.UTC(2026, 0, 15, 10, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Uniform in [0, 1), the same for the same seed. */
export function seededNoise(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface MakeSeries {
  readonly service: string;
  readonly kind: MetricKind;
  readonly name?: string;
  readonly unit?: string;
  readonly stat?: string;
  readonly usual: number;
  /** Half width of the uniform noise, relative. */
  readonly noise?: number;
  /** Added to the value at a time. */
  readonly add?: (time: number) => number;
  readonly hoursBefore?: number;
  readonly minutesAfter?: number;
  readonly step?: number;
  readonly seed?: number;
  /** Times left out. */
  readonly missing?: (time: number) => boolean;
}

const UNIT: Partial<Record<MetricKind, string>> = {
  latency: 'Milliseconds',
  errors: 'Count',
  requests: 'Count',
  availability: 'Percent',
  cpu: 'Percent',
  memory: 'Percent',
};

export function makeSeries(make: MakeSeries): Series {
  const { service, kind, usual, noise = 0.05, step = MINUTE, hoursBefore = 6, minutesAfter = 15 } = make;
  const key = `${service}.${make.name ?? kind}`;
  const seed = make.seed ?? [...key].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7);
  const next = seededNoise(seed);
  const times: number[] = [];
  const values: number[] = [];
  for (let time = START - hoursBefore * HOUR; time <= START + minutesAfter * MINUTE; time += step) {
    const value = usual * (1 + noise * (2 * next() - 1)) + (make.add?.(time) ?? 0);
    if (make.missing?.(time) === true) continue;
    times.push(time);
    values.push(kind === 'availability' ? Math.min(100, value) : value);
  }
  return {
    service,
    key,
    kind,
    unit: make.unit ?? UNIT[kind] ?? 'None',
    stat: make.stat ?? (kind === 'requests' || kind === 'errors' ? 'Sum' : 'Average'),
    times,
    values,
    source: [{ digest: 'a'.repeat(64), pointer: `/${key}`, firstRow: 0, count: values.length }],
  };
}

/** From `from` on, by default the start of the incident, `amount` more. */
export const stepUp =
  (amount: number, from = START) =>
  (time: number): number =>
    time >= from ? amount : 0;

export function makeInput(parts: {
  readonly services: readonly string[];
  readonly calls: readonly (readonly [string, string])[];
  readonly signal: { readonly service: string; readonly kind: MetricKind };
  readonly series: readonly Series[];
  readonly logs?: readonly LogLine[];
  readonly changes?: readonly Change[];
  readonly startedAt?: number;
}): AnalysisInput {
  return {
    map: {
      system: 'test',
      region: 'us-east-1',
      services: parts.services.map((name) => ({ name, metrics: [] })),
      calls: parts.calls.map(([caller, callee]) => [caller, callee]),
    },
    signal: {
      ...parts.signal,
      metricKey: `${parts.signal.service}.${parts.signal.kind}`,
      startedAt: parts.startedAt ?? START,
      observedUntil: START + 15 * MINUTE,
    },
    series: parts.series,
    logs: parts.logs ?? [],
    changes: parts.changes ?? [],
  };
}

export function makeChange(service: string, time: number, kind: Change['kind'] = 'deployment'): Change {
  const citation = { digest: 'c'.repeat(64), pointer: '/events', from: 0, to: 1 };
  return { service, time, kind, from: `${service}:1`, to: `${service}:2`, citation };
}

/** `perMinute` lines a minute from `from` to `to`. */
export function makeLogs(service: string, message: string, from: number, to: number, perMinute = 1): LogLine[] {
  const lines: LogLine[] = [];
  for (let time = from; time < to; time += MINUTE / perMinute)
    lines.push({ service, time, message, source: { digest: 'b'.repeat(64), pointer: '/results', row: lines.length } });
  return lines;
}
