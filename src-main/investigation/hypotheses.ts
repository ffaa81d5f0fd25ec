import type { Citation } from '#shared/model/evidence.ts';
import type { Claim, Hypothesis } from '#shared/model/investigation.ts';
import type { DetectorName, RankedService, Ranking, Claim as ReasonedClaim, Series } from './analysis/model.ts';

const MOST_SHOWN = 5;
/** Hypotheses below the threshold stay visible down to this part of it: competing causes are not hidden. */
const NEAR = 0.25;
const MOST_CLAIMS = 32;
const MOST_CITATIONS = 16;

const WHAT: Readonly<Record<DetectorName, string>> = {
  latency: 'answers slowly of its own accord',
  errors: 'fails requests of its own accord',
  resource: 'runs short of a resource',
  logs: 'logs other things than usual',
  silence: 'has gone silent',
  none: 'shows nothing unusual',
};

/**
 * Hypotheses for people, best first: the ranking's leading services in words made of names from the service map and of
 * numbers. A claim with a citation that does not resolve is left out.
 */
export function toHypotheses(
  ranking: Ranking,
  series: readonly Pick<Series, 'key' | 'service' | 'source'>[],
  resolves: (citation: Citation) => boolean,
): readonly Hypothesis[] {
  return ranking.ranked
    .filter((item) => item.score > 0 && item.confidence >= NEAR * ranking.threshold)
    .slice(0, MOST_SHOWN)
    .map((item, index) => ({
      id: `h${index + 1}`,
      rank: index + 1,
      service: item.service,
      title: titleOf(item),
      ...metricOf(item, series),
      detector: item.detector,
      confidence: toRatio(item.confidence),
      for: toClaims(item.reasons, resolves),
      against: toClaims([...item.against, ...withoutChanges(ranking, item, index)], resolves),
      change:
        item.change === undefined
          ? null
          : {
              kind: item.change.kind,
              time: new Date(item.change.time).toISOString(),
              from: item.change.from ?? null,
              to: item.change.to ?? null,
            },
      onsetAt: item.onsetAt === undefined ? null : new Date(item.onsetAt).toISOString(),
    }));
}

/** The metric its strongest reason is about, for its chart: the first of its own series that a reason cites. */
function metricOf(
  item: RankedService,
  series: readonly Pick<Series, 'key' | 'service' | 'source'>[],
): { readonly metric?: string } {
  const own = series.filter(({ service }) => service === item.service);
  for (const { digest, pointer } of item.reasons.flatMap((reason) => reason.citations)) {
    const cited = own.find(({ source }) => source.some((part) => part.digest === digest && part.pointer === pointer));
    if (cited !== undefined) return { metric: cited.key };
  }
  return {};
}

/** A number between 0 and 1 as the text records hold. */
export function toRatio(value: number): string {
  return Math.min(1, Math.max(0, value)).toFixed(4);
}

function titleOf(item: RankedService): string {
  const { change } = item;
  const what = `${item.service} ${WHAT[item.detector]}`;
  if (change === undefined) return what;
  switch (change.kind) {
    case 'deployment':
      return `${what} since the deployment${change.to === undefined ? '' : ` of ${change.to}`}`;
    case 'scaling':
      return `${what} after it was scaled`;
    case 'config':
      return `${what} after its configuration changed`;
    case 'task-stopped':
      return `${what} after tasks stopped`;
  }
}

/** Both rankings are kept: where the order rests on a change, that is said against the hypothesis. */
function withoutChanges(ranking: Ranking, item: RankedService, index: number): readonly ReasonedClaim[] {
  const place = ranking.rankedWithoutChanges.indexOf(item.service);
  if (place <= index) return [];
  return [
    {
      kind: 'rank-without-changes',
      text: `Without the change, telemetry alone puts ${item.service} in place ${place + 1} instead of ${index + 1}.`,
      citations: [],
    },
  ];
}

function toClaims(claims: readonly ReasonedClaim[], resolves: (citation: Citation) => boolean): Claim[] {
  return claims
    .filter((claim) => claim.citations.every(resolves))
    .slice(0, MOST_CLAIMS)
    .map((claim) => ({
      kind: claim.kind,
      text: claim.text.slice(0, 1000),
      citations: claim.citations.slice(0, MOST_CITATIONS).map((citation) => ({ ...citation })),
    }));
}

/** Digests cited by a hypothesis, each once, in order. */
export function citedDigests(hypothesis: Hypothesis): readonly string[] {
  const claims = [...hypothesis.for, ...hypothesis.against];
  return [...new Set(claims.flatMap((claim) => claim.citations.map(({ digest }) => digest)))].sort();
}
