import type { Incident } from '#shared/model/incident.ts';
import type { ChartSeries, Investigation } from '#shared/model/investigation.ts';
import { usualBand } from './analysis/band.ts';
import type { Series } from './analysis/model.ts';

const MINUTE = 60_000;
const BEFORE = 6 * 60 * MINUTE;
/** Values from shortly before the incident belong to it rather than to what is usual. */
const GUARD = 30 * MINUTE;
const MOST_POINTS = 20_000;
const MOST_MARKS = 50;

/**
 * A metric as drawn: from six hours before the incident to its last value, one point a minute with gaps as null, the
 * usual range, and what happened when.
 */
export function buildChart(
  series: Series,
  name: string,
  incident: Incident,
  investigation: Investigation,
): ChartSeries {
  const startedAt = Date.parse(incident.startedAt);
  const from = startedAt - BEFORE;
  const until = series.times.at(-1) ?? startedAt;
  const byTime = new Map(series.times.map((time, index) => [time, series.values[index] ?? null]));
  const band = new Map(
    usualBand(series, { historyUntil: startedAt - GUARD, from, to: until }).map((point) => [point.time, point]),
  );
  const first = series.times.find((time) => time >= from) ?? until;
  const times: number[] = [];
  for (let time = first; time <= until && times.length < MOST_POINTS; time += MINUTE) times.push(time);
  return {
    service: series.service,
    metric: series.key,
    name,
    unit: series.unit,
    stat: series.stat,
    times,
    values: times.map((time) => byTime.get(time) ?? null),
    low: times.map((time) => finite(band.get(time)?.low)),
    high: times.map((time) => finite(band.get(time)?.high)),
    marks: marksOf(series, startedAt, investigation),
    evidence: [...new Set(series.source.map(({ digest }) => digest))].slice(0, 16),
  };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function marksOf(series: Series, startedAt: number, investigation: Investigation): ChartSeries['marks'] {
  const marks: ChartSeries['marks'] = [{ time: startedAt, kind: 'alarm', label: 'Incident began' }];
  for (const hypothesis of investigation.hypotheses) {
    const own = hypothesis.service === series.service;
    const leading = hypothesis.rank === 1 && !investigation.abstained;
    if (!own && !leading) continue;
    const { change, onsetAt } = hypothesis;
    if (change !== null) {
      const what = change.to === null ? change.kind : `${change.kind} of ${change.to}`;
      marks.push({
        time: Date.parse(change.time),
        kind: 'change',
        label: `${hypothesis.service}: ${what}`.slice(0, 200),
      });
    }
    if (own && onsetAt !== null) marks.push({ time: Date.parse(onsetAt), kind: 'onset', label: 'Became unusual' });
  }
  const { remediation } = investigation;
  if (remediation?.result != null) {
    const time = Date.parse(remediation.result.checkedAt) - remediation.plan.postCheck.waitMs;
    marks.push({ time, kind: 'action', label: remediation.plan.kind === 'rollback' ? 'Rolled back' : 'Restarted' });
  }
  return marks.sort((a, b) => a.time - b.time).slice(0, MOST_MARKS);
}
