import type { Claim, Finding } from '#shared/model/investigation.ts';
import type { Claim as ReasonedClaim } from './analysis/model.ts';
import type { Case } from './case.ts';

const MOST_CLAIM_CITATIONS = 16;

/** Findings of one agent with the ids they are shown under; those whose citations do not resolve are left out. */
export function toFindings(
  work: Pick<Case, 'book'>,
  agent: Finding['agent'],
  found: readonly { readonly service: string | null; readonly claim: ReasonedClaim }[],
): Finding[] {
  return found
    .filter(({ claim }) => claim.citations.every(work.book.resolves))
    .map(({ service, claim }, index) => ({ id: `${agent}-${index + 1}`, agent, service, claim: toClaim(claim) }));
}

function toClaim(claim: ReasonedClaim): Claim {
  return {
    kind: claim.kind,
    text: claim.text.slice(0, 1000),
    citations: claim.citations.slice(0, MOST_CLAIM_CITATIONS).map((citation) => ({ ...citation })),
  };
}
