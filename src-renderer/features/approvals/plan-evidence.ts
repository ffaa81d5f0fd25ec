import type { Citation } from '#shared/model/evidence.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import type { RemediationPlan } from '#shared/model/plan.ts';

/** The citations of the plan's hypothesis that point into evidence the plan names, each once. */
export function citationsOf(
  investigation: Pick<Investigation, 'hypotheses'>,
  plan: Pick<RemediationPlan, 'hypothesis' | 'evidence'>,
): readonly Citation[] {
  const hypothesis = investigation.hypotheses.find((each) => each.id === plan.hypothesis);
  const seen = new Set<string>();
  return (hypothesis?.for ?? [])
    .flatMap((claim) => claim.citations)
    .filter((citation) => {
      const place = `${citation.digest} ${citation.pointer} ${citation.from} ${citation.to}`;
      if (!plan.evidence.includes(citation.digest) || seen.has(place)) return false;
      seen.add(place);
      return true;
    });
}
