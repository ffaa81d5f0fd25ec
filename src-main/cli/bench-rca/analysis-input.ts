import { createHash } from 'node:crypto';
import type { AnalysisInput, Change, LogLine, Series } from '#main/investigation/analysis/model.ts';
import type { Scenario } from '#main/sandbox/scenario/load-scenario.ts';

/** The recording itself is the evidence here: one digest per part, so that citations have their usual shape. */
function digestOf(scenario: Scenario, part: string): string {
  return createHash('sha256').update(`${scenario.id}\n${part}`).digest('hex');
}

function version(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function readSeries(scenario: Scenario, until: number): readonly Series[] {
  return scenario.map.services.flatMap((service) =>
    service.metrics.map((metric): Series => {
      const column = scenario.metrics.series.get(metric.key) ?? new Float64Array(0);
      const times: number[] = [];
      const values: number[] = [];
      scenario.metrics.times.forEach((time, row) => {
        const value = column[row] ?? Number.NaN;
        if (time > until || Number.isNaN(value)) return;
        times.push(time);
        values.push(value);
      });
      return {
        service: service.name,
        key: metric.key,
        kind: metric.kind,
        unit: metric.unit,
        stat: metric.stat,
        times,
        values,
        source: [{ digest: digestOf(scenario, metric.key), pointer: '', firstRow: 0, count: values.length }],
      };
    }),
  );
}

/** What the engine would know of a scenario `observeMs` after its start: never its truth, and nothing of the time after. */
export function toAnalysisInput(scenario: Scenario, observeMs: number): AnalysisInput {
  const startedAt = Date.parse(scenario.incident.startedAt);
  const until = Math.min(scenario.metrics.times.at(-1) ?? startedAt, startedAt + observeMs);
  const metric = scenario.map.services
    .flatMap((service) => service.metrics)
    .find((candidate) => candidate.key === scenario.incident.metric);
  const digest = { logs: digestOf(scenario, 'logs'), events: digestOf(scenario, 'events') };
  const logs: LogLine[] = [];
  scenario.logs.forEach(({ service, time, message }, row) => {
    if (time <= until) logs.push({ service, time, message, source: { digest: digest.logs, pointer: '', row } });
  });
  const changes: Change[] = [];
  scenario.events.forEach(({ service, time, kind, detail }, row) => {
    if (time > until) return;
    const from = version(detail.from);
    const to = version(detail.to);
    const citation = { digest: digest.events, pointer: '', from: row, to: row + 1 };
    changes.push({
      service,
      time,
      kind,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      citation,
    });
  });
  return {
    map: scenario.map,
    signal: {
      service: scenario.incident.service,
      metricKey: scenario.incident.metric,
      kind: metric?.kind ?? 'other',
      startedAt,
      observedUntil: until,
    },
    series: readSeries(scenario, until),
    logs,
    changes,
  };
}
