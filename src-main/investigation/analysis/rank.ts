import { effectOfChanges } from './changes.ts';
import { claimChange } from './claims.ts';
import { confidences, THRESHOLD } from './confidence.ts';
import { collectEvidence } from './evidence.ts';
import { buildFrame } from './frame.ts';
import type { AnalysisInput, RankedService, Ranking } from './model.ts';
import { listNeeded } from './needed.ts';
import { roundTo } from './score.ts';

/** Changes with anything that can change a ranking, so that a recorded investigation says what it was made with. */
export const METHOD = { name: 'blame-flow', version: '1.0.0' } as const;

const byScore = (a: { readonly score: number; readonly service: string }, b: typeof a): number =>
  b.score - a.score || (a.service < b.service ? -1 : a.service > b.service ? 1 : 0);

/**
 * Ranks every service of the map by how likely it is the root cause of the signal. Pure and deterministic: the same
 * input gives the same bytes. Times are epoch ms. Never throws for missing data; what is missing stands in `needed`.
 */
export function rankCauses(input: AnalysisInput): Ranking {
  const frame = buildFrame(input);
  const found = collectEvidence(frame);
  const scored = found.map((item) => {
    const own = input.changes.filter((change) => change.service === item.service);
    const effect = effectOfChanges(own, input.signal, item.onsetAt, item.slack);
    return { item, effect, service: item.service, score: roundTo(item.evidence * effect.factor, 4) };
  });
  const ordered = [...scored].sort(byScore);
  const confidence = confidences(
    ordered.map(({ score }) => score),
    frame.signalEvidence,
  );
  const ranked = ordered.map(({ item, effect, score }, i): RankedService => {
    const began = item.onsetAt ?? input.signal.startedAt;
    const change = score > 0 ? effect.change : undefined;
    return {
      service: item.service,
      score,
      confidence: confidence[i] ?? 0,
      detector: item.detector,
      ...(item.onsetAt === undefined ? {} : { onsetAt: item.onsetAt }),
      reasons: change === undefined ? item.reasons : [...item.reasons, claimChange(change, began)],
      against: item.against,
      ...(change === undefined ? {} : { change }),
    };
  });
  const abstained = (ranked[0]?.confidence ?? 0) < THRESHOLD;
  return {
    method: METHOD,
    ranked,
    rankedWithoutChanges: found
      .map(({ service, evidence }) => ({ service, score: roundTo(evidence, 4) }))
      .sort(byScore)
      .map(({ service }) => service),
    abstained,
    threshold: THRESHOLD,
    needed: listNeeded(frame, ranked, abstained),
    considered: ranked.length,
  };
}
