import type { CriterionRow } from '#shared/ipc/compliance-views.ts';
import type { CriterionRef } from '#shared/model/control.ts';

export const keyOf = ({ framework, id }: CriterionRef): string => `${framework} ${id}`;

export interface CriteriaGroup {
  readonly group: string;
  readonly criteria: readonly CriterionRow[];
}

/** Criteria by their group, both in the order of the framework. */
export function groupCriteria(criteria: readonly CriterionRow[]): readonly CriteriaGroup[] {
  const groups = new Map<string, CriterionRow[]>();
  for (const criterion of criteria) {
    const known = groups.get(criterion.group);
    if (known === undefined) groups.set(criterion.group, [criterion]);
    else known.push(criterion);
  }
  return [...groups].map(([group, held]) => ({ group, criteria: held }));
}

export function toggleOne(chosen: readonly CriterionRef[], ref: CriterionRef, on: boolean): readonly CriterionRef[] {
  return toggleAll(chosen, [ref], on);
}

/** The choice with these criteria in it, each once, or without them. */
export function toggleAll(
  chosen: readonly CriterionRef[],
  refs: readonly CriterionRef[],
  on: boolean,
): readonly CriterionRef[] {
  const keys = new Set(refs.map(keyOf));
  const others = chosen.filter((ref) => !keys.has(keyOf(ref)));
  return on ? [...others, ...refs] : others;
}
