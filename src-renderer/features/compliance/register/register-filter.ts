import type { ControlRow } from '#shared/ipc/compliance-views.ts';
import type { ControlKind, ControlStatus, FrameworkId } from '#shared/model/control.ts';
import { holdsTyped } from '../parts/typed-words.ts';

export interface RegisterFilter {
  readonly kind?: ControlKind;
  readonly status?: ControlStatus;
  readonly framework?: FrameworkId;
  readonly text?: string;
}

/** The controls that fit everything asked for; words are looked for in ids, names, owners and criteria. */
export function filterControls(controls: readonly ControlRow[], filter: RegisterFilter): readonly ControlRow[] {
  const holds = holdsTyped(filter.text ?? '');
  return controls.filter((control) => {
    if (filter.kind !== undefined && control.kind !== filter.kind) return false;
    if (filter.status !== undefined && control.status !== filter.status) return false;
    if (filter.framework !== undefined && !control.criteria.some(({ framework }) => framework === filter.framework))
      return false;
    return holds(
      [control.id, control.name, control.owner?.name ?? '', ...control.criteria.map(({ id }) => id)].join(' '),
    );
  });
}

const ORDER: Readonly<Record<ControlStatus, number>> = { gap: 0, partial: 1, 'in-place': 2, 'not-applicable': 3 };

/** What asks for somebody comes first: gaps, then partial ones, then those with open exceptions; by id among equals. */
export function worstFirst(controls: readonly ControlRow[]): readonly ControlRow[] {
  return controls.toSorted(
    (a, b) =>
      ORDER[a.status] - ORDER[b.status] ||
      Number(b.exceptions.open > 0) - Number(a.exceptions.open > 0) ||
      a.id.localeCompare(b.id),
  );
}

/** How many controls apply, how many of them are not in place, and how many of those are organizational. */
export function countStatuses(controls: readonly Pick<ControlRow, 'status' | 'kind'>[]): {
  readonly applicable: number;
  readonly notInPlace: number;
  readonly organizational: number;
} {
  const lacking = controls.filter(({ status }) => status === 'gap' || status === 'partial');
  return {
    applicable: controls.filter(({ status }) => status !== 'not-applicable').length,
    notInPlace: lacking.length,
    organizational: lacking.filter(({ kind }) => kind === 'organizational').length,
  };
}
