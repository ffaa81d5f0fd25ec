import type { CriterionRow } from '#shared/ipc/compliance-views.ts';
import { holdsTyped } from '../parts/typed-words.ts';

export interface CriteriaFilter {
  readonly state?: CriterionRow['state'];
  readonly text?: string;
}

/** Criteria that fit, in their groups; both in the order they came. */
export function groupCriteria(
  criteria: readonly CriterionRow[],
  { state, text = '' }: CriteriaFilter,
): readonly { readonly group: string; readonly rows: readonly CriterionRow[] }[] {
  const holds = holdsTyped(text);
  const groups = new Map<string, CriterionRow[]>();
  for (const row of criteria) {
    if (state !== undefined && row.state !== state) continue;
    if (!holds(`${row.id} ${row.name} ${row.explanation}`)) continue;
    const rows = groups.get(row.group);
    if (rows === undefined) groups.set(row.group, [row]);
    else rows.push(row);
  }
  return [...groups].map(([group, rows]) => ({ group, rows }));
}

/** Records that are evidence for a criterion, of all its actions. */
export function countRecords({ actions }: Pick<CriterionRow, 'actions'>): number {
  return actions.reduce((sum, { count }) => sum + count, 0);
}
