import type { TrailQuery } from '#shared/ipc/views.ts';

/** A condition on the trail's columns; `index` answers it, newest first within one value. */
export interface TrailTerm {
  readonly sql: string;
  readonly values: readonly (string | number)[];
  readonly index: string | null;
  /** Whether the index gives all its rows newest first: one value, not a range of values. */
  readonly ordered: boolean;
}

/** A query's conditions, without its text; `null` when nothing can match. */
export interface TrailFilter {
  readonly terms: readonly TrailTerm[];
  /** Milliseconds, both included. */
  readonly time: { readonly from: number; readonly to: number } | null;
}

/** A range that ends there goes to the newest record (ECMA-262: the largest time value). */
export const LAST_TIME = 8.64e15;

/** @returns null for an action of another category: nothing matches */
export function filterOf(query: TrailQuery): TrailFilter | null {
  const { category, action, outcome, actor, target, incident, from, to } = query;
  if (category !== undefined && action !== undefined && !action.startsWith(`${category}.`)) return null;
  const terms: TrailTerm[] = [];
  const equal = (column: string, index: string, value: string | undefined, condition = '') => {
    if (value !== undefined) terms.push({ sql: `${condition}${column} = ?`, values: [value], index, ordered: true });
  };
  equal('incident', 'trail_by_incident', incident, 'incident IS NOT NULL AND ');
  equal('target_id', 'trail_by_target', target);
  equal('actor_id', 'trail_by_actor', actor);
  equal('action', 'trail_by_action', action);
  if (outcome === 'success') terms.push({ sql: "outcome = 'success'", values: [], index: null, ordered: false });
  else equal('outcome', 'trail_by_outcome', outcome, "outcome <> 'success' AND ");
  if (category !== undefined && action === undefined) {
    // '/' is the character after '.'
    const values = [`${category}.`, `${category}/`];
    terms.push({ sql: 'action >= ? AND action < ?', values, index: 'trail_by_action', ordered: false });
  }
  if (from === undefined && to === undefined) return { terms, time: null };
  const time = { from: from === undefined ? 0 : Date.parse(from), to: to === undefined ? LAST_TIME : Date.parse(to) };
  return { terms, time };
}

export function timeTerm({ from, to }: { readonly from: number; readonly to: number }): TrailTerm {
  return { sql: 'time >= ? AND time <= ?', values: [from, to], index: 'trail_by_time', ordered: false };
}
