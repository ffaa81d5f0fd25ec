import { CausewayError } from '#shared/errors.ts';
import type { EvidenceInfo } from '#shared/model/evidence.ts';
import type { ServiceMap } from '#shared/model/service-map.ts';
import { listMetrics, MetricDataAnswer } from './agents/metric-analyst.ts';
import type { Series, SourceSegment } from './analysis/model.ts';

interface StoredRun {
  readonly id: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
  readonly segment: SourceSegment;
}

/**
 * Reads one metric back out of an investigation's stored answers, which are all there is to a chart: what is drawn is
 * what was analysed. Where two answers overlap (a check after an action reads the time before it again) the later counts.
 */
export function createSeriesReader(open: (digest: string) => unknown) {
  const parsed = new Map<string, readonly StoredRun[]>();
  const runsOf = (digest: string): readonly StoredRun[] => {
    const known = parsed.get(digest);
    if (known !== undefined) return known;
    const runs = parseRuns(digest, open(digest));
    if (parsed.size >= MOST_KEPT) parsed.delete(parsed.keys().next().value ?? '');
    parsed.set(digest, runs);
    return runs;
  };
  return (map: ServiceMap, key: string, evidence: readonly EvidenceInfo[]): Series => {
    const wanted = listMetrics(map).find(({ ref }) => ref.key === key);
    if (wanted === undefined) throw new CausewayError('not-found', `The service map has no metric ${key}.`);
    const answers = evidence
      .filter(({ operation }) => operation === 'cloudwatch:GetMetricData')
      .sort((a, b) => (a.collectedAt < b.collectedAt ? -1 : a.collectedAt > b.collectedAt ? 1 : 0));
    const runs = answers.flatMap(({ digest }) => runsOf(digest).filter(({ id }) => id === wanted.id));
    const values = new Map<number, number>();
    for (const run of runs) for (const [i, time] of run.times.entries()) values.set(time, run.values[i] ?? Number.NaN);
    const times = [...values.keys()].sort((a, b) => a - b);
    const { ref, service } = wanted;
    return {
      service,
      key: ref.key,
      kind: ref.kind,
      unit: ref.unit,
      stat: ref.stat,
      times,
      values: times.map((time) => values.get(time) ?? Number.NaN),
      source: runs.map(({ segment }) => segment),
    };
  };
}

/** Answers of about two investigations. */
const MOST_KEPT = 64;

function parseRuns(digest: string, value: unknown): readonly StoredRun[] {
  const answer = MetricDataAnswer.safeParse(value);
  if (!answer.success) return [];
  return answer.data.MetricDataResults.flatMap((result, index) => {
    const count = Math.min(result.Timestamps.length, result.Values.length);
    if (count === 0) return [];
    return [
      {
        id: result.Id,
        times: result.Timestamps.slice(0, count).map((time) => Date.parse(time)),
        values: result.Values.slice(0, count),
        segment: { digest, pointer: `/MetricDataResults/${index}/Values`, firstRow: 0, count },
      },
    ];
  });
}
