import type { Citation } from '#shared/model/evidence.ts';
import { formatCount } from '../../format/numbers.ts';

/** The places cited in one stored answer, at least one, in the order they were cited. */
export type CitationGroup = readonly [Citation, ...Citation[]];

/** Citations by the stored answer they point into; each place once, answers in the order they are first cited. */
export function groupCitations(citations: readonly Citation[]): readonly CitationGroup[] {
  const groups = new Map<string, CitationGroup>();
  for (const citation of citations) {
    const group = groups.get(citation.digest);
    if (group === undefined) groups.set(citation.digest, [citation]);
    else if (!group.some((known) => nameCitation(known) === nameCitation(citation))) {
      groups.set(citation.digest, [...group, citation]);
    }
  }
  return [...groups.values()];
}

/** "row 653", "rows 1 to 60": counted from 1, the last one included. */
export function wordRows({ from, to }: Pick<Citation, 'from' | 'to'>): string {
  return to === from + 1 ? `row ${formatCount(to)}` : `rows ${formatCount(from + 1)} to ${formatCount(to)}`;
}

/** The same for the same place only. */
export function nameCitation({ digest, pointer, from, to }: Citation): string {
  return `${digest} ${pointer} ${from} ${to}`;
}
