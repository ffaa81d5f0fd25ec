import { FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import type { EvidenceLink } from '../framework.ts';

type Criteria = Partial<Readonly<Record<FrameworkId, readonly string[]>>>;

/** One reason, and the criteria it holds for: their ids by framework, parted by spaces. */
export function shows(why: string, criteria: Partial<Readonly<Record<FrameworkId, string>>>): readonly EvidenceLink[] {
  const ids: Criteria = Object.fromEntries(
    Object.entries(criteria).map(([framework, text]) => [framework, text.split(' ')]),
  );
  return FRAMEWORKS.flatMap((framework) => (ids[framework] ?? []).map((id): EvidenceLink => ({ framework, id, why })));
}
